// How long a run will still take: planned times of what is left, scaled by how long what is done has really taken.

/** Graphs that are compiled, and milliseconds that one of them is planned to take. */
export interface PlannedGraphs {
  readonly graphs: number
  readonly ms: number
}

export type Compiling = 'train' | 'validate' | 'test'

/** Milliseconds that a task is planned to take; only their ratios matter once something is done. */
export interface PlannedTimes {
  /** Starting a process and reading data. */
  readonly start: number
  /** All steps together, and how many there are. */
  readonly train: number
  readonly steps: number
  /** All validations together, and how many there are. */
  readonly validate: number
  readonly validations: number
  /** The evaluations after training. */
  readonly test: number
  /** Intervals and files. */
  readonly write: number
  /** What training, the first validation, and the evaluations after training compile. */
  readonly compile: Readonly<Record<Compiling, PlannedGraphs>>
}

/** What a task has taken so far, in milliseconds of the clock, and how far it has come. */
export interface SpentTimes {
  /** What it is doing; a compilation belongs to what it is for. */
  readonly doing: 'start' | Compiling | 'write' | 'nothing'
  /** Compilations are not in these. */
  readonly start: number
  readonly train: number
  /** Of validations that have ended, and of the present one. */
  readonly validate: number
  readonly validating: number
  readonly test: number
  readonly write: number
  /** Graphs that are compiled, and what all of them took; `compiling`: what the present one has taken. */
  readonly compile: Readonly<Record<Compiling, PlannedGraphs>>
  readonly compiling: number
  /**
   * The second half of the training so far: how long it took for which share of the steps. The first half has caches
   * filled in it, which the steps to come have not.
   */
  readonly lately?: { readonly train: number; readonly share: number }
  /** Share of its training steps that are done, and that had been done before (it was resumed). */
  readonly share: number
  readonly from: number
  readonly validations: number
}

export interface TaskTimes {
  readonly planned: PlannedTimes
  /** Absent: it waits. */
  readonly spent?: SpentTimes
}

/** A piece of a task whose parts take equally long: `ms` for the share `done`, of which `before` was no part. */
interface Piece {
  readonly kind: 'start' | 'train' | 'validate' | 'test' | 'write' | 'compile train' | 'compile evaluation'
  readonly planned: number
  readonly ms: number
  readonly done: number
  /** Share that another attempt had done: nothing is known of its time. */
  readonly before: number
  /** Spent on what is not done yet. */
  readonly running: number
  /** Share of which the pace is taken from what is expected rather than from what was measured. */
  readonly expected?: number
}

/** Whose pace tells most about that of another where nothing of that is done. */
const nearest: Readonly<Record<Piece['kind'], readonly Piece['kind'][]>> = {
  start: [],
  train: [],
  validate: ['test', 'train'],
  test: ['validate', 'train'],
  write: [],
  'compile train': ['compile evaluation'],
  'compile evaluation': ['compile train'],
}

/**
 * Milliseconds left of a run with up to `workers` tasks at a time, `tasks` in the order of starting; undefined where
 * nothing was planned. What is left of a task = sum over its pieces of planned * (1 - done) * scale - running, where scale
 * = spent / planned of what is done of that piece in this task, else in all tasks, else of the nearest kind of piece, else
 * of all that is done, else 1.
 */
export function timeLeft(tasks: readonly TaskTimes[], workers: number): number | undefined {
  if (!tasks.some(({ planned }) => planned.train + planned.test > 0)) return undefined
  const left = timesLeft(tasks, workers)
  const running = left.filter((_, index) => tasks[index]?.spent !== undefined)
  const waiting = left.filter((_, index) => tasks[index]?.spent === undefined)
  return makespan(running, waiting, workers)
}

/** Milliseconds left of each task. */
export function timesLeft(tasks: readonly TaskTimes[], workers: number): readonly number[] {
  const begun = tasks.filter(({ spent }) => spent !== undefined).length
  const pieces = tasks.map((task) => piecesOf(task, begun >= workers))
  const all = pieces.flat()
  return pieces.map((own) => own.reduce((sum, piece) => sum + pieceLeft(piece, scaleOf(piece.kind, own, all)), 0))
}

/** The end of the last task, where each waiting one starts as soon as a worker is free. */
export function makespan(running: readonly number[], waiting: readonly number[], workers: number): number {
  const busy = running.filter((ms) => ms > 0)
  const free = [...busy, ...Array.from({ length: Math.max(0, workers - busy.length) }, () => 0)]
  for (const ms of waiting) {
    const first = free.indexOf(Math.min(...free))
    free[first] = (free[first] ?? 0) + ms
  }
  return Math.max(0, ...free)
}

/** What a task is planned to take where nothing of it has begun. */
export function plannedMs(planned: PlannedTimes): number {
  return piecesOf({ planned }, false).reduce((sum, piece) => sum + piece.planned, 0)
}

