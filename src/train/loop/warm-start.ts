import { type Problem, SeqlabError } from '../../core/errors.js'
import type { HostTensor } from '../../core/tensors.js'
import { leaves, mapTree, type Tree } from '../../core/tree.js'
import type { TrainOptions } from '../options.js'
import { nameMatcher, refuseUnmatched } from '../parameter-patterns.js'
import type { ReadState, TrainState } from '../types.js'

export type InitOptions = NonNullable<TrainOptions['init']>

/**
 * The state that training starts from under `train.init`: `first` with the other run's best parameters, or all of the
 * other run's training. Throws SeqlabError 'run' where there is no checkpoint, 'spec' where parameters do not fit, each
 * named with both shapes.
 */
export async function startFrom(init: InitOptions, first: TrainState, readState: ReadState): Promise<TrainState> {
  const other = await readState(init.from)
  if (init.take === 'training') return continueTraining(init, first, other)
  const params = takeParameters(init, first.params, other.selection.bestParams ?? other.params)
  return { ...first, params }
}

/** Whether there is a run to start from. */
export async function runProblems({ from }: InitOptions, readState: ReadState): Promise<readonly Problem[]> {
  try {
    await readState(from)
    return []
  } catch (error) {
    if (!(error instanceof SeqlabError)) throw error
    const { message, hint, problems } = error
    const all = problems.length > 0 ? problems : [{ path: 'train.init.from', message }]
    return all.map((problem) => (hint === undefined ? problem : { hint, ...problem }))
  }
}

/** Training is continued in the same order of batches, so neither shapes nor the seed may differ. */
function continueTraining(init: InitOptions, first: TrainState, other: TrainState): TrainState {
  const misfits = [
    ...compare(first.params, other.params),
    ...compare(first.optimizer, other.optimizer),
    ...compare(first.carry, other.carry),
  ]
  if (misfits.length > 0) throw misfit(init, misfits)
  if (other.seed === first.seed) return other
  const message = `a continued training keeps its seed, ${other.seed}`
  const problem = { path: 'train.init.take', message, received: `seed ${first.seed}` }
  throw new SeqlabError('spec', `${problem.path}: ${message}`, {
    problems: [problem],
    hint: `Set seed: ${other.seed}, or take: parameters.`,
  })
}

function takeParameters(init: InitOptions, current: Tree<HostTensor>, others: Tree<HostTensor>): Tree<HostTensor> {
  const names = leaves(current).map(([path]) => path)
  refuseUnmatched(init.parameters, 'train.init.parameters', names)
  const wanted = nameMatcher(init.parameters)
  const available = new Map(leaves(others))
  const misfits = leaves(current).flatMap(([path, value]) =>
    wanted(path) ? misfitOf(path, value, available.get(path)) : [],
  )
  if (misfits.length > 0) throw misfit(init, misfits)
  return mapTree(current, (value, path) => (wanted(path) ? (available.get(path) ?? value) : value))
}

function compare(current: Tree<HostTensor>, others: Tree<HostTensor>): string[] {
  const [mine, theirs] = [new Map(leaves(current)), new Map(leaves(others))]
  const paths = [...new Set([...mine.keys(), ...theirs.keys()])]
  return paths.flatMap((path) => misfitOf(path, mine.get(path), theirs.get(path)))
}

function misfitOf(path: string, current: HostTensor | undefined, other: HostTensor | undefined): string[] {
  const [here, there] = [current, other].map((value) =>
    value === undefined ? 'missing' : `[${value.shape.join(', ')}]`,
  )
  return here === there ? [] : [`${path} is ${here} here and ${there} there`]
}

function misfit({ from }: InitOptions, misfits: readonly string[]): SeqlabError {
  return new SeqlabError('spec', `train.init.from: ${from} does not fit this model: ${misfits.join('; ')}`, {
    problems: [{ path: 'train.init.from', message: `${from} does not fit this model: ${misfits.join('; ')}` }],
    hint: 'Name the parameters that are to be taken in train.init.parameters, or make the sizes equal.',
  })
}
