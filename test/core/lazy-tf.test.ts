import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

const modules = [
  // Every registry of parts, reading specs, training, evaluation, the choice of an engine, the tracing backend.
  './src/spec/catalogue.ts',
  './src/spec/plan/load-specs.ts',
  './src/train/loop/trial.ts',
  './src/task/evaluate.ts',
  './src/engine/index.ts',
  './src/engine/compiled/backend.ts',
]

/** In a process of its own: how many files of TF.js and ONNX Runtime are loaded after each import, and after an operation. */
const script = `
  import { createRequire } from 'node:module'
  const { cache } = createRequire(import.meta.url)
  const loaded = () => Object.keys(cache).filter((file) => /@tensorflow|onnxruntime/.test(file)).length
  const counts = {}
  for (const file of ${JSON.stringify(modules)}) {
    await import(file)
    counts[file] = loaded()
  }
  const { tf } = await import('./src/core/tf.ts')
  tf.scalar(1)
  console.log(JSON.stringify({ counts, operation: loaded() }))`

test('importing parts, specs, training or an engine loads neither TF.js nor ONNX Runtime; the first operation does', () => {
  const args = ['--import', 'tsx', '--input-type=module', '-e', script]
  const { counts, operation } = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))
  expect(counts).toEqual(Object.fromEntries(modules.map((file) => [file, 0])))
  expect(operation).toBeGreaterThan(0)
})
