// What was found of an area, and what of it is accounted for.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
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
export function digestsOf(changes: readonly Change[]): Readonly<Record<string, string>> {
  const paths = [...new Set(changes.map(({ path }) => path))]
  return Object.fromEntries(paths.map((path) => [relative('', path), short(readFileSync(path, 'utf8'))]))
}

/** Whether a change was noticed in the last round, of a file that is still the same. */
export function isKnown(
  change: Change,
  last: Pick<Outcome, 'files' | 'survivors'>,
  digests: Readonly<Record<string, string>>,
): boolean {
  const file = relative('', change.path)
  const { id } = survivorOf(change, {})
  return last.files[file] === digests[file] && !last.survivors.some((survivor) => survivor.id === id)
}

function short(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 10)
}

function survivorOf({ path, start, end, replacement }: Change, reasons: Readonly<Record<string, string>>): Survivor {
  const text = readFileSync(path, 'utf8')
  const before = text.slice(0, start).split('\n')
  const column = before.at(-1)?.length ?? 0
  const line = text.split('\n')[before.length - 1] ?? ''
  const original = text.slice(start, end)
  const file = relative('', path)
  const named = JSON.stringify([file, line.trim(), column - line.search(/\S|$/), original, replacement])
  const id = short(named)
  return { id, at: `${file}:${before.length}`, original, replacement, reason: reasons[id] ?? null }
}

/** Noticed of all, from 0 to 1. */
export function score({ mutants, noticed }: Outcome): number {
  return mutants === 0 ? 1 : noticed / mutants
}
