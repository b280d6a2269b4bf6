// What earlier rounds left in test/mutation/: a record for each area, and reasons by hand.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Outcome } from './report.js'

export interface AreaRecord extends Outcome {
  /** Of the last round: year, month and day. */
  readonly date: string
  /** Noticed of all, from 0 to 1. */
  readonly score: number
}

function recordPath(area: string): string {
  return `test/mutation/${area}.json`
}

/** The last round's record. */
export function lastRecord(area: string): AreaRecord | undefined {
  return read(recordPath(area))
}

export function writeRecord({ area, date, score, mutants, noticed, every, of, survivors, files }: AreaRecord): void {
  const contents = { area, date, score, mutants, noticed, every, of, survivors, files }
  writeFileSync(recordPath(area), `${JSON.stringify(contents, null, 1)}\n`)
}

/** Why some survivors are left, by their ids. */
export function reasonsOf(area: string): Readonly<Record<string, string>> {
  return read(`test/mutation/reasons/${area}.json`) ?? {}
}

/** The record with the reasons that are given by now. */
export function withReasons(record: AreaRecord): AreaRecord {
  const reasons = reasonsOf(record.area)
  return { ...record, survivors: record.survivors.map((each) => ({ ...each, reason: reasons[each.id] ?? null })) }
}

function read(path: string) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}
