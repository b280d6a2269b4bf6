import { toPlainError } from '../../../core/errors.js'
import {
  type AttemptStart,
  attemptStart,
  type ClusterAttempt,
  clusterAttempts,
  curvePath,
  followAttempts,
  followRevoked,
  ledgerEntries,
  lockHolder,
  openTail,
  openTrial,
  readStudy,
  type StoredStudy,
  samplesPath,
  studyPath,
  type TrialPlace,
  tookMs,
  trialPath,
} from '../../../store/index.js'
import { stepsInAll, trainingLeftMs } from '../../analysis/running/progress.js'
import { selectedBy, taskOf, trainingLength } from '../../analysis/running/settings.js'
import { howShown } from '../../analysis/samples/frames.js'
import type { SamplesUpdate, StudyRow, TrialRow, TrialStatus } from '../types.js'
import { expectedEnd, type Running, roundedTime } from './ends.js'
import { isInside, newestMs, stampOf } from './files.js'
import { type FollowedRun, followRun } from './follow.js'
import { bestOf, devSoFar, recordRow } from './rows.js'
import { type FollowedSamples, followSamples } from './samples.js'

/** What is known of a published trial. */
interface Published {
  /** Of the files that it was read from. */
  readonly stamp: string
  readonly row: TrialRow
  readonly tookMs?: number
  readonly task?: { readonly type: string }
}

/** Runs, `<study>/<trial id>`, of which pages show curves or samples. */
export interface ShownRuns {
  readonly curves: ReadonlySet<string>
  readonly samples: ReadonlySet<string>
}

/** One study as it changes: its files are looked at again by `refresh`. */
export class WatchedStudy {
  /** Of its trials, in the order of its plan. */
  rows: readonly TrialRow[] = []
  private stored: StoredStudy
  private stamp = ''
  private isOpen = false
  private isStale = true
  private changedMs = 0
  private endMs: number | undefined
  private readonly ledger = openTail()
  private readonly running = new Map<string, number>()
  private onCluster: ReadonlyMap<string, ClusterAttempt> = new Map()
  /** Why trials that have not begun do not. */
  private readonly reasons = new Map<string, string>()
  private readonly published = new Map<string, Published>()
  private readonly runs = new Map<string, FollowedRun>()
  private readonly samples = new Map<string, FollowedSamples>()

  constructor(
    private readonly root: string,
    readonly name: string,
    readonly directory: string,
  ) {
    this.stored = { directory, trials: [] }
  }

  row(): StudyRow {
    const { name, rows, isOpen, endMs, changedMs, stored } = this
    return {
      ...{ name, trials: rows.length, counts: countsOf(rows), open: isOpen, changedMs },
      ...bestOf(rows),
      ...(endMs !== undefined && { endMs }),
      ...(stored.problem !== undefined && { problem: stored.problem.message }),
    }
  }

  /** Changes whenever its trials' results do. */
  get filesStamp(): string {
    return this.stamp
  }

  /** The folder of one of its trials that has a result. */
  publishedFolder(id: string): string | undefined {
    return this.published.has(id) ? this.placeOf(id)?.directory : undefined
  }

  /** What a trial had recorded when it was last read; undefined where it was not, or has recorded nothing. */
  run(id: string): FollowedRun | undefined {
    return this.runs.get(id)
  }

  /** Reads what a trial has recorded since; whether that is anything. Nothing is read of what is none of the study's trials. */
  readRun(id: string, version: number): boolean {
    if (this.placeOf(id) === undefined) return false
    const path = curvePath(this.directory, id)
    if (path === undefined || !isInside(this.root, path)) return false
    const run = this.runs.get(id) ?? followRun()
    this.runs.set(id, run)
    return run.read(path, version)
  }

  /** The task of a trial, which its loss is measured by. */
  taskOf(id: string): { readonly type: string } | undefined {
    const place = this.placeOf(id)
    return this.published.get(id)?.task ?? (place && taskOf(this.settingsOf(place)))
  }

