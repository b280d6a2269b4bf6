import { constant, reshape, sumAll, vector } from '../../core/ops.js'
import type { HostTensor } from '../../core/tensors.js'
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from '../../core/tf.js'
import { leaf, subtree, type Tree } from '../../core/tree.js'
import type { Axis } from '../../model/axes.js'
import type { LossSettings } from '../../model/decoder/types.js'
import { buildHead, headPart, headProblems } from '../../model/heads/index.js'
import type { AllowedLabels, HeadSeries, LabelNames, NoTensors } from '../../model/heads/types.js'
import type { ModelOptions } from '../../model/options.js'
import { axesOf, type OutlineAxis, type OutlineNode, partNode, plainNode, products } from '../../model/outline.js'
import type { ParameterTree, Params } from '../../model/parameters.js'

/** What the head reads of a batch: x [N,R] of N = batch · steps rows, example after example, and which are real. */
export interface LabelRows {
  readonly x: Tensor2D
  /** [N] float32. */
  readonly real: Tensor1D
  readonly batch: number
  readonly steps: number
}

/** A head over labels whose rows are all there. Parameters are the whole model's; the head's are under `head`. */
export interface LabelHead {
  readonly parameters: ParameterTree
  /** Sums over all labels of a batch: labels [N] int32, weights [N] float32 (0: does not count). */
  loss(
    params: Params,
    rows: LabelRows,
    labels: Tensor1D,
    weights: Tensor1D,
    settings: LossSettings,
  ): { objective: Scalar; crossEntropy: Scalar; count: Scalar }
  /** Each row's best label, its log probability and the cross-entropy of the true label, [B,S] each. */
  readonly predict?: (params: Params, rows: LabelRows, labels: Tensor1D, weights: Tensor1D) => Tree<Tensor>
  /** The log probability of every label of each row, [B,S,V]; absent where the head has no distribution. */
  readonly distribution?: (params: Params, rows: LabelRows) => Tensor3D
  /**
   * Of a head that chooses the labels of an example together, in place of `predict`: emissions [B,S,V], transitions [V,V],
   * start [V] and end [V]; under `allowed`, the transitions, first and last labels that a prediction may have (1, else 0).
   */
  readonly potentials?: (params: Params, rows: LabelRows) => Tree<Tensor>
}

/** `names`: what the labels are called, for heads that depend on it. */
export function buildLabelHead(
  { head: choice }: ModelOptions,
  input: Axis,
  symbols: Axis,
  names?: LabelNames,
): LabelHead {
  const head = buildHead(choice, { input, symbols, tied: false, ...(names && { names }) })
  const { predict, distribution, potentials } = head
  return {
    parameters: head.parameters,
    loss: (params, rows, ids, weights, settings) => {
      const { objective, crossEntropy } = head.loss(subtree(params, 'head'), seriesOf(rows), { ids, weights }, settings)
      return { objective, crossEntropy, count: sumAll(weights) }
    },
    ...(predict && {
      predict: (params, rows, ids, weights) => {
        const predicted = predict(subtree(params, 'head'), seriesOf(rows), { ids, weights })
        const shaped = (perRow: Tensor1D) => reshape(perRow, [rows.batch, rows.steps])
        return { ids: shaped(predicted.ids), logProbs: shaped(predicted.logProbs), nats: shaped(predicted.nats) }
      },
    }),
    ...(distribution && {
      distribution: (params, rows) => {
        const perRow = distribution(subtree(params, 'head'), seriesOf(rows))
        return reshape(perRow, [rows.batch, rows.steps, symbols.size])
      },
    }),
    ...(potentials && {
      potentials: (params, rows) => {
        const { emissions, ...chain } = potentials(subtree(params, 'head'), seriesOf(rows))
        const { allowed } = head
        return {
          ...{ emissions: reshape(emissions, [rows.batch, rows.steps, symbols.size]), ...chain },
          ...(allowed && { allowed: allowedTensors(allowed, symbols.size) }),
        }
      },
    }),
  }
}

/** How a head labels each row by itself. Throws RangeError for one that does not. */
export function rowsPredicted({ predict }: LabelHead): NonNullable<LabelHead['predict']> {
  if (predict === undefined) throw new RangeError('This head has no labels for rows that are all there')
  return predict
}

function allowedTensors({ transitions, start, end }: AllowedLabels, labels: number): Tree<Tensor> {
  return {
    transitions: constant(transitions, [labels, labels]),
    start: constant(start, [labels]),
    end: constant(end, [labels]),
  }
}

function seriesOf({ x, real, batch, steps }: LabelRows): HeadSeries<NoTensors> {
  return { readout: x, real, batch, steps, order: 'examples', memory: {} }
}

/** `series`: whether the labels of one example belong together (tags); else each row is by itself. */
export function labelHeadProblems({ head }: ModelOptions, series: boolean) {
  return headProblems(head, { decoder: false, alignment: false, series, source: false })
}

/** The head, which reads `input` (R) of each of `rows`, and gives scores of the symbols (V). */
export function labelHeadNodes(
  { head: choice }: ModelOptions,
  head: LabelHead,
  {
    task,
    input,
    rows,
    symbols,
    per,
  }: {
    readonly task: string
    readonly input: Axis
    readonly rows: readonly OutlineAxis[]
    readonly symbols: Axis
    readonly per: 'example' | 'source step'
  },
): OutlineNode[] {
  const part = headPart(choice)
  const scores = [...rows, symbols]
  const axes = { ...axesOf(head.parameters), R: input, V: symbols }
  return [
    partNode(part, choice ?? {}, { id: 'head.part', path: 'model.head', axes }),
    plainNode({
      id: 'head',
      path: 'task',
      tensors: [{ name: 'logits', axes: scores }],
      work: [products(head.parameters, per)],
      box: { title: `${part.name} (${task})`, side: 'source', role: 'part', shape: scores },
    }),
  ]
}

/** {labels, mask} [B,S] under `target` -> [N] each. */
export function flatTarget(batch: Tree<Tensor>): { readonly labels: Tensor1D; readonly mask: Tensor1D } {
  const target = subtree(batch, 'target')
  const flat = (name: string) => reshape(leaf(target, name), [-1])
  return { labels: flat('labels'), mask: flat('mask') }
}

/** {label, mask} [B] under `target`. */
export function singleTarget(batch: Tree<Tensor>): { readonly label: Tensor1D; readonly mask: Tensor1D } {
  const target = subtree(batch, 'target')
  return { label: vector(target, 'label'), mask: vector(target, 'mask') }
}

/** Row `row` of [B,S], its first `length` numbers. */
export function rowOf(tree: Tree<HostTensor>, name: string, row: number, length: number): number[] {
  const { data, shape } = leaf(tree, name)
  const steps = shape[1] ?? 0
  return Array.from(data.subarray(row * steps, row * steps + length))
}

/** Row `row` of [B,S,V], its first `length` steps: a list over V each. */
export function distributionsOf(tree: Tree<HostTensor>, row: number, length: number): number[][] {
  const { data, shape } = leaf(tree, 'logProbs')
  const [, steps = 0, width = 0] = shape
  return Array.from({ length }, (_, step) => {
    const start = (row * steps + step) * width
    return Array.from(data.subarray(start, start + width))
  })
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
