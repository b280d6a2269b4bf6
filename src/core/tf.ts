// The one file that imports TF.js, and it does so when the first operation is asked for: importing a part, a spec or a
// command loads none of it. The union package is needed: tfjs-core alone has no gradients registered.
import { createRequire } from 'node:module'
import type * as TfModule from '@tensorflow/tfjs'

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
