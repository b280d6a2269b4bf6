import { type Tensor, tf } from '../../core/tf.js'
import { withGradient } from './series.js'

/** Plain data with tensors in it: records and lists of them; what is not there is left out. */
export type Structure = Tensor | undefined | readonly Structure[] | { readonly [name: string]: Structure }

/**
 * `withGradient` over plain data instead of lists: `backward` gets the inputs and what `forward` kept in the forms that
 * they had, and returns a gradient for every tensor of the inputs, in their form.
 */
export function withStructuredGradient<T extends Tensor, I extends object, K extends object>(
  inputs: I,
  forward: () => { readonly value: T; readonly kept: K },
  backward: (gradient: T, inputs: I, kept: K) => I,
): T {
  let form: K | undefined
  return withGradient(
    tensorsIn(inputs as Structure),
    () => {
      const { value, kept } = forward()
      form = kept
      return { value, kept: tensorsIn(kept as Structure) }
    },
    (gradient, given, saved) => {
      const kept = refilled(form as Structure, saved) as K
      return gradientsOf(inputs as Structure, backward(gradient, refilled(inputs as Structure, given) as I, kept))
    },
  )
}

function tensorsIn(data: Structure): Tensor[] {
  if (data === undefined) return []
  return data instanceof tf.Tensor ? [data] : Object.values(data).flatMap(tensorsIn)
}

/** The same form with other tensors in the places of its own, in order. */
function refilled(form: Structure, tensors: readonly Tensor[]): Structure {
  let next = 0
  const refill = (data: Structure): Structure => {
    if (data === undefined) return undefined
    if (data instanceof tf.Tensor) return tensors[next++]
    if (Array.isArray(data)) return data.map(refill)
    return Object.fromEntries(Object.entries(data).map(([name, part]) => [name, refill(part)]))
  }
  return refill(form)
}

/** Gradients in the order of what they belong to. */
function gradientsOf(inputs: Structure, gradients: unknown, path = ''): Tensor[] {
  if (inputs === undefined) return []
  if (inputs instanceof tf.Tensor) {
    if (gradients instanceof tf.Tensor) return [gradients]
    throw new RangeError(`The way back gives no gradient for ${path}`)
  }
  return Object.entries(inputs).flatMap(([name, part]) =>
    gradientsOf(part, (gradients as Record<string, unknown> | undefined)?.[name], `${path}/${name}`),
  )
}