  /** Reads what a trial's validations have given since for its examples; as `readRun`. */
  readSamples(id: string, version: number): boolean {
    const place = this.placeOf(id)
    const path = samplesPath(this.directory, id)
    if (place === undefined || path === undefined || !isInside(this.root, path)) return false
    const samples = this.samples.get(id) ?? followSamples()
    this.samples.set(id, samples)
    return samples.read(path, version, selectedBy(this.settingsOf(place)))
  }

  samplesSince(id: string, version: number): SamplesUpdate | undefined {
    const found = this.samples.get(id)?.since(version)
    if (found === undefined) return undefined
    const { examples, frames, recorded } = found
    const begun = examples && { ...howShown(this.knownSettings(id)), examples }
    return { run: `${this.name}/${id}`, frames, recorded, ...(begun && { begun }) }
  }

  /** Forgets the curves of trials that do not run and are not shown, and samples that are not. */
  forgetRuns({ curves, samples }: ShownRuns): void {
    for (const id of this.runs.keys()) {
      if (!curves.has(`${this.name}/${id}`) && !this.running.has(id)) this.runs.delete(id)
    }
    for (const id of this.samples.keys()) if (!samples.has(`${this.name}/${id}`)) this.samples.delete(id)
  }

  /** Looks at its files; `settle` then makes its rows of them. */
  async load(): Promise<void> {
    const stamp = [studyPath(this.directory, 'study'), studyPath(this.directory, 'ledger'), this.directory]
      .map(stampOf)
      .join(' ')
    const isChanged = stamp !== this.stamp
    this.isStale = isChanged || this.isOpen
    if (this.isStale) {
      this.onCluster = clusterAttempts(this.directory)
      this.isOpen = this.onCluster.size > 0 || lockHolder(this.directory) !== undefined
    }
    this.stamp = stamp
    if (isChanged) await this.read()
  }

  settle(version: number): void {
    if (!this.isStale) return
    this.rows = this.stored.trials.map(
      (place) => this.published.get(place.id)?.row ?? this.unfinishedRow(place, version),
    )
    this.endMs = this.studyEndMs()
  }

  private async read(): Promise<void> {
    const files = [studyPath(this.directory, 'study'), studyPath(this.directory, 'ledger')]
    this.changedMs = newestMs(files)
    const { lines, restarted } = this.ledger.read(studyPath(this.directory, 'ledger'))
    if (restarted) for (const known of [this.running, this.reasons]) known.clear()
    const entries = ledgerEntries(lines)
    followAttempts(this.running, entries)
    followRevoked(this.reasons, entries)
    const stored = readStudy(this.directory)
    const isOurs = ({ state, directory }: TrialPlace) => state === 'waiting' || isInside(this.root, directory)
    this.stored = { ...stored, trials: stored.trials.filter(isOurs) }
    for (const place of this.stored.trials) await this.readTrial(place)
  }

  private async readTrial(place: TrialPlace): Promise<void> {
    if (place.state !== 'published') return void this.published.delete(place.id)
    const stamp = stampOf(trialPath(place.directory, 'manifest'))
    if (this.published.get(place.id)?.stamp === stamp) return
    this.published.set(place.id, { stamp, ...(await this.publishedTrial(place)) })
  }

  private async publishedTrial({ id, directory, planned }: TrialPlace): Promise<Omit<Published, 'stamp'>> {
    const study = this.name
    try {
      const { record } = await openTrial(directory)
      return { row: recordRow(study, id, record), task: record.spec.task, tookMs: tookMs(record) }
    } catch (error) {
      const known = { study, id, label: planned?.label ?? id, ...(planned && { seed: planned.seed }) }
      return { row: { ...known, status: 'damaged', reason: toPlainError(error).message, hasReport: false } }
    }
  }

