// What the live server sends to its pages, as JSON; both sides import this.
import type { Forming } from '../analysis/samples/types.js'

/** `interrupted`: begun, and nobody works on it. */
export type TrialStatus =
  | 'waiting'
  | 'interrupted'
  | 'queued'
  | 'running'
  | 'computed'
  | 'completed'
  | 'failed'
  | 'cancelled'
  | 'damaged'

export interface StudyRow {
  readonly name: string
  readonly trials: number
  readonly counts: Readonly<Partial<Record<TrialStatus, number>>>
  /** Whether a process works on it. */
  readonly open: boolean
  readonly best?: Best
  /** When its last trial is expected to end, in milliseconds since 1970. */
  readonly endMs?: number
  /** When its files last changed. */
  readonly changedMs: number
  readonly problem?: string
}

/** The trial that is best on dev so far. */
export interface Best {
  readonly trial: string
  readonly metric: string
  readonly text: string
}

export interface TrialRow {
  readonly study: string
  readonly id: string
  readonly label: string
  readonly seed?: number
  readonly status: TrialStatus
  readonly step?: number
  readonly steps?: number
  /** The best value on dev so far of the metric that selects. */
  readonly dev?: Shown
  /** The main metric on test. */
  readonly test?: Shown
  /** When its training is expected to end, in milliseconds since 1970. */
  readonly endMs?: number
  /** Why it failed or cannot be read; of one that waits, why an attempt at it came to nothing. */
  readonly reason?: string
  /** Whether it has a page. */
  readonly hasReport: boolean
}

export interface Shown {
  readonly metric: string
  readonly value: number
  readonly text: string
  readonly better: 'lower' | 'higher'
  /** Equal for values that are measured alike; absent while a trial runs: its plan does not say. */
  readonly measure?: string
}

/** What a curve is of. Curves of one kind are drawn in one figure. */
export interface CurveKind {
  readonly name: string
  readonly title: string
  readonly unit: 'percent' | 'points' | 'nats' | 'number'
  /** Of its axis. */
  readonly axis: string
  readonly better?: 'lower' | 'higher'
}

/** What is new of a curve: its points beyond the step `after` are replaced by these. */
export interface CurveUpdate {
  /** `<study>/<trial id>`. */
  readonly run: string
  readonly kind: CurveKind
  readonly after: number
  readonly points: readonly (readonly [step: number, value: number])[]
}

/** What is new of what a run's validations gave for a few examples. */
export interface SamplesUpdate extends Pick<Forming, 'frames' | 'recorded'> {
  /** `<study>/<trial id>`. */
  readonly run: string
  /** Where the page has nothing of it yet, or what it has is void: `frames` are all there are then. */
  readonly begun?: Pick<Forming, 'kind' | 'joiners' | 'featuresFirst' | 'examples'>
}

/** What a page is to show. */
export interface Query {
  /** The table of all studies. */
  readonly studies: boolean
  /** The trials of one study; `*`: of all. */
  readonly study?: string
  /** Curves of these runs, `<study>/<trial id>`. */
  readonly runs: readonly string[]
  /** Of them those of which the page has nothing yet, whatever else it knows. */
  readonly fresh: readonly string[]
  /** The run whose samples are shown. */
  readonly samples?: string
}

/** What has changed since the update before; of the first one everything. */
export interface Update {
  /** `<server>-<version>`: a page that comes back with it gets what is new since then. */
  readonly id: string
  readonly nowMs: number
  /** The page forgets what it has. */
  readonly whole: boolean
  /** Names of all studies in their order, where that changed. */
  readonly names?: readonly string[]
  readonly studies?: readonly StudyRow[]
  /** Ids of all trials of a study in their order, where that changed. */
  readonly order?: Readonly<Record<string, readonly string[]>>
  readonly trials?: readonly TrialRow[]
  readonly curves?: readonly CurveUpdate[]
  readonly samples?: SamplesUpdate
}

/** What a page is told where it is made. */
export interface PageData {
  readonly view: 'studies' | 'study' | 'trial' | 'runs'
  readonly study?: string
  readonly trial?: string
  /** Path of the server's root, with the token: `/<token>/`. */
  readonly base: string
  readonly update: Update
}
