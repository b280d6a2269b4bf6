// The one file that loads TF.js, and it does so when the first operation is asked for: importing a part, a spec or a
// command loads none of it. tfjs-core alone has no gradients registered: from sources it is the union package that is
// loaded, from the bundle what core/tfjs.ts has of it.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type * as TfModule from '@tensorflow/tfjs-core'
import { SeqlabError } from './errors.js'
import { builtRoot, isBundled } from './package.js'

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
  loaded ??= quiet(createRequire(import.meta.url)(isBundled ? join(builtRoot, 'tfjs.cjs') : '@tensorflow/tfjs'))
  return loaded
}

/**
 * TF.js prints a banner that recommends tfjs-node when it is loaded in Node; production mode keeps it quiet. (Not IS_TEST:
 * that makes TF.js count tensors around each operation, and takes what a custom gradient keeps for a leak.)
 */
function quiet(library: TfLibrary): TfLibrary {
  library.enableProdMode()
  return library
}

/**
 * Binds the TF.js that another package brings and registers its backend on, so that a thread has one instance. Throws
 * SeqlabError 'engine' where another one has computed already: its tensors and kernels would be strangers to this one.
 */
export function bindTf(library: TfLibrary): void {
  if (loaded !== undefined && loaded.Tensor !== library.Tensor) {
    throw new SeqlabError('engine', 'Another instance of TF.js is loaded in this thread', {
      hint: 'Use the engine tfjs-node in a process of its own.',
    })
  }
  loaded = quiet(library)
}

/** TF.js, bound at its first use. */
export const tf = new Proxy<TfLibrary>(Object.create(null), { get: (_, name) => Reflect.get(library(), name) })
