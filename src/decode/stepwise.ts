import { add, lookUpRows, vector } from '../core/ops.js'
import { type HostTensor, ints } from '../core/tensors.js'
import { type Tensor, type Tensor1D, tf } from '../core/tf.js'
import { leaf, mapTree, subtree, type Tree } from '../core/tree.js'
import type { Transducer } from '../model/decoder/types.js'
import type { RunPure, Specials } from './types.js'

/** The results of one step, a row for every copy of every example. */
export interface DecoderStep {
  /** [B*K, V]. */
  readonly logProbs: HostTensor
  /** [B*K, S], where wanted and where there is one. */
  readonly alignment?: HostTensor
  readonly state: Tree<HostTensor>
}

/** What is never chosen, added to log probabilities [N,V]: padding and bos are no symbols of an output. */
export function barred({ pad, bos }: Specials, vocabulary: number): Tensor1D {
  return tf.tensor1d(
    Array.from({ length: vocabulary }, (_, id) => (id === pad || id === bos ? Number.NEGATIVE_INFINITY : 0)),
  )
}

/** One step for searches that choose in plain code: K copies of each example, from the same memory. */
interface Stepper {
  readonly run: RunPure
  readonly transducer: Transducer
  readonly memory: Tree<HostTensor>
  readonly copies: number
  readonly specials: Specials
  readonly alignments: boolean
}

/**
 * Takes one step in a graph. Row i goes on from row parents[i] of `state` with the symbol previous[i], and sees the memory of
 * example examples[i].
 * The first state has one row per example, so that the first parents make the copies.
 */
export async function takeStep(
  { run, transducer, memory, copies, specials, alignments }: Stepper,
  state: Tree<HostTensor>,
  parents: readonly number[],
  previous: readonly number[],
): Promise<DecoderStep> {
  const pure = (params: Tree<Tensor>, inputs: Tree<Tensor>) => {
    const rows = vector(inputs, 'parents')
    const from = mapTree(subtree(inputs, 'state'), (all) => lookUpRows(all, rows))
    const examples = vector(inputs, 'examples')
    const shared = mapTree(subtree(inputs, 'memory'), (all) => lookUpRows(all, examples))
    const { alignment, logProbs, state: next } = transducer.step(params, vector(inputs, 'previous'), shared, from)
    const allowed = add(logProbs, barred(specials, logProbs.shape[1]))
    return { logProbs: allowed, state: next, ...(alignment !== undefined && alignments ? { alignment } : {}) }
  }
  const stepInputs = {
    memory,
    state,
    examples: ints(
      parents.map((_, row) => Math.floor(row / copies)),
      [parents.length],
    ),
    parents: ints(parents, [parents.length]),
    previous: ints(previous, [previous.length]),
  }
  const stepped = await run(alignments ? 'step-with-alignments' : 'step', pure, stepInputs)
  return {
    logProbs: leaf(stepped, 'logProbs'),
    state: subtree(stepped, 'state'),
    ...(stepped.alignment === undefined ? {} : { alignment: leaf(stepped, 'alignment') }),
  }
}

/** Row `row` of [N, width], not copied. */
export function rowOf({ data, shape }: HostTensor, row: number): Float32Array | Int32Array {
  const width = shape[1] ?? 0
  return data.subarray(row * width, (row + 1) * width)
}
