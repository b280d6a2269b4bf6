import type { Problem } from '../core/errors.js'
import { leaves } from '../core/tree.js'
import type { Dataset } from '../data/types.js'
import { runProblems } from '../train/loop/warm-start.js'
import { unmatched } from '../train/parameter-patterns.js'
import { trialProblems } from '../train/preflight.js'
import { type Cost, gigabytes } from './cost.js'
import { probe } from './explain/symbolic.js'
import { placeOf } from './nodes.js'
import { modelOf, unknownSizes } from './parameters.js'
import { costOfTrial } from './trial-cost.js'
import type { LoadedSpec } from './types.js'

/** What a trial of a spec would be stopped by before its first step, each mistake at its place. */
export async function preflight(
  { spec, written }: LoadedSpec,
  data: Dataset,
  { seeds = [spec.seed], memoryBytes }: PreflightOptions,
): Promise<readonly Problem[]> {
  const stopped = await trialProblems(spec, data, seeds)
  const found = stopped.length > 0 ? stopped : memoryProblems(costOfTrial(spec, data), memoryBytes)
  return found.map((problem) => ({ ...problem, place: problem.place ?? placeOf(written, problem.path) }))
}

export interface PreflightOptions {
  /** Seeds that it is trained under; by default its own. */
  readonly seeds?: readonly number[]
  /** What a trial may take. */
  readonly memoryBytes: number
}

function memoryProblems({ bytes }: Cost, memoryBytes: number): Problem[] {
  if (bytes <= memoryBytes) return []
  const message = `a training step needs about ${gigabytes(bytes)} of memory; a trial may take ${gigabytes(memoryBytes)}`
  return [
    {
      path: 'model',
      message,
      hint: 'Make hidden sizes or train.batchSize smaller, or give --memory where there is more.',
    },
  ]
}

/** What of it can be told without the data: names of parameters do not depend on them. */
export async function preflightWithoutData({ spec, written }: LoadedSpec): Promise<readonly Problem[]> {
  const names = leaves(modelOf(spec, probe(unknownSizes(spec))).parameters).map(([path]) => path)
  const { freeze, init } = spec.train
  const found = [
    ...unmatched(freeze, 'train.freeze', names),
    ...(init === undefined ? [] : unmatched(init.parameters, 'train.init.parameters', names)),
    ...(init === undefined ? [] : await runProblems(init)),
  ]
  return found.map((problem) => ({ ...problem, place: placeOf(written, problem.path) }))
}
