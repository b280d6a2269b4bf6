import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { peerPython } from '../../bench/step/peers.js'
import type { HostTensor } from '../../src/core/tensors.js'
import type { Tree } from '../../src/core/tree.js'
import { vocabulariesOf } from '../../src/data/description.js'
import { encode } from '../../src/decode/encode.js'
import { searchMethods } from '../../src/decode/index.js'
import type { RunPure } from '../../src/decode/types.js'
import { createEngine } from '../../src/engine/index.js'
import { exportFiles } from '../../src/inference/export.js'
import { initialise } from '../../src/model/initialise.js'
import { buildTransducer } from '../../src/model/transducer.js'
import { modelSizes } from '../../src/task/sizes.js'
import { specsOf } from '../engine/helpers.js'
import { reversals, toySettings } from '../train/toy.js'

const dataset = reversals()
const transducer = buildTransducer(toySettings.model, modelSizes(dataset))
/** Far from zero, so that greedy choices differ from source to source. */
const params = initialise(transducer.parameters, 3)
const sizes = modelSizes(dataset)
const description = { label: 'toy', vocabularies: vocabulariesOf(dataset) }
const files = exportFiles({ description, spec: toySettings, sizes, params })
const sources = [[4, 5, 6], [7], [6, 6], [5, 4, 7]]
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seqlab-export-'))
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
})
afterAll(() => rm(folder, { recursive: true }))

/** seqlab's own greedy search on the reference engine. */
async function ownOutputs(): Promise<(readonly number[])[]> {
  const engine = await createEngine('tfjs-cpu', { threads: 1 })
  const state = engine.createState(params)
  const run: RunPure = async (name, pure, inputs) => {
    const outputs = (given: Parameters<typeof pure>[0], tensors: Parameters<typeof pure>[1]) => ({
      outputs: pure(given, tensors),
    })
    const executable = await engine.compile(name, outputs, { state: specsOf(params), inputs: specsOf(inputs) })
    return executable.run(state, inputs)
  }
  const padded = sources.map((ids) => [...ids, 0, 0].slice(0, 3))
  const mask = sources.map((ids) => [1, 1, 1].map((one, t) => (t < ids.length ? one : 0)))
  const source: Tree<HostTensor> = {
    ids: { dtype: 'int32', shape: [4, 3], data: Int32Array.from(padded.flat()) },
    mask: { dtype: 'float32', shape: [4, 3], data: Float32Array.from(mask.flat()) },
  }
  const settings = { specials: { pad: 0, bos: 1, eos: 2 }, maxLength: 16, alignments: 0, seed: 1 }
  const found = await searchMethods.build({ type: 'greedy' })(
    run,
    transducer,
    await encode(run, transducer, source),
    [0, 1, 2, 3],
    settings,
  )
  state.dispose()
  return found.map(({ ids }) => ids)
}

it('says what the files take and give', async () => {
  expect(Object.keys(files)).toEqual(['encoder.onnx', 'step.onnx', 'symbols.json', 'greedy.py', 'README.md'])
  expect(files['README.md']).toContain('| in | `previous` | int32 | [1] |')
  expect(files['README.md']).toContain('| out | `logProbs` | float32 | [1, 8] |')
  const encoder = await InferenceSession.create(files['encoder.onnx'] as Uint8Array)
  expect([...encoder.inputNames].sort()).toEqual(['ids', 'mask'])
  await encoder.release()
})

it('gives log probabilities that sum to one', async () => {
  const encoder = await InferenceSession.create(files['encoder.onnx'] as Uint8Array)
  const step = await InferenceSession.create(files['step.onnx'] as Uint8Array)
  const ids = new OrtTensor('int32', Int32Array.from([4, 5, 0]), [1, 3])
  const mask = new OrtTensor('float32', Float32Array.from([1, 1, 0]), [1, 3])
  const carried = { ...(await encoder.run({ ids, mask })), previous: new OrtTensor('int32', Int32Array.from([1]), [1]) }
  const feeds = Object.fromEntries(Object.entries(carried).filter(([name]) => step.inputNames.includes(name)))
  const { logProbs } = await step.run(feeds)
  const total = Array.from(logProbs?.data as Float32Array, Math.exp).reduce((sum, p) => sum + p, 0)
  expect(total).toBeCloseTo(1, 5)
  await encoder.release()
  await step.release()
})

const candidates = [peerPython(), process.env.SEQLAB_PYTHON, 'python3'].filter((python) => python !== undefined)
const python = candidates.find((one) => spawnSync(one, ['-c', 'import numpy, onnxruntime']).status === 0)

it.skipIf(python === undefined)("gives seqlab's own greedy outputs in Python's ONNX Runtime", async () => {
  const input = `${sources.map((ids) => ids.join(' ')).join('\n')}\n`
  const printed = execFileSync(python ?? '', [join(folder, 'greedy.py')], { input, encoding: 'utf8' })
  const lines = printed.trimEnd().split('\n')
  const outputs = lines.map((line) =>
    line
      .split(' ')
      .filter((word) => word !== '')
      .map(Number),
  )
  expect(outputs.map((ids) => ids.slice(0, 16))).toEqual(await ownOutputs())
})