  private unfinishedRow(place: TrialPlace, version: number): TrialRow {
    const { id, planned, state } = place
    const status = this.statusOf(place)
    const settings = this.settingsOf(place)
    const length = trainingLength(settings)
    const known = { study: this.name, id, label: planned?.label ?? id, ...(planned && { seed: planned.seed }), status }
    const none = { ...known, ...(length.steps !== undefined && { steps: length.steps }), hasReport: false }
    if (state === 'lost') return { ...none, reason: `${trialPath(id, 'manifest')} is missing` }
    const reason = status === 'waiting' ? this.reasons.get(id) : undefined
    if (reason !== undefined) return { ...none, reason }
    if (status !== 'waiting') this.readRun(id, version)
    const run = this.run(id)
    if (run === undefined) return none
    const total = stepsInAll(length, run.history)
    const end = status === 'running' ? this.trainingEndMs(id, run, total) : undefined
    return {
      ...none,
      step: run.history.step,
      ...(total !== undefined && { steps: total }),
      ...devSoFar(selectedBy(settings), run.history),
      ...(end !== undefined && { endMs: roundedTime(end) }),
    }
  }

  private statusOf({ id, state, begun }: TrialPlace): TrialStatus {
    if (state === 'lost') return 'damaged'
    const onCluster = this.onCluster.get(id)
    if (onCluster !== undefined) return onCluster.state
    if (this.isOpen && this.running.has(id)) return 'running'
    return begun ? 'interrupted' : 'waiting'
  }

  /** At the pace since it was first seen here, where that is a while ago, else since its attempt began. */
  private trainingEndMs(id: string, { first, last }: FollowedRun, total: number | undefined): number | undefined {
    if (first === undefined || last === undefined) return undefined
    const from = last.ms - first.ms > observedMs ? first : (this.startOf(id) ?? first)
    const left = trainingLeftMs(total, from, last)
    return left === undefined ? undefined : last.ms + left
  }

  private studyEndMs(): number | undefined {
    if (!this.isOpen) return undefined
    const running = this.rows.filter(({ status }) => status === 'running').map((row) => this.runningTimes(row))
    const waiting = this.rows.filter(({ status }) => status === 'waiting' || status === 'interrupted').length
    const took = [...this.published.values()].flatMap(({ tookMs = 0 }) => (tookMs > 0 ? [tookMs] : []))
    const end = expectedEnd({ running, waiting, took }, Date.now())
    return end === undefined ? undefined : roundedTime(end)
  }

  /** A trial that was resumed is taken to have begun as long ago as its earlier steps take at its attempt's pace. */
  private runningTimes({ id, steps, endMs }: TrialRow): Running {
    const start = this.startOf(id)
    if (start === undefined || endMs === undefined || steps === undefined || steps <= start.step)
      return { endMs, begunMs: start?.ms }
    return { endMs, begunMs: endMs - ((endMs - start.ms) * steps) / (steps - start.step) }
  }

  private startOf(id: string): AttemptStart | undefined {
    return attemptStart(this.directory, id, this.running.get(id) ?? 1)
  }

  private placeOf(id: string): TrialPlace | undefined {
    return this.stored.trials.find((place) => place.id === id)
  }

  /** Of a trial that is in no plan its task alone. */
  private knownSettings(id: string): Readonly<Record<string, unknown>> {
    const place = this.placeOf(id)
    return (place && this.settingsOf(place)) ?? { task: this.taskOf(id) }
  }

  private settingsOf({ planned }: TrialPlace): Readonly<Record<string, unknown>> | undefined {
    return planned && this.stored.file?.settings[planned.settings]
  }
}

/** Shorter times say little about the pace. */
const observedMs = 15_000

function countsOf(rows: readonly TrialRow[]): StudyRow['counts'] {
  const counts: Partial<Record<TrialStatus, number>> = {}
  for (const { status } of rows) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
