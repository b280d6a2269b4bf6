import { closeSync, fdatasyncSync, ftruncateSync, openSync } from 'node:fs'
import Type, { type Static } from 'typebox'
import { list, matches } from '../../core/checked-json.js'
import { readFileIfPresent, systemErrorCode, writeFully } from '../../core/files.js'
import { sha256 } from '../../core/hash.js'
import { jsonLine, parseJson } from '../../core/json.js'
import { studyPath } from '../layout.js'

const text = Type.String()
const number = Type.Number()
const kind = <const Kind extends string>(name: Kind) => Type.Literal(name)

const ledgerEntrySchema = Type.Union([
  /** A coordinator took the directory. */
  Type.Object({
    kind: kind('opened'),
    pid: number,
    host: text,
    /** Processor, cores, memory and system, for people. */
    machine: text,
    command: text,
    /** The folder that the command was given in. */
    cwd: text,
  }),
  /** Another plan, data or code was continued here by force. */
  Type.Object({ kind: kind('forced'), changes: list(text) }),
  /** Claims that stand in the study from here on, by the SHA-256 of each. */
  Type.Object({ kind: kind('claims'), digests: list(text) }),
  /** `queue`: of an attempt that is in a queue elsewhere, whether a worker has it; it outlives who put it there. */
  Type.Object({
    kind: kind('started'),
    trialId: text,
    attempt: number,
    queue: Type.Optional(Type.Union([kind('waits'), kind('begun')])),
  }),
  /** This attempt will never be published, whatever becomes of it. */
  Type.Object({ kind: kind('revoked'), trialId: text, attempt: number, reason: text }),
  /** This attempt is the trial's result; `manifest` is the sha-256 of its manifest. */
  Type.Object({ kind: kind('publish'), trialId: text, attempt: number, manifest: text }),
  /** This attempt's evaluations (their ids) are the trained model's. */
  Type.Object({ kind: kind('evaluated'), trialId: text, attempt: number, evaluations: list(text) }),
  /** The result so far is void: damaged, or to be computed again. */
  Type.Object({ kind: kind('discarded'), trialId: text, reason: text }),
  /** One of its later evaluations is void. */
  Type.Object({ kind: kind('evaluation-discarded'), trialId: text, evaluation: text, reason: text }),
])

/** What happened in a study, in order; a line is on disk before anything is done about it. */
export type LedgerEntry = Readonly<Static<typeof ledgerEntrySchema>>
type OpenedEntry = Extract<LedgerEntry, { kind: 'opened' }>

interface LedgerContents {
  readonly entries: readonly LedgerEntry[]
  /** Damaged lines, named by their number; a torn last line is what a crash leaves and is named as that. */
  readonly problems: readonly string[]
  /** Bytes up to the end of the last whole line. */
  readonly wholeBytes: number
}

/** Reads what can be read: every line has its own checksum. */
export function parseLedger(bytes: Buffer, file: string): LedgerContents {
  const wholeBytes = bytes.lastIndexOf(10) + 1
  const lines = bytes.toString('utf8', 0, wholeBytes).split('\n').slice(0, -1)
  const entries: LedgerEntry[] = []
  const problems: string[] = []
  lines.forEach((line, index) => {
    const entry = parseLine(line)
    if (typeof entry === 'string') problems.push(`${file}:${index + 1} ${entry}`)
    else entries.push(entry)
  })
  if (wholeBytes < bytes.length) problems.push(`${file}:${lines.length + 1} is torn: a run ended while writing it`)
  return { entries, problems, wholeBytes }
}

/** The entries of lines of a ledger that are whole. */
export function ledgerEntries(lines: readonly string[]): LedgerEntry[] {
  return lines.map(parseLine).filter((entry) => typeof entry !== 'string')
}

/** A study's ledger; empty where there is none. */
export function readLedger(studyDirectory: string): LedgerContents {
  const path = studyPath(studyDirectory, 'ledger')
  return parseLedger(readFileIfPresent(path) ?? Buffer.alloc(0), path)
}

