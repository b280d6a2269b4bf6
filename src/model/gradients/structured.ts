import { withGradient } from '../../core/ops.js'
import { type Tensor, tf } from '../../core/tf.js'

/**
 * `withGradient` over plain data (records and lists of tensors; what is undefined is left out) in the place of lists:
 * `backward` gets the inputs and the residuals in the forms that they had, and returns a gradient for every tensor of the
 * inputs, in their form. Throws RangeError where one is missing.
 */
export function withStructuredGradient<T extends Tensor, I extends object, R extends object>(
  inputs: I,
  forward: () => { readonly value: T; readonly residuals: R },
  backward: (gradient: T, inputs: I, residuals: R) => I,
): T {
  let form: R | undefined
  return withGradient(
    tensorsIn(inputs),
    () => {
      const { value, residuals } = forward()
      form = residuals
      return { value, residuals: tensorsIn(residuals) }
    },
    (gradient, given, saved) => {
      if (form === undefined) throw new RangeError('The backward pass comes after the forward pass')
      return gradientsOf(inputs, backward(gradient, refilled(inputs, given), refilled(form, saved)))
    },
  )
}

function tensorsIn(data: unknown): Tensor[] {
  if (data instanceof tf.Tensor) return [data]
  return typeof data === 'object' && data !== null ? Object.values(data).flatMap(tensorsIn) : []
}

/** The same form with other tensors in the places of its own, in order. */
function refilled<S>(form: S, tensors: readonly Tensor[]): S {
  let next = 0
  const refill = (data: unknown): unknown => {
    if (data instanceof tf.Tensor) return tensors[next++]
    if (Array.isArray(data)) return data.map(refill)
    if (typeof data !== 'object' || data === null) return data
    return Object.fromEntries(Object.entries(data).map(([name, part]) => [name, refill(part)]))
  }
  return refill(form) as S
}

/** Gradients in the order of what they belong to. */
function gradientsOf(inputs: unknown, gradients: unknown, path = ''): Tensor[] {
  if (inputs instanceof tf.Tensor) {
    if (gradients instanceof tf.Tensor) return [gradients]
    throw new RangeError(`The backward pass gives no gradient for ${path}`)
  }
  if (typeof inputs !== 'object' || inputs === null) return []
  const branch = typeof gradients === 'object' && gradients !== null ? gradients : {}
  return Object.entries(inputs).flatMap(([name, part]) =>
    gradientsOf(part, Reflect.get(branch, name), `${path}/${name}`),
  )
}
