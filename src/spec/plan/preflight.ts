import { distinctProblems, type Problem } from '../../core/errors.js'
import { leaves } from '../../core/tree.js'
import type { Dataset } from '../../data/types.js'
import { runProblems } from '../../train/loop/warm-start.js'
import { unmatched } from '../../train/parameter-patterns.js'
import { trialFindings } from '../../train/preflight.js'
import type { ReadState } from '../../train/types.js'
import { trialWarnings } from '../../train/warnings.js'
import { placeOf } from '../document/nodes.js'
import { probe } from '../explain/symbolic.js'
import type { LoadedSpec, TrialCost } from '../types.js'
import { gigabytes } from './cost.js'
import { modelOf, unknownSizes } from './parameters.js'
import { costOfTrial } from './trial-cost.js'

export interface PreflightOptions {
  /** Seeds that a spec is trained under; by default its own. */
  readonly seeds?: readonly number[] | undefined
  /** What a trial may take; by default as much as it needs. */
  readonly memoryBytes?: number | undefined
  /** How another run is read that training starts from. */
  readonly readState: ReadState
}

/** What would stop a trial of a spec before its first step, or what it takes where nothing would. */
export interface Preflight {
  readonly problems: readonly Problem[]
  /** What of its results will be undefined or leave something out, and what a warm start does not take over. */
  readonly warnings: readonly Problem[]
  readonly cost?: TrialCost
  /** Digest of what `train.init` takes. */
  readonly start?: string
}

/** Checks a spec against its data: nothing is trained and no engine is needed. */
export async function preflight(
  { spec, written }: LoadedSpec,
  data: Dataset,
  { seeds = [spec.seed], memoryBytes = Number.POSITIVE_INFINITY, readState }: PreflightOptions,
): Promise<Preflight> {
  const { problems, start, ...found } = await trialFindings(spec, data, seeds, readState)
  const warnings = placed([...found.warnings, ...trialWarnings(spec, data)], written)
  if (problems.length > 0) return { warnings, problems: placed(problems, written) }
  const cost = costOfTrial(spec, data)
  const tooLarge = placed(memoryProblems(cost.bytes, memoryBytes), written)
  return { cost, warnings, problems: tooLarge, ...(start !== undefined && { start }) }
}

function memoryProblems(bytes: number, memoryBytes: number): Problem[] {
  if (bytes <= memoryBytes) return []
  const message = `a training step needs about ${gigabytes(bytes)} of memory; a trial may take ${gigabytes(memoryBytes)}`
  const hint = 'Reduce hidden sizes or train.batchSize, or raise --memory where the machine has more.'
  return [{ path: 'model', message, hint }]
}

/** What can be checked without the data: names of parameters do not depend on them. */
export async function preflightWithoutData(
  { spec, written }: LoadedSpec,
  readState: ReadState,
): Promise<readonly Problem[]> {
  const names = leaves(modelOf(spec, probe(unknownSizes(spec))).parameters).map(([path]) => path)
  const { freeze, init } = spec.train
  const reported = [
    ...unmatched(freeze, 'train.freeze', names),
    ...(init === undefined ? [] : unmatched(init.parameters, 'train.init.parameters', names)),
    ...(init === undefined ? [] : await runProblems(init, readState)),
  ]
  return placed(reported, written)
}

function placed(problems: readonly Problem[], written: LoadedSpec['written']): readonly Problem[] {
  return problems.map((problem) => ({ ...problem, place: problem.place ?? placeOf(written, problem.path) }))
}

export interface LabelledProblem {
  readonly problem: Problem
  readonly label: string
}

/** Each problem once; one that not every variant has names those that do. */
export function byVariant(reported: readonly LabelledProblem[], variants: number): readonly Problem[] {
  return distinctProblems(reported.map(({ problem }) => problem)).map((problem) => {
    const key = JSON.stringify(problem)
    const labels = reported.filter((each) => JSON.stringify(each.problem) === key).map(({ label }) => `"${label}"`)
    if (labels.length === variants) return problem
    const shown = labels.length > 3 ? [...labels.slice(0, 3), `${labels.length - 3} more`] : labels
    return { ...problem, message: `${problem.message} (${shown.join(', ')})` }
  })
}
