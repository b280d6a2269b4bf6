import { matrix } from '../../src/core/ops.js'
import { floats, zeros } from '../../src/core/tensors.js'
import { tf } from '../../src/core/tf.js'
import { createEngine } from '../../src/engine/index.js'

const N = 1024

/** The best GFLOP/s of a [1024,1024] product in ONNX Runtime: the roof that steps are measured against. */
export async function gemmPeak(threads: number): Promise<number> {
  const engine = await createEngine('compiled', { threads })
  const spec = { dtype: 'float32', shape: [N, N] } as const
  // The sum keeps the product's result from crossing into JavaScript.
  const product = await engine.compile(
    'peak',
    (state) => ({ outputs: { sum: tf.sum(tf.matMul(matrix(state, 'a'), matrix(state, 'b'))) } }),
    { state: { a: spec, b: spec }, inputs: {} },
  )
  const state = engine.createState({ a: floats(new Float32Array(N * N).fill(0.5), [N, N]), b: zeros(spec) })
  let best = Number.POSITIVE_INFINITY
  for (let run = 0; run < 12; run++) {
    const start = performance.now()
    await product.run(state, {})
    best = Math.min(best, performance.now() - start)
  }
  state.dispose()
  await engine.dispose()
  return (2 * N ** 3) / best / 1e6
}
