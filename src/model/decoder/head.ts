import { matrix, reshape, transpose } from '../../core/ops.js'
import type { Tensor, Tensor1D, Tensor2D } from '../../core/tf.js'
import { subtree, type Tree } from '../../core/tree.js'
import type { Axis } from '../axes.js'
import type { Encoded } from '../encoder/types.js'
import type { Head, HeadRows, HeadStep, HeadTree, Losses } from '../heads/types.js'
import type { Params } from '../parameters.js'
import type { BuiltRepresentation, Sequence } from '../representation/types.js'
import type { Decoder } from './built-decoder.js'
import type {
  Decoded,
  DecodedSeries,
  DecoderMemory,
  DecoderState,
  LossSettings,
  Started,
  TargetLabels,
} from './types.js'

// A head over a decoder: what it remembers and its state are under `head` in the decoder's memory and state.

export interface HeadParts {
  readonly target: BuiltRepresentation
  readonly decoder: Decoder
  readonly head: Head
  /** Whether the head gives an alignment of its own. */
  readonly aligns: boolean
  /** Whether it gives symbols of the source as well. */
  readonly copies: boolean
  /** V. */
  readonly symbols: Axis
  /** Whether the output layer is the target embedding's table. */
  readonly tied: boolean
  /** The id that symbols beyond the target vocabulary are embedded as; only heads that copy give such. */
  readonly unknown: number | undefined
}

/** Memory and first state, with those of the head. */
export function started(
  { head }: HeadParts,
  params: Params,
  source: Sequence,
  { outputs, mask }: Encoded,
  { memory, state }: Started,
): Started {
  const headParams = subtree(params, 'head')
  const copies = 'copies' in source && source.copies !== undefined ? { copies: source.copies } : {}
  const remembered = head.remember?.(headParams, { outputs, mask, ...copies }) ?? {}
  const first = head.start?.(headParams, remembered, mask.shape[0]) ?? {}
  return { memory: withHead(memory, remembered), state: withHead(state, first) }
}

export function withHead(tree: Tree<Tensor>, headParams: HeadTree): Tree<Tensor> {
  return Object.keys(headParams).length === 0 ? tree : { ...tree, head: headParams }
}

/** The head at one step: what the decoder gave after `previous`, which is `embedded` [B,E]. */
export function headStep(
  parts: HeadParts,
  params: Params,
  { output, context, alignment }: Decoded,
  embedded: Tensor2D,
  previous: Tensor1D,
  memory: DecoderMemory,
  state: DecoderState,
): HeadStep<HeadTree> {
  const { head } = parts
  if (head.step === undefined) throw new RangeError('This head gives no symbols one by one, and a decoder needs them')
  const rows = rowsOf(parts, params, { output, context, alignment, embedded }, memory)
  return head.step(subtree(params, 'head'), rows, under(state, 'head'), previous)
}

/** The head's loss of a whole target, all steps at once; `embedded` [T*B,E] are the previous symbols. */
export function headLoss(
  parts: HeadParts,
  params: Params,
  { outputs, contexts, alignments }: DecodedSeries,
  embedded: Tensor2D,
  memory: DecoderMemory,
  labels: TargetLabels,
  settings: LossSettings,
): Losses {
  const [batch, steps] = labels.mask.shape
  const seen = { output: outputs, context: contexts, alignment: alignments, embedded }
  const rows = rowsOf(parts, params, seen, memory)
  const [ids, real] = [stepByStep(labels.output), stepByStep(labels.mask)]
  const series = { ...rows, batch, steps, order: 'steps', real } as const
  return parts.head.loss(subtree(params, 'head'), series, { ids, weights: real }, settings)
}

interface Seen {
  readonly output: Tensor2D
  readonly context: Tensor2D | undefined
  readonly alignment: Tensor2D | undefined
  readonly embedded: Tensor2D
}

/** What the head asks for, of one step or of all. */
function rowsOf(
  { decoder, head, tied }: HeadParts,
  params: Params,
  { output, context, alignment, embedded }: Seen,
  memory: DecoderMemory,
): HeadRows<HeadTree> {
  const reads = new Set(head.reads)
  return {
    readout: decoder.readout(output, context),
    ...(tied ? { table: matrix(subtree(params, 'target'), 'table') } : {}),
    ...(reads.has('context') && context !== undefined ? { context } : {}),
    ...(reads.has('alignment') && alignment !== undefined ? { alignment } : {}),
    ...(reads.has('embedded') ? { embedded } : {}),
    memory: under(memory, 'head'),
  }
}

function under(tree: Tree<Tensor>, name: string): HeadTree {
  return name in tree ? subtree(tree, name) : {}
}

/** [B,T] -> [T*B], as the series are. */
export function stepByStep(labels: Tensor2D): Tensor1D {
  return reshape(transpose(labels), [-1])
}
