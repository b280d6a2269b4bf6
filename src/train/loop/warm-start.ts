import { type Problem, SeqlabError } from '../../core/errors.js'
import type { HostTensor } from '../../core/tensors.js'
import { leaves, type Tree } from '../../core/tree.js'
import { type DataDescription, describeData } from '../../data/description.js'
import type { Dataset } from '../../data/types.js'
import type { StepParts } from '../graph/train-step.js'
import type { TrainOptions } from '../options.js'
import { nameMatcher, refuseUnmatched } from '../parameter-patterns.js'
import type { CostBasis, ReadState, StartingPoint, TrainState, TrialSettings } from '../types.js'
import { basisDifferences, costBasisOf } from './cost-basis.js'
import { correspondenceOf, dataProblems, freshSymbols, otherSegmentation, type Taken } from './data-correspondence.js'
import { startDigest } from './start-digest.js'
import { shapeThere, slotLengths, type Transfer, transferOf, transferSlots, transferTree } from './transfer.js'

export type InitOptions = NonNullable<TrainOptions['init']>

/** A trial that is to start: its state without `train.init`, and what its numbers are about. */
export interface Beginning {
  readonly first: TrainState
  readonly parts: Pick<StepParts, 'model' | 'layout'>
  readonly data: DataDescription
  readonly costs: CostBasis
  /** By its name. */
  readonly optimizer: string
}

export function beginningOf(
  settings: TrialSettings,
  dataset: Dataset,
  parts: Beginning['parts'],
  first: TrainState,
): Beginning {
  const { data = {}, train } = settings
  const { type: optimizer } = train.optimizer
  return { first, parts, data: describeData(dataset, data), costs: costBasisOf(settings, dataset), optimizer }
}

/** Where training starts. */
export interface Started {
  readonly state: TrainState
  /** In words: which symbols start with first values of their own, and what is not carried on. */
  readonly notices: readonly string[]
  /** Of what is taken from the other run. */
  readonly digest: string
}

/**
 * The state that training starts from under `train.init`: `first` with the other run's best parameters, or all of the
 * other run's training. What a vocabulary or a label set indexes is taken over symbol by symbol; new symbols keep their
 * first values. A training that goes on under another selection, or on other data, selects its best checkpoint afresh.
 * Throws SeqlabError 'run' where there is nothing to start from, 'spec' where parameters do not fit (each
 * named with both shapes) or would mean something else (other tokens, another scale, new symbols in a frozen table).
 */
