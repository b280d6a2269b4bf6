import { type Tensor, type Tensor1D, type Tensor2D, type Tensor3D, tf } from './tf.js'
import type { Tree } from './tree.js'

/** Tensors by name. */
export type Named = Readonly<Record<string, Tensor>>

/** A recurrence: what one step gives out of its slices of the series and the state before it. */
export interface Recurrence {
  /** [B,...] each. */
  readonly start: Named
  /** [S,...] each: a slice for every step. */
  readonly series: Named
  /** Whether the last slice is read first. */
  readonly reverse: boolean
  step(slices: Named, state: Named): { readonly outputs: Named; readonly state: Named }
}

/**
 * Weights of a cell that ONNX has an operator for: GRU (gates z, r, n; reset after the product), LSTM (i, o, f, g; no
 * peepholes), RNN (tanh). Gates are side by side in the last axis; what a gate adds up has both biases.
 */
export interface OperatorWeights {
  readonly operator: 'GRU' | 'LSTM' | 'RNN'
  /** What the cell calls the gates, in the operator's order. */
  readonly gates?: readonly string[]
  /** [I,G]. */
  readonly kernel: Tensor2D
  /** [H,G]. */
  readonly recurrentKernel: Tensor2D
  /** [G], of the product with the input. */
  readonly bias: Tensor1D
  /** [G], of the product with the state; absent: zeros. */
  readonly recurrentBias?: Tensor1D
}

/** A layer that is one operator: each row goes over the first of its steps, as many as it has. */
export interface OperatorLayer extends OperatorWeights {
  /** The cell's parameters, and what it calls the operator's states. */
  readonly params: Tree<Tensor>
  readonly states: readonly string[]
  /** [S,B,I]. */
  readonly xs: Tensor3D
  /** [B] int32. */
  readonly lengths: Tensor1D
  /** The states before, [B,H] each, in the operator's order; none: zeros. */
  readonly start: readonly Tensor2D[]
  /** Whether a row's last step is read first. */
  readonly reverse: boolean
}

/** A backend that takes recurrences as they are, whatever the number of their steps. */
export interface LoopingBackend {
  /** Outputs [S,...], in the order of the series, and the last state. */
  loop(recurrence: Recurrence): { readonly outputs: Named; readonly state: Named }
  /** Outputs [S,B,H], 0 beyond a row's end, and the last states [B,H]; of a row without a step 0, whatever it starts from. */
  layer(layer: OperatorLayer): { readonly outputs: Tensor3D; readonly states: readonly Tensor2D[] }
  /** Names what a step of the cell with these parameters gives, for readers of the graph: `decoder/stack/layer1/z`. */
  name(params: Tree<Tensor>, tensors: Named): void
}

/** The backend in use, where it is one that takes recurrences; else steps are taken one after the other. */
export function loopingBackend(): LoopingBackend | undefined {
  const backend: unknown = tf.backend()
  return isLooping(backend) ? backend : undefined
}

function isLooping(backend: unknown): backend is LoopingBackend {
  return typeof backend === 'object' && backend !== null && 'loop' in backend && typeof backend.loop === 'function'
}