/** `started`: processes run already, and a task that waits takes over one of them with its data. */
function piecesOf({ planned, spent: begun }: TaskTimes, started: boolean): readonly Piece[] {
  const spent = begun ?? nothingSpent
  const order = phases.indexOf(spent.doing)
  const past = (phase: SpentTimes['doing']) => order > phases.indexOf(phase)
  const whole = (kind: 'start' | 'test' | 'write', ms: number): Piece => {
    const ended = { kind, planned: ms, ms: spent[kind], done: 1, before: 0, running: 0 }
    return past(kind) ? ended : { ...ended, ms: 0, done: 0, running: spent[kind] }
  }
  return [
    whole('start', started && begun === undefined ? 0 : planned.start),
    trainPiece(planned, spent, past('validate')),
    validatePiece(planned, spent, past('validate')),
    whole('test', planned.test),
    whole('write', planned.write),
    // Most shapes of batches come up early.
    compilePiece('train', planned, spent, past('validate') ? 1 : 10 * (spent.share - spent.from)),
    compilePiece('validate', planned, spent, past('validate') || spent.validations > 0 ? 1 : 0),
    compilePiece('test', planned, spent, past('test') ? 1 : 0),
  ]
}

/**
 * Batches differ, and the first ones fill caches, as the first graphs do: so many steps and graphs of the pace are taken
 * from what is expected.
 */
const expectedSteps = 20
const expectedGraphs = 2

function trainPiece(planned: PlannedTimes, spent: SpentTimes, past: boolean): Piece {
  const { train, share } = spent.lately ?? { train: spent.train, share: spent.share - spent.from }
  const done = past ? 1 : spent.share - spent.from
  const ms = share > 0 ? (train / share) * done : 0
  const expected = past ? 0 : Math.min(1, expectedSteps / Math.max(1, planned.steps))
  return { kind: 'train', planned: planned.train, ms, done, before: spent.from, running: 0, expected }
}

function validatePiece(planned: PlannedTimes, spent: SpentTimes, past: boolean): Piece {
  const { validations } = planned
  const [kind, ms, running] = ['validate' as const, spent.validate, spent.validating]
  if (validations === 0) return { kind, planned: 0, ms, done: 1, before: 0, running: 0 }
  const before = Math.floor(spent.from * validations) / validations
  // Patience may have ended training before the last one.
  const scaled = past ? planned.validate * (spent.validations / validations) : planned.validate
  const done = past ? 1 : Math.min(1 - before, spent.validations / validations)
  return { kind, planned: scaled, ms, done, before: past ? 0 : before, running }
}

/** `least`: the share that is known to be done, whatever was compiled: graphs may be in memory or not needed. */
function compilePiece(of: Compiling, planned: PlannedTimes, spent: SpentTimes, least: number): Piece {
  const { compile, compiling, doing } = spent
  const { graphs, ms } = planned.compile[of]
  const counted = graphs === 0 ? 1 : compile[of].graphs / graphs
  const done = Math.min(1, Math.max(counted, least))
  const kind = of === 'train' ? 'compile train' : 'compile evaluation'
  const expected = done === 1 ? 0 : Math.min(1, expectedGraphs / graphs)
  return {
    kind,
    planned: graphs * ms,
    ms: compile[of].ms,
    done,
    before: 0,
    running: doing === of ? compiling : 0,
    expected,
  }
}

function pieceLeft({ planned, done, before, running }: Piece, scale: number): number {
  return Math.max(0, planned * Math.max(0, 1 - done - before) * scale - running)
}

function scaleOf(kind: Piece['kind'], own: readonly Piece[], all: readonly Piece[]): number {
  const of = (pieces: readonly Piece[], other = kind) => paceOf(pieces.filter((piece) => piece.kind === other))
  const near = nearest[kind].map((other) => of(own, other) ?? of(all, other)).find((pace) => pace !== undefined)
  const expected = near ?? overallPace(all)
  const withExpected = (pieces: readonly Piece[]) => of(pieces.map((piece) => blended(piece, expected)))
  return withExpected(own) ?? withExpected(all) ?? expected
}

function blended(piece: Piece, pace: number): Piece {
  const { ms, done, planned, expected = 0 } = piece
  return ms === 0 ? piece : { ...piece, ms: ms + expected * planned * pace, done: done + expected }
}

/** Starting tells little of what follows: the plan itself counts as much as this many milliseconds that took as long as planned. */
const planCountsMs = 1000

/** Of all that is done. */
function overallPace(all: readonly Piece[]): number {
  const plan: Piece = { kind: 'start', planned: planCountsMs, ms: planCountsMs, done: 1, before: 0, running: 0 }
  return paceOf([plan, ...all.map(overdue)]) ?? 1
}

/** What takes longer than planned says how slow the machine is before it is done. */
function overdue(piece: Piece): Piece {
  const { planned, done, before, ms, running } = piece
  return running > planned * (1 - done - before) ? { ...piece, ms: ms + running, done: 1 - before } : piece
}

/** Undefined where nothing is done. */
function paceOf(pieces: readonly Piece[]): number | undefined {
  const done = pieces.reduce((sum, piece) => sum + piece.planned * piece.done, 0)
  const ms = pieces.reduce((sum, piece) => sum + piece.ms, 0)
  return done > 0 && ms > 0 ? ms / done : undefined
}

const phases: readonly SpentTimes['doing'][] = ['start', 'train', 'validate', 'test', 'write', 'nothing']

const noGraphs = { graphs: 0, ms: 0 }

/** What a task has taken that is about to start. */
export const nothingSpent: SpentTimes = {
  ...{ doing: 'start', start: 0, train: 0, validate: 0, validating: 0, test: 0, write: 0 },
  ...{
    compile: { train: noGraphs, validate: noGraphs, test: noGraphs },
    compiling: 0,
    share: 0,
    from: 0,
    validations: 0,
  },
}
