import { type Tensor, tf } from './tf.js'

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

/** A backend that takes a recurrence as it is, whatever the number of its steps: outputs [S,...], in the order of the series, and the last state. */
export interface LoopingBackend {
  loop(recurrence: Recurrence): { readonly outputs: Named; readonly state: Named }
}

/** The backend in use, where it is one that takes recurrences; else steps are taken one after the other. */
export function loopingBackend(): LoopingBackend | undefined {
  const backend: unknown = tf.backend()
  return isLooping(backend) ? backend : undefined
}

function isLooping(backend: unknown): backend is LoopingBackend {
  return typeof backend === 'object' && backend !== null && 'loop' in backend && typeof backend.loop === 'function'
}
