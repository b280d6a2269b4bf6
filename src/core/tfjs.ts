// What the bundle has of TF.js (dist/tfjs.cjs): the operations, every gradient, and the CPU backend; neither layers,
// converters, data sets nor WebGL, which the union package has too.
import '@tensorflow/tfjs-core/dist/register_all_gradients.js'
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js'
import '@tensorflow/tfjs-backend-cpu'

export * from '@tensorflow/tfjs-core'