export async function startFrom(init: InitOptions, beginning: Beginning, readState: ReadState): Promise<Started> {
  const { first, parts, data } = beginning
  const other = await readState(init.from)
  const taken = takenParameters(init, parts)
  refuseAll(dataProblems(init.from, taken, isFrozenIn(parts), data, other.data))
  const transfer = transferOf(taken, correspondenceOf(data, other.data))
  const misfits = misfitsOf(taken, other.parameters, transfer)
  if (misfits.length > 0) throw misfit(init, misfits)
  const continued = init.take === 'training' ? continueTraining(init, beginning, other, transfer) : undefined
  return {
    state: continued?.state ?? { ...first, params: transferTree(transfer, first.params, other.parameters) },
    notices: [
      ...freshSymbols(taken, data, other.data),
      ...otherSegmentation(taken, data, other.data),
      ...(continued?.notices ?? []),
    ],
    digest: startDigest(taken, other, continued && other.training),
  }
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

function takenParameters(init: InitOptions, { model }: Beginning['parts']): Taken {
  const all = leaves(model.parameters)
  if (init.take === 'training') return all
  const names = all.map(([path]) => path)
  refuseUnmatched(init.parameters, 'train.init.parameters', names)
  const wanted = nameMatcher(init.parameters)
  return all.filter(([path]) => wanted(path))
}

function isFrozenIn({ layout }: Beginning['parts']): (path: string) => boolean {
  const trained = new Set(layout.trained.flatMap(({ entries }) => entries.map(({ path }) => path)))
  return (path) => !trained.has(path)
}

/** Training is continued in the same order of batches, so neither parameters nor the seed may differ. */
function continueTraining(
  init: InitOptions,
  { first, parts, costs, optimizer }: Beginning,
  { training: other, costs: otherCosts, optimizer: otherOptimizer }: StartingPoint,
  transfer: Transfer,
): Pick<Started, 'state' | 'notices'> {
  if (other === undefined) throw withoutTraining(init)
  if (!continues(optimizer, first.optimizer, otherOptimizer, other.optimizer))
    throw anotherOptimizer(optimizer, otherOptimizer)
  const misfits = trainingMisfits({ first, parts }, other, transfer)
  if (misfits.length > 0) throw misfit(init, misfits)
  if (other.seed !== first.seed) throw otherSeed(other.seed, first.seed)
  const params = (of: Tree<HostTensor>) => transferTree(transfer, first.params, new Map(leaves(of)))
  const { bestParams } = other.selection
  // Means are of validations of one training.
  const { recent: _, ...continued } = other
  const state = {
    ...continued,
    params: params(other.params),
    optimizer: transferSlots(parts.layout, first.optimizer, new Map(leaves(other.optimizer)), transfer),
    selection: { ...other.selection, bestParams: bestParams && params(bestParams) },
  }
  const others = basisDifferences(costs, otherCosts)
  if (others.length === 0) return { state, notices: [] }
  // Costs of another metric, search or dev set say nothing about these: kept, they could stay the best for ever.
  const { selection, schedule } = first
  return { state: { ...state, selection, schedule }, notices: [selectsAgain(others)] }
}

/**
 * Whether an optimizer can go on with another one's moments. Those of momentum and rmsprop have one name and mean different
 * things; where the other's name is not known, which moments it has must do.
 */
function continues(
  name: string,
  slots: Tree<HostTensor>,
  otherName: string | undefined,
  otherSlots: Tree<HostTensor>,
): boolean {
  if (otherName !== undefined) return momentsOf(name) === momentsOf(otherName)
  return slotNames(slots) === slotNames(otherSlots)
}

/** The optimizer whose moments they are: adamw differs from adam in its weight decay alone. */
function momentsOf(optimizer: string): string {
  return optimizer === 'adamw' ? 'adam' : optimizer
}

function slotNames(slots: Tree<HostTensor>): string {
  return [...new Set(leaves(slots).map(([path]) => path.split('/').at(-1)))].sort().join()
}

function selectsAgain(others: readonly string[]): string {
  return `the best checkpoint, patience and what the schedule remembers of validations start afresh: ${others.join('; ')}`
}

function trainingMisfits(
  { first, parts }: Pick<Beginning, 'first' | 'parts'>,
  other: TrainState,
  transfer: Transfer,
): string[] {
  return [
    ...leaves(other.params).flatMap(([path, { shape }]) =>
      transfer.has(path) ? [] : difference(path, undefined, shape),
    ),
    ...compare(slotLengths(parts.layout, first.optimizer, transfer), shapesOf(other.optimizer)),
    ...compare(shapesOf(first.carry), shapesOf(other.carry)),
  ]
}

type Shapes = ReadonlyMap<string, readonly number[]>

function shapesOf(tree: Tree<HostTensor>): Shapes {
  return new Map(leaves(tree).map(([path, { shape }]) => [path, shape]))
}

/** Parameters of another shape than the other run's vocabularies account for. */
function misfitsOf(taken: Taken, others: ReadonlyMap<string, HostTensor>, transfer: Transfer): string[] {
  return taken.flatMap(([path, { shape }]) => {
    const other = others.get(path)?.shape
    const fits = other?.join() === shapeThere(transfer.get(path) ?? []).join()
    return fits ? [] : [inWords(path, shape, other)]
  })
}

function compare(mine: Shapes, theirs: Shapes): string[] {
  const paths = [...new Set([...mine.keys(), ...theirs.keys()])]
  return paths.flatMap((path) => difference(path, mine.get(path), theirs.get(path)))
}

type Shape = readonly number[] | undefined

function difference(path: string, here: Shape, there: Shape): string[] {
  return here?.join() === there?.join() ? [] : [inWords(path, here, there)]
}

function inWords(path: string, here: Shape, there: Shape): string {
  const [own, other] = [here, there].map((shape) => (shape === undefined ? 'missing' : `[${shape.join(', ')}]`))
  return `${path} is ${own} here and ${other} there`
}

function anotherOptimizer(received: string, expected: string | undefined): SeqlabError {
  const known = expected === undefined ? ', which is another one' : `, ${expected}`
  const message = `a continued training keeps its optimizer${known}`
  const problem = { path: 'train.init.take', message, received }
  const first = expected === undefined ? 'Train with the same optimizer' : `Set train.optimizer: ${expected}`
  return new SeqlabError('spec', `${problem.path}: ${message}`, {
    problems: [problem],
    hint: `${first}, or take: parameters.`,
  })
}

function misfit({ from, take }: InitOptions, misfits: readonly string[]): SeqlabError {
  const message = `${from} does not fit this model: ${misfits.join('; ')}`
  return new SeqlabError('spec', `train.init.from: ${message}`, {
    problems: [{ path: 'train.init.from', message }],
    hint:
      take === 'training'
        ? 'Make the sizes equal, or take: parameters.'
        : 'Name the parameters that are to be taken in train.init.parameters, or make the sizes equal.',
  })
}

function otherSeed(expected: number, received: number): SeqlabError {
  const message = `a continued training keeps its seed, ${expected}`
  const problem = { path: 'train.init.take', message, received: `seed ${received}` }
  return new SeqlabError('spec', `${problem.path}: ${message}`, {
    problems: [problem],
    hint: `Set seed: ${expected}, or take: parameters.`,
  })
}

/** What is there is not what the trial was planned and named with. */
export function changedStart({ from }: InitOptions): SeqlabError {
  const message = `${from} changed after the run was planned`
  return new SeqlabError('run', `train.init.from: ${message}`, {
    problems: [{ path: 'train.init.from', message }],
    hint: 'Run the command again: it plans with the parameters as they are now.',
  })
}

function withoutTraining({ from }: InitOptions): SeqlabError {
  const message = `${from} has a model but no checkpoint: there is no training to continue`
  const problem = { path: 'train.init.take', message, expected: 'parameters' }
  return new SeqlabError('spec', `${problem.path}: ${message}`, { problems: [problem] })
}

function refuseAll(problems: readonly Problem[]): void {
  if (problems.length === 0) return
  throw new SeqlabError('spec', problems.map(({ path, message }) => `${path}: ${message}`).join('; '), { problems })
}
