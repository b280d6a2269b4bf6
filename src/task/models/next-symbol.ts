import { add, fill, mul, reshape, sub } from '../../core/ops.js'
import type { TensorSpec } from '../../core/tensors.js'
import type { Tensor } from '../../core/tf.js'
import { leaf, leaves, mapTree, type Tree } from '../../core/tree.js'
import type { LossSettings, Transducer } from '../../model/decoder/types.js'
import type { State } from '../../model/encoder/types.js'
import type { Noise } from '../../model/noise.js'
import type { ModelOptions } from '../../model/options.js'
import { chain, drawn, type OutlineNode } from '../../model/outline.js'
import type { Params } from '../../model/parameters.js'
import { type ModelSizes, sideOf } from '../../model/sizes.js'
import type { SourceEncoder } from '../../model/source-encoder.js'
import type { TaskModel } from '../types.js'
import { buildLabelHead, flatTarget, type LabelHead, labelHeadNodes, rowsPredicted } from './labels.js'
import { sourceEncoderOf, sourceOf, sourceSpecs } from './source-encoder.js'

/** A language model's network. Batches: {source: {ids, mask}, target: {labels, mask}, continues}, [B,T] each but the last. */
export interface NextSymbol {
  readonly parameters: TaskModel['parameters']
  readonly outline: TaskModel['outline']
  /** The state that goes from one batch to the next; empty where none does. */
  carry(batch: number): ReturnType<TaskModel['carry']>
  inputs(batch: number, steps: number): Tree<TensorSpec>
  noise(batch: number, steps: number): ReturnType<TaskModel['noise']>
  loss(
    params: Params,
    batch: Tree<Tensor>,
    noise: Noise,
    settings: LossSettings,
    before: State,
  ): ReturnType<TaskModel['loss']>
  /** {found: {ids, logProbs, nats} [B,T], after}. */
  predict(params: Params, batch: Tree<Tensor>, before: State): { found: Tree<Tensor>; after: State }
  /** The model as a search sees it: it begins after what it has read; absent where steps have weights of their own. */
  readonly stepwise?: Pick<Transducer, 'start' | 'step' | 'hasAlignment'>
}

/** `own`: the task's own node, given the axes of its symbols. */
export function buildNextSymbol(
  model: ModelOptions,
  sizes: ModelSizes,
  carries: boolean,
  taskNode: (axes: OutlineNode['axes']) => OutlineNode,
): NextSymbol {
  const source = sourceEncoderOf(model, sizes)
  const { encoder } = source
  const symbols = sideOf(sizes, 'source').axis
  const head = buildLabelHead(model, encoder.output, symbols)
  const predict = rowsPredicted(head)
  const sizesOfState = carries ? encoder.carrySizes : {}
  const initial = new Map(leaves(sizesOfState).map(([path, size]) => [path, size.initial]))
  const carry = (batch: number) =>
    mapTree(sizesOfState, ({ shape, initial }) => ({ dtype: 'float32' as const, shape: [batch, ...shape], initial }))
  const read = (params: Params, batch: Tree<Tensor>, noise: Noise, before: State) => {
    const start = carries ? startOf(before, leaf(batch, 'continues'), initial) : undefined
    const { outputs, mask, carry: after } = source.encode(params, sourceOf(batch), noise, start)
    const [examples, steps, size] = outputs.shape
    const rows = { x: reshape(outputs, [-1, size]), real: reshape(mask, [-1]), batch: examples, steps }
    return { rows, after: carries ? (after ?? {}) : {} }
  }
  const nodes = [
    ...source.outline,
    ...labelHeadNodes(model, head, {
      task: 'language-model',
      input: encoder.output,
      rows: ['B', 'S'],
      symbols,
      per: 'source step',
    }),
  ]
  return {
    parameters: { ...source.parameters, head: head.parameters },
    outline: { nodes: [...nodes, taskNode({ V: symbols, D: encoder.output })], arrows: chain(...drawn(nodes)) },
    carry,
    inputs: (batch, steps) => ({
      source: sourceSpecs(sizes, { batch, source: steps, target: steps }),
      target: { labels: { dtype: 'int32', shape: [batch, steps] }, mask: { dtype: 'float32', shape: [batch, steps] } },
      continues: { dtype: 'float32', shape: [] },
    }),
    noise: (batch, steps) => source.noise({ batch, source: steps }),
    loss: (params, batch, noise, settings, before) => {
      const { rows, after } = read(params, batch, noise, before)
      const { labels, mask } = flatTarget(batch)
      return { ...head.loss(params, rows, labels, mask, settings), carry: after }
    },
    predict: (params, batch, before) => {
      const { rows, after } = read(params, batch, undefined, before)
      const { labels, mask } = flatTarget(batch)
      return { found: predict(params, rows, labels, mask), after }
    },
    ...(model.encoder?.unroll.type === 'untied' ? {} : stepwiseOf(source, head)),
  }
}

/** One symbol after the other: the state after what was read, and the distribution of what follows. */
function stepwiseOf(source: SourceEncoder, { distribution }: LabelHead): Pick<NextSymbol, 'stepwise'> {
  if (distribution === undefined) return {}
  const start: Transducer['start'] = (params, sequence) => {
    return { memory: {}, state: source.encode(params, sequence, undefined).carry ?? {} }
  }
  const step: Transducer['step'] = (params, previous, _, before) => {
    const batch = previous.shape[0] ?? 0
    const sequence = { ids: reshape(previous, [batch, 1]), mask: fill([batch, 1], 1) }
    const { outputs, carry = {} } = source.encode(params, sequence, undefined, before)
    const rows = { x: reshape(outputs, [-1, outputs.shape[2]]), real: fill([batch], 1), batch, steps: 1 }
    return { logProbs: reshape(distribution(params, rows), [batch, -1]), state: carry }
  }
  return { stepwise: { start, step, hasAlignment: false } }
}

/** The state that a batch starts from: what came before it where it continues (1), else (0) the encoder's own start. */
function startOf(before: State, continues: Tensor, initial: ReadonlyMap<string, number>): State {
  return mapTree(before, (state, path) => add(mul(state, continues), mul(sub(1, continues), initial.get(path) ?? 0)))
}
