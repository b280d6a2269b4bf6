import type { DataOptions } from './options.js'

/** As in `data` of a spec, whatever else is in it. */
interface Named {
  readonly source: Readonly<Record<string, unknown>>
  readonly vectors?: object | undefined
}

/** Options of sources that name files. */
const fileOptions = new Set(['file', 'files', 'path', 'train', 'dev', 'test'])

/** The files of examples and of word vectors, by the names that options have for them: paths, patterns, folders. */
export function namedFiles({ source, vectors = {} }: Named): string[] {
  return [...filesOfSource(source), ...textsIn(vectors)]
}

/** The sets of `inline` are examples, not files. */
function filesOfSource(source: Named['source']): string[] {
  if (source.type === 'inline') return []
  return Object.entries(source).flatMap(([option, value]) => (fileOptions.has(option) ? textsIn(value) : []))
}

/** The files that tokenizers are read from. */
export function tokenizerFiles({ sourceTokens, targetTokens }: DataOptions): string[] {
  return [sourceTokens, targetTokens].flatMap((choice) =>
    choice !== undefined && 'path' in choice ? textsIn(choice.path) : [],
  )
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
