// What was found of an area, and what of it is accounted for.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { Mutant } from './mutants.js'
import type { Change } from './work.js'

/** A change that no test noticed. */
export interface Survivor {
  /** Of the file, the line and the change: stays the same while other lines move. */
  readonly id: string
  /** File and line. */
  readonly at: string
  readonly original: string
  readonly replacement: string
  /** Why it is left; null: not yet looked at. */
  readonly reason: string | null
}

export interface Outcome {
  readonly area: string
  readonly mutants: number
  readonly noticed: number
  readonly survivors: readonly Survivor[]
  /** Digest of each changed file's text, by its path. */
  readonly files: Readonly<Record<string, string>>
  /** Where only every so-many-th change was tried: that, and how many there are. */
  readonly every?: number
  readonly of?: number
}

export function outcomeOf(
  area: string,
  changes: readonly Change[],
  unnoticed: ReadonlySet<number>,
  reasons: Readonly<Record<string, string>>,
): Outcome {
  const survivors = changes.filter(({ id }) => unnoticed.has(id)).map((change) => survivorOf(change, reasons))
  const noticed = changes.length - survivors.length
  return { area, mutants: changes.length, noticed, survivors, files: digestsOf(changes) }
}

/** Digests of the files that changes are made to. */
function digestsOf(changes: readonly Change[]): Readonly<Record<string, string>> {
  const paths = [...new Set(changes.map(({ path }) => path))]
  return Object.fromEntries(paths.map((path) => [relative('', path), digestOf(readFileSync(path, 'utf8'))]))
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 10)
}

function survivorOf({ path, ...mutant }: Change, reasons: Readonly<Record<string, string>>): Survivor {
  const [file, text] = [relative('', path), readFileSync(path, 'utf8')]
  const { id, line } = identify(file, text, mutant)
  const { start, end, replacement } = mutant
  const original = text.slice(start, end)
  return { id, at: `${file}:${line}`, original, replacement, reason: reasons[id] ?? null }
}

/** A change's id, and its line from 1. */
export function identify(
  file: string,
  text: string,
  { start, end, replacement }: Mutant,
): { id: string; line: number } {
  const before = text.slice(0, start).split('\n')
  const column = before.at(-1)?.length ?? 0
  const line = text.split('\n')[before.length - 1] ?? ''
  const named = [file, line.trim(), column - line.search(/\S|$/), text.slice(start, end), replacement]
  return { id: digestOf(JSON.stringify(named)), line: before.length }
}

/** Noticed of all, from 0 to 1. */
export function score({ mutants, noticed }: Outcome): number {
  return mutants === 0 ? 1 : noticed / mutants
}
