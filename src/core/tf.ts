// The one file that imports TF.js, and it does so when the first operation is asked for: importing a part, a spec or a
// command loads none of it. The union package is needed: tfjs-core alone has no gradients registered.
import { createRequire } from 'node:module'
import type * as TfModule from '@tensorflow/tfjs'
import { leaf, type Tree } from './tree.js'

/** TF.js's types by name: `TfTypes.DataType`. */
export type { TfModule as TfTypes }

export type TfLibrary = typeof TfModule
export type Tensor = TfModule.Tensor
export type Tensor1D = TfModule.Tensor1D
export type Tensor2D = TfModule.Tensor2D
export type Tensor3D = TfModule.Tensor3D
export type Tensor4D = TfModule.Tensor4D
export type Scalar = TfModule.Scalar

let loaded: TfLibrary | undefined

/** TF.js itself; loads it where nothing has before. */
function library(): TfLibrary {
  loaded ??= load()
  return loaded
}

/**
 * TF.js prints a banner that recommends tfjs-node when it is loaded in Node; production mode keeps it quiet. (Not IS_TEST:
 * that makes TF.js count tensors around each operation, and takes what a custom gradient keeps for a leak.)
 */
function load(): TfLibrary {
  const library: TfLibrary = createRequire(import.meta.url)('@tensorflow/tfjs')
  library.enableProdMode()
  return library
}

/** TF.js, bound at its first use. */
export const tf = new Proxy<TfLibrary>(Object.create(null), { get: (_, name) => Reflect.get(library(), name) })

/** Whether anything has loaded TF.js yet (for tests of what a command loads). */
export function isTfLoaded(): boolean {
  return loaded !== undefined
}

// ---- for code that has not moved to core/ops.ts yet ----------------------------------------------------------------

/** The tensor called `name` in a tree of parameters, states or inputs. */
export function tensor<T extends Tensor = Tensor>(tree: Tree<Tensor>, name: string): T {
  return leaf(tree, name) as T
}

/** core/ops `unstack`, untyped. */
export function unstack<T extends Tensor = Tensor>(x: Tensor, axis: number): T[] {
  return (x.shape[axis] === 1 ? [tf.squeeze(x, [axis])] : tf.unstack(x, axis)) as T[]
}

/** core/ops `withoutGradient`. */
export function withoutGradient<T extends Tensor>(compute: () => T): T {
  const constant = tf.customGrad(() => ({ value: compute(), gradFunc: () => tf.scalar(0) }))
  return constant(tf.scalar(0)) as T
}
