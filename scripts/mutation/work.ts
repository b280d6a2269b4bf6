import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Bundled } from './bundle.js'
import { type Mutant, mutantsOf } from './mutants.js'

/** A change to a file, with its number among all of the area. */
export interface Change extends Mutant {
  readonly id: number
  readonly path: string
}

/** What a process of changes is given. */
export interface Work {
  readonly tests: readonly string[]
  readonly bundled: Bundled
  /** Whether only the tests that are named after the changed file are run, where there are such. */
  readonly ownFirst: boolean
  readonly changes: readonly Change[]
  /** Whether the tests are run unchanged after every change, not only after the last of a file. */
  readonly checkEach: boolean
}

/** What a process says before it tries a change. */
export const ready = 'ready'

/** What it says when the tests still pass without any change: its answers so far hold. */
export const sound = 'sound'

/** What it answers of each, in order. */
export interface Answer {
  readonly id: number
  readonly noticed: boolean
}

/** Exit codes of a process of changes; failing tests make Vitest's 1. */
export const exits = {
  /** The tests fail without any change, and none was tried before. */
  notRun: 3,
  /** They fail without any change after some were tried: a change has left something. */
  stained: 4,
  /** All is answered so far, and another process has to go on: the thread of the tests has ended, or much memory is taken. */
  spent: 5,
} as const

/** Every change to some files. */
export function changesOf(files: readonly string[]): readonly Change[] {
  const all = files.flatMap((file) => {
    const path = resolve(file)
    return mutantsOf(readFileSync(path, 'utf8')).map((mutant) => ({ ...mutant, path }))
  })
  return all.map((mutant, id) => ({ ...mutant, id }))
}

/** The file's text with the change. */
export function mutated({ path, start, end, replacement }: Change): string {
  const text = readFileSync(path, 'utf8')
  return text.slice(0, start) + replacement + text.slice(end)
}
