// The answers of a run as they come, so that one that was stopped can go on.
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { digestOf } from './report.js'
import type { Answer, Change } from './work.js'

export interface Journal {
  /** Whether a change was noticed in a stage; undefined: not tried yet, or in a text that has changed since. */
  readonly answerOf: (stage: string, change: Change) => boolean | undefined
  readonly append: (stage: string, answer: Answer) => void
  /** Forgets all: what it says stands in a record. */
  readonly remove: () => void
}

/** The journal of an area's changes in a folder; begun anew unless `goesOn`. */
export function openJournal(folder: string, area: string, changes: readonly Change[], goesOn: boolean): Journal {
  const path = join(folder, `${area}.jsonl`)
  if (!goesOn) rmSync(path, { force: true })
  mkdirSync(dirname(path), { recursive: true })
  // The last line of a run that was killed may be torn.
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : []
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''))
  const known = answersIn(lines)
  const keys = keysOf(changes)
  const keyOf = (id: number) => keys.get(id) ?? ''
  return {
    answerOf: (stage, { id }) => known.get(`${stage} ${keyOf(id)}`),
    append: (stage, { id, noticed }) =>
      appendFileSync(path, `${JSON.stringify({ stage, change: keyOf(id), noticed })}\n`),
    remove: () => rmSync(path, { force: true }),
  }
}

/** By stage and key. */
function answersIn(lines: readonly string[]): ReadonlyMap<string, boolean> {
  return new Map(
    lines.map((line) => {
      const { stage, change, noticed } = JSON.parse(line)
      return [`${stage} ${change}`, noticed]
    }),
  )
}

/** Of a change: its file's text and its place there. */
function keysOf(changes: readonly Change[]): ReadonlyMap<number, string> {
  const texts = new Map<string, string>()
  return new Map(
    changes.map(({ id, path, start, end, replacement }) => {
      const text = texts.get(path) ?? digestOf(readFileSync(path, 'utf8'))
      texts.set(path, text)
      return [id, digestOf(JSON.stringify([relative('', path), text, start, end, replacement]))]
    }),
  )
}
