import { type Tensor2D, type Tensor3D, tf } from '../../core/tf.js'

/** One dense layer over every step: xs [B,S,I], kernel [I,O] -> [B,S,O], as one matrix product. */
export function denseSteps(xs: Tensor3D, kernel: Tensor2D): Tensor3D {
  const [batch, steps, width] = xs.shape
  const flat = tf.matMul(tf.reshape(xs, [batch * steps, width]), kernel)
  return tf.reshape(flat, [batch, steps, kernel.shape[1]])
}

/** Inner product of one query with every key: query [B,K], keys [B,S,K] -> [B,S]. */
export function innerProducts(query: Tensor2D, keys: Tensor3D): Tensor2D {
  return tf.squeeze(tf.matMul(keys, tf.expandDims(query, 2)), [2])
}

/** What scorers that compare query and key number by number say of unequal sizes. */
export function refuseUnequal(name: string, { query, key }: { query: number; key: number }): string | undefined {
  if (query === key) return undefined
  return `the ${name} scorer needs a query (the decoder's hidden size, ${query}) and keys (the encoder's output size, ${key}) of equal size`
}
