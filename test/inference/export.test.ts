import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { peerPython } from '../../bench/step/peers.js'
import { exportRun } from '../../src/inference/export.js'
import { openModel } from '../../src/inference/open-model.js'
import { withExportedForm } from '../support/exported-model.js'

const made: string[] = []
const folder = () => {
  const made1 = mkdtempSync(join(tmpdir(), 'seqlab-export-'))
  made.push(made1)
  return made1
}
afterAll(() => {
  for (const each of made) rmSync(each, { recursive: true })
})

async function exportOf(task: string) {
  const [model, onnx] = [await withExportedForm(task), folder()]
  made.push(model)
  return { model, onnx, paths: await exportRun(model, onnx) }
}

it('writes functions, parameters, description, a README and predict.py, and says what they take', async () => {
  const { onnx, paths } = await exportOf('transduce')
  const names = [
    'encode.onnx',
    'step.onnx',
    'greedy-steps.onnx',
    'model.safetensors',
    'model.json',
    'predict.py',
    'README.md',
  ]
  expect(paths).toEqual(names.map((name) => join(onnx, name)))
  const readme = readFileSync(join(onnx, 'README.md'), 'utf8')
  expect(readme).toContain('| in | `previous` | int32 | [N] |')
  expect(readme).toContain('| out | `logProbs` | float32 | [N, 8] |')
})

it('a model from before the exported form is refused', async () => {
  const golden = fileURLToPath(new URL('../goldens/models/tag', import.meta.url))
  await expect(exportRun(golden, folder())).rejects.toThrow('without its exported form')
})

const candidates = [peerPython(), process.env.SEQLAB_PYTHON, 'python3'].filter((python) => python !== undefined)
const python = candidates.find((one) => spawnSync(one, ['-c', 'import numpy, onnxruntime']).status === 0)

/** 500 lines of the symbols that a model knows, and of some that it does not. */
function lines(model: string): string[] {
  const { vocabularies, spec } = JSON.parse(readFileSync(join(model, 'model.json'), 'utf8'))
  const symbols: string[] = [...vocabularies.source.symbols.slice(4), '~']
  const joiner = spec.data.sourceTokens?.type === 'characters' ? '' : ' '
  return Array.from({ length: 500 }, (_, line) => {
    return Array.from({ length: 1 + (line % 7) }, (_, at) => symbols[(line * (at + 3) + at) % symbols.length]).join(
      joiner,
    )
  })
}

describe.skipIf(python === undefined)("predict.py gives what seqlab gives, in Python's ONNX Runtime", () => {
  it.each([
    ['transduce', 1],
    ['transduce', 4],
    ['tag', 1],
    ['classify', 1],
  ] as const)('%s, a beam of %i', async (task, width) => {
    const { model, onnx } = await exportOf(task)
    const sources = lines(model)
    const options = ['--beam', String(width)]
    const ran = spawnSync(python ?? '', [join(onnx, 'predict.py'), ...options], {
      input: `${sources.join('\n')}\n`,
      encoding: 'utf8',
    })
    expect(ran.stderr).toBe('')
    const opened = await openModel(model)
    const decode = { type: 'beam', width, lengthNormalisation: 0, nBest: 1 } as const
    const outputs = await opened.predict(sources, { decode })
    await opened.dispose()
    expect(ran.stdout.split('\n').slice(0, -1)).toEqual(outputs.map(({ text }) => text))
  })
})
