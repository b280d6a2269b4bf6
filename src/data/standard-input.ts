import type { DataOptions } from './options.js'

type SourceOptions = DataOptions['source']

/** Options of sources that name files: one, a list, or those of two sides. */
const fileOptions = ['file', 'files', 'train', 'dev', 'test'] as const

/** Where a source's options name standard input, by option (`train`, `files.source`); sources with examples of their own have none. */
export function standardInputsOf(source: SourceOptions): readonly string[] {
  if (source.type === 'inline') return []
  return Object.entries(source).flatMap(([option, value]) =>
    isFileOption(option) ? namesIn(value).map((inner) => [option, ...inner].join('.')) : [],
  )
}

/** The same options with a file in its place. */
export function withStandardInputAt(source: SourceOptions, path: string): SourceOptions {
  return renamed(source, (written) => (written === '-' ? path : written))
}

/** The options as they were written, where a file that keeps standard input is in its place. */
export function withStandardInputNamed(source: SourceOptions, isKept: (path: string) => boolean): SourceOptions {
  return renamed(source, (path) => (isKept(path) ? '-' : path))
}

function renamed(source: SourceOptions, name: (path: string) => string): SourceOptions {
  const replaced = Object.entries(source).map(([option, value]) => [
    option,
    isFileOption(option) ? inPlace(value, name) : value,
  ])
  // Only texts were changed.
  return Object.fromEntries(replaced) as SourceOptions
}

function isFileOption(option: string): boolean {
  return fileOptions.some((name) => name === option)
}

function namesIn(value: unknown): string[][] {
  if (value === '-') return [[]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => namesIn(inner).map((path) => [key, ...path]))
}

function inPlace(value: unknown, name: (path: string) => string): unknown {
  if (typeof value === 'string') return name(value)
  if (Array.isArray(value)) return value.map((each) => inPlace(each, name))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inPlace(inner, name)]))
}
