/** Element types of an engine's inputs and outputs. Booleans occur only inside graphs. */
export type DType = 'float32' | 'int32'

/** A tensor's type. Axis names in comments: B batch, S source steps, T target steps, E embedding, H hidden, V vocabulary. */
export interface TensorSpec {
  readonly dtype: DType
  readonly shape: readonly number[]
}

/** A tensor in JavaScript memory, row-major. */
export interface HostTensor extends TensorSpec {
  readonly data: Float32Array | Int32Array
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

export function floats(data: Float32Array | readonly number[], shape: readonly number[]): HostTensor {
  return checked({ dtype: 'float32', shape, data: data instanceof Float32Array ? data : Float32Array.from(data) })
}

export function ints(data: Int32Array | readonly number[], shape: readonly number[]): HostTensor {
  return checked({ dtype: 'int32', shape, data: data instanceof Int32Array ? data : Int32Array.from(data) })
}

export function zeros(spec: TensorSpec): HostTensor {
  const size = sizeOf(spec.shape)
  const data = spec.dtype === 'float32' ? new Float32Array(size) : new Int32Array(size)
  return { dtype: spec.dtype, shape: spec.shape, data }
}

/** A tensor of its spec's initial value; of zeros where it has none. */
export function filled({ initial = 0, ...spec }: TensorSpec & { readonly initial?: number }): HostTensor {
  const tensor = zeros(spec)
  return initial === 0 ? tensor : { ...tensor, data: tensor.data.fill(initial) }
}

function checked(tensor: HostTensor): HostTensor {
  const expected = sizeOf(tensor.shape)
  if (tensor.data.length !== expected) {
    throw new RangeError(`A [${tensor.shape.join(', ')}] tensor has ${expected} elements, not ${tensor.data.length}`)
  }
  return tensor
}

/** Rows and steps of a padded batch. Steps are tokens as stored: a task that adds bos or eos adds their steps. */
export interface BatchShape {
  readonly batch: number
  readonly source: number
  readonly target: number
}
