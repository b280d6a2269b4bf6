// How long a run will still take: planned times of what is left, scaled by how long what is done has really taken.

/** Milliseconds that a trial is planned to take, by counting operations; only their ratios matter once something is done. */
export interface PlannedTimes {
  readonly train: number
  /** All validations together, and how many there are. */
  readonly validate: number
  readonly validations: number
  /** The evaluations after training. */
  readonly test: number
}

/** What a trial has taken so far, in milliseconds of the clock, and how far it has come. */
export interface SpentTimes {
  /** Starting, reading data and compiling. */
  readonly prepare: number
  readonly train: number
  readonly validate: number
  readonly test: number
  /**
   * The second half of the training so far: how long it took for which share of the steps. The first half has graphs
   * compiled and caches filled in it, which the steps to come have not.
   */
  readonly lately?: { readonly train: number; readonly share: number }
  /** Share of its training steps that are done, and that had been done before (it was resumed). */
  readonly share: number
  readonly from: number
  readonly validations: number
  /** Its result, or its evaluations, are there. */
  readonly ended: boolean
}

export interface TrialTimes {
  readonly planned: PlannedTimes
  /** Absent: it waits. */
  readonly spent?: SpentTimes
}

/**
 * Milliseconds left of a run with up to `workers` trials at a time; undefined before the first step or evaluation of any.
 * scale of a phase = spent / planned of what is done of it, over all trials; where nothing of it is done, training's.
 * left of a trial = sum of phases (planned left * scale), and preparing where it waits; the run's: the longer one of its
 * longest trial and of all trials shared by the workers.
 */
export function timeLeft(trials: readonly TrialTimes[], workers: number): number | undefined {
  const begun = trials.flatMap(({ planned, spent }) => (spent === undefined ? [] : [{ planned, spent }]))
  const train = scale(
    begun.map(({ planned, spent }) => {
      const { train: ms, share } = spent.lately ?? { train: spent.train, share: spent.share - spent.from }
      return [ms, planned.train * share]
    }),
  )
  const validate = scale(
    begun.map(({ planned, spent }) => [spent.validate, planned.validate * (spent.validations / planned.validations)]),
  )
  const test = scale(begun.filter(({ spent }) => spent.ended).map(({ planned, spent }) => [spent.test, planned.test]))
  const known = train ?? validate ?? test
  if (known === undefined) return undefined
  const scales = { train: known, validate: validate ?? test ?? known, test: test ?? validate ?? known }
  const prepare = begun.length === 0 ? 0 : sum(begun.map(({ spent }) => spent.prepare)) / begun.length
  const left = trials.map((trial) => trialLeft(trial, scales, prepare)).filter((ms) => ms > 0)
  return Math.max(0, ...left, sum(left) / Math.max(1, Math.min(workers, left.length)))
}

function trialLeft(
  { planned, spent }: TrialTimes,
  scales: { readonly train: number; readonly validate: number; readonly test: number },
  prepare: number,
): number {
  if (spent?.ended) return 0
  const [share, validations] = spent === undefined ? [0, 0] : [spent.share, validated(planned, spent)]
  const test = Math.max(0, planned.test * scales.test - (spent?.test ?? 0))
  const work = planned.train * scales.train * (1 - share) + planned.validate * scales.validate * (1 - validations)
  return work + test + (spent === undefined ? prepare : 0)
}

function validated({ validations }: PlannedTimes, spent: SpentTimes): number {
  if (validations === 0) return 1
  return Math.min(1, (spent.validations + Math.floor(spent.from * validations)) / validations)
}

/** Undefined where nothing is done. */
function scale(done: readonly (readonly [spent: number, planned: number])[]): number | undefined {
  const known = done.filter(([spent, planned]) => spent > 0 && planned > 0)
  return known.length === 0 ? undefined : sum(known.map(([spent]) => spent)) / sum(known.map(([, planned]) => planned))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
