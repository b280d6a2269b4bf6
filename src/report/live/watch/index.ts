import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { foldersIn, isStudyFolder, isTrialFolder } from '../../../store/index.js'
import type { Query, SamplesUpdate, StudyRow, TrialRow, Update } from '../types.js'
import { type Versioned, versioned } from '../versioned.js'
import { curveUpdates } from './curves.js'
import { isInside } from './files.js'
import { type ShownRuns, WatchedStudy } from './study.js'

/** A folder of runs as it changes: every change has a version, so that a page is told what it does not know yet. */
export class Watch {
  /** Tells this server from an earlier one, whose versions mean nothing here. */
  private readonly server = randomBytes(4).toString('hex')
  private version = 0
  private namesVersion = 0
  private readonly studies = new Map<string, WatchedStudy>()
  private readonly studyRows: Versioned<StudyRow> = versioned()
  private readonly trialRows: Versioned<TrialRow> = versioned()
  private readonly orders: Versioned<{ readonly study: string; readonly ids: readonly string[] }> = versioned()
  private refreshing: Promise<void> | undefined

  /** `only`: the one study that is shown. */
  constructor(
    readonly root: string,
    private readonly only?: string,
  ) {}

  /** Looks at all files again; those who ask at the same time wait for the same look. */
  refresh(): Promise<void> {
    this.refreshing ??= this.look().finally(() => {
      this.refreshing = undefined
    })
    return this.refreshing
  }

  /** A study that is there, by its name. */
  study(name: string): WatchedStudy | undefined {
    return this.studies.get(name)
  }

  /** The id of an update that would have nothing before it. */
  get id(): string {
    return `${this.server}-${this.version}`
  }

  /** What is new since the update with an id, of what a page shows; `undefined` where that is nothing. */
  update(query: Query, since?: string): Update | undefined {
    this.readRuns(query)
    const known = this.versionOf(since)
    const from = known ?? -1
    const isOfStudy = (study: string) => query.study === '*' || query.study === study
    const studies = this.studyRows.since(from).filter(({ name }) => query.studies || isOfStudy(name))
    const trials = this.trialRows.since(from).filter(({ study }) => isOfStudy(study))
    const orders = this.orders.since(from).filter(({ study }) => isOfStudy(study))
    const curves = query.runs.flatMap((run) => this.curvesOf(run, query.fresh.includes(run) ? -1 : from))
    const samples = query.samples === undefined ? undefined : this.samplesOf(query.samples, from)
    const names = this.namesVersion > from ? [...this.studies.keys()] : undefined
    const isNew = studies.length + trials.length + orders.length + curves.length > 0 || (names ?? samples) !== undefined
    if (!isNew && known !== undefined) return undefined
    return {
      ...{ id: this.id, nowMs: Date.now(), whole: known === undefined },
      ...(names && { names }),
      ...(studies.length > 0 && { studies }),
      ...(orders.length > 0 && { order: Object.fromEntries(orders.map(({ study, ids }) => [study, ids])) }),
      ...(trials.length > 0 && { trials }),
      ...(curves.length > 0 && { curves }),
      ...(samples && { samples }),
    }
  }

  /** Forgets what no page shows: all but the curves and the samples of these runs. */
  forgetRuns(kept: ShownRuns): void {
    for (const study of this.studies.values()) study.forgetRuns(kept)
  }

  private versionOf(id: string | undefined): number | undefined {
    const [server, version] = id?.split('-') ?? []
    const number = Number(version)
    return server === this.server && Number.isInteger(number) && number <= this.version ? number : undefined
  }

  private readRuns({ runs, samples }: Query): void {
    const version = this.version + 1
    const read = runs.map((run) => {
      const [study, id] = this.placeOf(run)
      return study?.readRun(id, version) ?? false
    })
    const [study, id] = this.placeOf(samples ?? '')
    const isSampled = study?.readSamples(id, version) ?? false
    if (isSampled || read.includes(true)) this.version = version
  }

  private placeOf(run: string): readonly [study: WatchedStudy | undefined, id: string] {
    const [name = '', id = ''] = run.split('/')
    return [this.studies.get(name), id]
  }

  private samplesOf(run: string, since: number): SamplesUpdate | undefined {
    const [study, id] = this.placeOf(run)
    return study?.samplesSince(id, since)
  }

  private curvesOf(run: string, since: number) {
    const [study, id] = this.placeOf(run)
    const followed = study?.run(id)
    if (study === undefined || followed === undefined) return []
    return curveUpdates(run, followed, study.taskOf(id) ?? { type: '' }, since)
  }

  private async look(): Promise<void> {
    const areOther = this.findStudies()
    for (const study of this.studies.values()) await study.load()
    // Nothing waits from here on: a version is given to pages only when all of it is there.
    const version = this.version + 1
    if (areOther) this.namesVersion = version
    for (const study of this.studies.values()) {
      study.settle(version)
      this.note(study, version)
    }
    this.version = version
  }

  /** Whether there are other studies than before. */
  private findStudies(): boolean {
    const names = existsSync(this.root) ? foldersIn(this.root).filter((name) => this.isShown(name)) : []
    const isSame = names.length === this.studies.size && names.every((name) => this.studies.has(name))
    if (isSame) return false
    for (const name of [...this.studies.keys()].filter((known) => !names.includes(known))) this.forget(name)
    for (const name of names) {
      if (!this.studies.has(name)) this.studies.set(name, new WatchedStudy(this.root, name, join(this.root, name)))
    }
    return true
  }

  private isShown(name: string): boolean {
    const directory = join(this.root, name)
    return (this.only === undefined || name === this.only) && isInside(this.root, directory) && hasTrials(directory)
  }

  private note(study: WatchedStudy, version: number): void {
    this.studyRows.set(study.name, study.row(), version)
    const ids = study.rows.map(({ id }) => id)
    const isOther = this.orders.set(study.name, { study: study.name, ids }, version)
    if (isOther) this.forgetTrials(study.name, new Set(ids))
    for (const row of study.rows) this.trialRows.set(`${row.study}/${row.id}`, row, version)
  }

  private forget(name: string): void {
    this.studies.delete(name)
    this.studyRows.delete(name)
    this.orders.delete(name)
    this.forgetTrials(name, new Set())
  }

  private forgetTrials(study: string, kept: ReadonlySet<string>): void {
    for (const key of this.trialRows.keys()) {
      const [name, id = ''] = key.split('/')
      if (name === study && !kept.has(id)) this.trialRows.delete(key)
    }
  }
}

/** A study, or what is left of one whose study.json was lost. */
function hasTrials(directory: string): boolean {
  return isStudyFolder(directory) || foldersIn(directory).some((name) => isTrialFolder(join(directory, name)))
}
