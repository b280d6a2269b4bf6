import { createHash } from 'node:crypto'
import { closeSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { jsonLine } from './files.js'

export const ledgerName = 'ledger.jsonl'

/** What happened in a study, in order; a line stands on the disk before anything is done about it. */
export type LedgerEntry =
  /** A coordinator took the directory. */
  | {
      readonly kind: 'opened'
      readonly pid: number
      readonly host: string
      /** Processor, cores, memory and system, for people. */
      readonly machine: string
      readonly command: string
      /** The folder that the command was given in; absent in older ones. */
      readonly cwd?: string
    }
  /** Another plan, data or code went on here by force. */
  | { readonly kind: 'forced'; readonly changes: readonly string[] }
  | { readonly kind: 'started'; readonly trialId: string; readonly attempt: number }
  /** This attempt will never be published, whatever becomes of it. */
  | { readonly kind: 'revoked'; readonly trialId: string; readonly attempt: number; readonly reason: string }
  /** This attempt is the trial's result; `manifest` is the sha-256 of its manifest. */
  | { readonly kind: 'publish'; readonly trialId: string; readonly attempt: number; readonly manifest: string }
  /** The result so far is void: damaged, or to be made afresh. */
  | { readonly kind: 'discarded'; readonly trialId: string; readonly reason: string }

export interface LedgerContents {
  readonly entries: readonly LedgerEntry[]
  /** Damaged lines, named by their number; a torn last line is what a crash leaves and is named as that. */
  readonly problems: readonly string[]
  /** Bytes up to the end of the last whole line. */
  readonly wholeBytes: number
}

/** Reads what can be read: every line stands for itself, with its own checksum. */
export function parseLedger(bytes: Buffer, file: string): LedgerContents {
  const wholeBytes = bytes.lastIndexOf(10) + 1
  const lines = bytes.toString('utf8', 0, wholeBytes).split('\n').slice(0, -1)
  const entries: LedgerEntry[] = []
  const problems: string[] = []
  lines.forEach((line, index) => {
    const entry = parseLine(line)
    if (entry === undefined) problems.push(`${file}:${index + 1} is damaged: its checksum does not match`)
    else entries.push(entry)
  })
  if (wholeBytes < bytes.length) problems.push(`${file}:${lines.length + 1} is torn: a run ended while writing it`)
  return { entries, problems, wholeBytes }
}

export function readLedger(path: string): LedgerContents {
  try {
    return parseLedger(readFileSync(path), path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { entries: [], problems: [], wholeBytes: 0 }
    throw error
  }
}

/** What a ledger tells of one trial: its last attempt's number, and the publication that still stands. */
export interface TrialHistory {
  readonly lastAttempt: number
  readonly decided?: Extract<LedgerEntry, { kind: 'publish' }>
}

export function historyByTrial(entries: readonly LedgerEntry[]): ReadonlyMap<string, TrialHistory> {
  const trials = new Map<string, TrialHistory>()
  for (const entry of entries) {
    if (!('trialId' in entry)) continue
    const before = trials.get(entry.trialId) ?? { lastAttempt: 0 }
    const lastAttempt = 'attempt' in entry ? Math.max(before.lastAttempt, entry.attempt) : before.lastAttempt
    if (entry.kind === 'publish') trials.set(entry.trialId, { lastAttempt, decided: entry })
    else if (entry.kind === 'discarded') trials.set(entry.trialId, { lastAttempt })
    else trials.set(entry.trialId, { ...before, lastAttempt })
  }
  return trials
}

export interface Ledger {
  /** Returns once the line is on the disk. */
  append(entry: LedgerEntry): void
  close(): void
}

/** Opens for appending, and cuts a torn tail off so that the next line stands alone. */
export function openLedger(path: string, contents: LedgerContents): Ledger {
  const file = openSync(path, 'a')
  ftruncateSync(file, contents.wholeBytes)
  let wholeBytes = contents.wholeBytes
  return {
    append: (entry) => {
      const line = Buffer.from(formatLine(entry))
      try {
        for (let written = 0; written < line.length; ) written += writeSync(file, line, written)
        fdatasyncSync(file)
      } catch (error) {
        ftruncateSync(file, wholeBytes)
        throw error
      }
      wholeBytes += line.length
    },
    close: () => closeSync(file),
  }
}

export function formatLine(entry: LedgerEntry): string {
  const json = jsonLine(entry)
  return `${checksum(json)} ${json}\n`
}

function parseLine(line: string): LedgerEntry | undefined {
  const json = line.slice(checksumLength + 1)
  return line === `${checksum(json)} ${json}` ? (JSON.parse(json) as LedgerEntry) : undefined
}

const checksumLength = 16

function checksum(json: string): string {
  return createHash('sha256').update(json).digest('hex').slice(0, checksumLength)
}
