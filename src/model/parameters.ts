import type { Shape, TensorOf } from '../core/ops.js'
import type { Tensor } from '../core/tf.js'
import type { Tree } from '../core/tree.js'
import type { Axis } from './axes.js'

/** How a parameter's first values are drawn. */
export type Initialiser =
  | { readonly type: 'zeros' }
  | { readonly type: 'constant'; readonly value: number }
  | { readonly type: 'uniform'; readonly limit: number }
  | { readonly type: 'normal'; readonly deviation: number }
  /** Glorot & Bengio 2010, uniform; `blocks` gates side by side in the last axis count one by one. */
  | { readonly type: 'glorot'; readonly blocks?: number }
  /** Saxe et al. 2014; each of the `blocks` in the last axis is orthogonal by itself. */
  | { readonly type: 'orthogonal'; readonly blocks?: number }
  /** Given values; NaN is replaced by a draw from `missing` (a word that a vector file lacks). */
  | { readonly type: 'given'; readonly values: Float32Array; readonly missing?: Initialiser }
  /** The same values `times` over along a new first axis (copies of weights that start equal). */
  | { readonly type: 'repeated'; readonly times: number; readonly of: Initialiser }

/** A parameter as declared: initial values are drawn from a stream of its own, named by its path. */
export interface ParameterSpec<S extends Shape = Shape> {
  readonly shape: S
  /** What each axis is, in order: its name, and what indexes it. */
  readonly axes: readonly Axis[]
  readonly init: Initialiser
  /** Biases and gains are not decayed. */
  readonly decay: boolean
  /** Never trained (a frozen embedding, given vectors). */
  readonly frozen?: boolean
  /** The first axis counts copies, one a time step; how the train step merges their gradients (`mergeCopies`). */
  readonly copies?: 'none' | 'sum' | 'mean'
}

/** Parameters by name, in a fixed order, in groups or not. */
export type ParameterTree = Tree<ParameterSpec>

export type Vector = ParameterSpec<readonly [number]>
export type Matrix = ParameterSpec<readonly [number, number]>

/** Tensors of any parameters. */
export type Params = Tree<Tensor>

/** The tensors that declared parameters become: a matrix a Tensor2D, a vector a Tensor1D. */
export type ParamsOf<Declared> = string extends keyof Declared
  ? Params
  : {
      readonly [Name in keyof Declared]: Declared[Name] extends ParameterSpec<infer S>
        ? TensorOf<S>
        : ParamsOf<Declared[Name]>
    }

type SizesOf<Axes extends readonly Axis[]> = { readonly [Place in keyof Axes]: number }

/** A parameter with axes as given; weights decay by default. */
export function parameter<const Axes extends readonly Axis[]>(
  axes: Axes,
  init: Initialiser,
  more: { readonly decay?: boolean; readonly frozen?: boolean } = {},
): ParameterSpec<SizesOf<Axes>> {
  const shape = axes.map(({ size }) => size) as unknown as SizesOf<Axes>
  return { shape, axes, init, decay: more.decay ?? true, ...(more.frozen === true ? { frozen: true } : {}) }
}

/** A weight matrix that starts uniform after Glorot & Bengio 2010, (16); `blocks`: gates side by side in its last axis. */
export function glorot(axes: readonly [Axis, Axis], more: { readonly blocks?: number } = {}): Matrix {
  return parameter(axes, { type: 'glorot', ...more })
}

/** A weight matrix that starts orthogonal (Saxe et al. 2014), each of its `blocks` by itself. */
export function orthogonal(axes: readonly [Axis, Axis], more: { readonly blocks?: number } = {}): Matrix {
  return parameter(axes, { type: 'orthogonal', ...more })
}

/** A bias: zeros, not decayed. */
export function zeroBias(axis: Axis): Vector {
  return parameter([axis], { type: 'zeros' }, { decay: false })
}

/** A vector of weights that starts uniform in ±limit. */
export function uniformVector(axis: Axis, limit: number): Vector {
  return parameter([axis], { type: 'uniform', limit })
}