/** Who last worked on a study, where and how; undefined where its ledger does not record it or cannot be read. */
export function lastOpened(studyDirectory: string): OpenedEntry | undefined {
  const entries = readableEntries(studyDirectory)
  // Who found nothing to do changed nothing, and is followed by the next one.
  const atWork = entries.findLastIndex(({ kind }) => kind !== 'opened')
  return entries.slice(0, atWork + 1).findLast(isOpened) ?? entries.findLast(isOpened)
}

/** Who published a trial's result; undefined as `lastOpened`. */
export function openedFor(studyDirectory: string, trialId: string): OpenedEntry | undefined {
  const entries = readableEntries(studyDirectory)
  const published = entries.findLastIndex((entry) => entry.kind === 'publish' && entry.trialId === trialId)
  return entries.slice(0, published + 1).findLast(isOpened)
}

function isOpened(entry: LedgerEntry): entry is OpenedEntry {
  return entry.kind === 'opened'
}

/** None where the ledger cannot be read. */
export function readableEntries(studyDirectory: string): readonly LedgerEntry[] {
  try {
    return readLedger(studyDirectory).entries
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error
    return []
  }
}

/** One trial according to the ledger: its last attempt's number, and the publication that is still valid. */
export interface TrialHistory {
  readonly lastAttempt: number
  /** The last attempt, where nothing says that it ended: it runs, was handed over to a cluster, or was lost with its coordinator. */
  readonly unfinished?: number
  readonly decided?: Extract<LedgerEntry, { kind: 'publish' }>
}

export function historyByTrial(entries: readonly LedgerEntry[]): ReadonlyMap<string, TrialHistory> {
  const trials = new Map<string, TrialHistory>()
  for (const entry of entries) {
    if (!('trialId' in entry)) continue
    const before = trials.get(entry.trialId) ?? { lastAttempt: 0 }
    const lastAttempt = 'attempt' in entry ? Math.max(before.lastAttempt, entry.attempt) : before.lastAttempt
    const decided = entry.kind === 'publish' ? entry : entry.kind === 'discarded' ? undefined : before.decided
    const unfinished = unfinishedAfter(entry, before)
    trials.set(entry.trialId, {
      lastAttempt,
      ...(unfinished !== undefined && { unfinished }),
      ...(decided !== undefined && { decided }),
    })
  }
  return trials
}

function unfinishedAfter(entry: LedgerEntry, { unfinished }: TrialHistory): number | undefined {
  if (entry.kind === 'started') return entry.attempt
  if (entry.kind === 'publish' || entry.kind === 'discarded') return undefined
  return 'attempt' in entry && entry.attempt === unfinished ? undefined : unfinished
}

/** Attempts that nothing says the end of, by trial; none where the ledger cannot be read. */
export function unfinishedAttempts(studyDirectory: string): ReadonlyMap<string, number> {
  const trials = [...historyByTrial(readableEntries(studyDirectory))]
  return new Map(trials.flatMap(([id, { unfinished }]) => (unfinished === undefined ? [] : [[id, unfinished]])))
}

export interface Ledger {
  /** Returns once the line is on the disk. */
  append(entry: LedgerEntry): void
  close(): void
}

/** Opens for appending, and cuts a torn tail off so that the next line is whole. */
export function openLedger(studyDirectory: string, contents: LedgerContents): Ledger {
  const file = openSync(studyPath(studyDirectory, 'ledger'), 'a')
  ftruncateSync(file, contents.wholeBytes)
  let wholeBytes = contents.wholeBytes
  return {
    append: (entry) => {
      const line = Buffer.from(formatLine(entry))
      try {
        writeFully(file, line)
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

/** The entry, or what is wrong with the line. */
function parseLine(line: string): LedgerEntry | string {
  const json = line.slice(checksumLength + 1)
  if (line !== `${checksum(json)} ${json}`) return 'is damaged: its checksum does not match'
  const entry = parseJson(json)
  return matches(ledgerEntrySchema, entry) ? entry : 'has an entry that this version of seqlab does not know'
}

const checksumLength = 16

function checksum(json: string): string {
  return sha256(json).slice(0, checksumLength)
}
