import { add, concat, lookUpRows, vector, zeros } from '../core/ops.js'
import { type HostTensor, ints } from '../core/tensors.js'
import { type Tensor, type Tensor1D, tf } from '../core/tf.js'
import { leaf, mapTree, subtree, type Tree } from '../core/tree.js'
import { meanOfAlignments, meanOfProbabilities } from './average.js'
import { withAlignments } from './names.js'
import type { SearchMember, Specials } from './types.js'

/** The results of one step of N rows. */
export interface DecoderStep {
  /** [N,V]; of several members the logarithm of their mean probabilities. */
  readonly logProbs: HostTensor
  /** [N,S], where wanted and where there is one. */
  readonly alignment?: HostTensor
  /** One a member. */
  readonly states: readonly Tree<HostTensor>[]
}

/**
 * What is never chosen, added to log probabilities [N,V]: padding and bos are no symbols of an output. Zeros by themselves, as
 * their number may be one that only a source decides (a head that copies).
 */
export function barred({ pad, bos }: Specials, vocabulary: number): Tensor1D {
  const first = Math.max(pad, bos) + 1
  const numbers = Array.from({ length: first }, (_, id) => (id === pad || id === bos ? Number.NEGATIVE_INFINITY : 0))
  return concat([tf.tensor1d(numbers), zeros([vocabulary - first])], 0)
}

/** One step for searches that choose in plain code. */
interface Stepper {
  readonly members: readonly SearchMember[]
  readonly specials: Specials
  readonly alignments: boolean
}

/** The rows of a step: row i goes on from row parents[i] of the states with previous[i], and sees the memory of examples[i]. */
export interface StepRows {
  readonly examples: readonly number[]
  readonly parents: readonly number[]
  readonly previous: readonly number[]
}

/** The same as inputs [N] of a graph. */
export function rowTensors({ examples, parents, previous }: StepRows) {
  const size = [parents.length]
  return { examples: ints(examples, size), parents: ints(parents, size), previous: ints(previous, size) }
}

/** In a graph: the memory and the state that each row of a step sees. */
export function rowsIn(inputs: Tree<Tensor>): Readonly<Record<'memory' | 'state', Tree<Tensor>>> {
  const [parents, examples] = [vector(inputs, 'parents'), vector(inputs, 'examples')]
  return {
    memory: mapTree(subtree(inputs, 'memory'), (all) => lookUpRows(all, examples)),
    state: mapTree(subtree(inputs, 'state'), (all) => lookUpRows(all, parents)),
  }
}

/** Up to a multiple of `step` with copies of the first. */
export function padded<T>(rows: readonly T[], step: number): readonly T[] {
  const [first] = rows
  const missing = step * Math.ceil(rows.length / step) - rows.length
  return first === undefined ? rows : [...rows, ...new Array<T>(missing).fill(first)]
}

/** A search's stepper and its first states, and the rows of a batch. */
export function startSteps(
  members: readonly SearchMember[],
  specials: Specials,
  alignments: boolean,
): { readonly stepper: Stepper; readonly states: readonly Tree<HostTensor>[]; readonly batch: number } {
  const stepper: Stepper = { members, specials, alignments }
  const [first] = members
  return { stepper, states: members.map(({ encoded }) => encoded.state), batch: first?.encoded.rows ?? 0 }
}

/** Takes one step in a graph of each member. The first states have one row per example. */
export async function takeStep(
  stepper: Stepper,
  states: readonly Tree<HostTensor>[],
  { examples, parents, previous }: StepRows,
): Promise<DecoderStep> {
  const rows = rowTensors({ examples, parents, previous })
  const stepped: Tree<HostTensor>[] = []
  // One after the other: their graphs share the machine's cores.
  for (const [place, member] of stepper.members.entries()) {
    const inputs = { memory: member.encoded.memory, state: states[place] ?? {}, ...rows }
    stepped.push(await stepOf(member, stepper, inputs))
  }
  const aligned = stepped.flatMap((each) => (each.alignment === undefined ? [] : [leaf(each, 'alignment')]))
  const alignment = meanOfAlignments(aligned)
  return {
    logProbs: meanOfProbabilities(stepped.map((each) => leaf(each, 'logProbs'))),
    states: stepped.map((each) => subtree(each, 'state')),
    ...(alignment === undefined ? {} : { alignment }),
  }
}

function stepOf({ run, transducer }: SearchMember, { specials, alignments }: Stepper, stepInputs: Tree<HostTensor>) {
  const pure = (params: Tree<Tensor>, inputs: Tree<Tensor>) => {
    const { memory, state } = rowsIn(inputs)
    const { alignment, logProbs, state: next } = transducer.step(params, vector(inputs, 'previous'), memory, state)
    const allowed = add(logProbs, barred(specials, logProbs.shape[1]))
    return { logProbs: allowed, state: next, ...(alignment !== undefined && alignments ? { alignment } : {}) }
  }
  return run(alignments ? withAlignments('step') : 'step', pure, stepInputs)
}

/** Row `row` of [N, width], not copied. */
export function rowOf({ data, shape }: HostTensor, row: number): Float32Array | Int32Array {
  const width = shape[1] ?? 0
  return data.subarray(row * width, (row + 1) * width)
}
