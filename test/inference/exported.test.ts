import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../../src/engine/index.js'
import type { Engine } from '../../src/engine/types.js'
import { openModel } from '../../src/inference/open-model.js'
import { tasks } from '../../src/task/index.js'
import { withExportedForm } from '../support/exported-model.js'

const made: string[] = []
let engine: Engine

beforeAll(async () => {
  engine = await createEngine('tfjs-cpu', { threads: 1 })
})
afterAll(async () => {
  await engine.dispose()
  for (const folder of made) rmSync(folder, { recursive: true })
})

async function folderOf(task: string): Promise<string> {
  const folder = await withExportedForm(task)
  made.push(folder)
  return folder
}

describe.each(tasks.names)('the exported form of %s', (task) => {
  it('gives what the reference engine gives, for any number of sources', async () => {
    const folder = await folderOf(task)
    const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'))
    const sources = expected.map((each: { source: unknown }) => each.source)
    const [exported, traced] = [await openModel(folder), await openModel(folder, { engine })]
    for (const count of [1, 2, 3]) {
      const some = sources.slice(0, count)
      const options = { alignments: true, decode: { type: 'greedy' } } as const
      const [found, wanted] = [await exported.predict(some, options), await traced.predict(some, options)]
      expect(found.map(({ text, tokens }) => ({ text, tokens }))).toEqual(
        wanted.map(({ text, tokens }) => ({ text, tokens })),
      )
      found.forEach((one, at) => {
        const other = wanted[at]
        expect(Math.abs(one.score - (other?.score ?? Number.NaN))).toBeLessThan(1e-5)
        const numbers = (of: typeof other) => [...(of?.values ?? []), ...(of?.alignment ?? [])].flat()
        expect(numbers(one)).toHaveLength(numbers(other).length)
        numbers(one).forEach((number, place) => {
          expect(Math.abs(number - (numbers(other)[place] ?? Number.NaN))).toBeLessThan(1e-5)
        })
      })
    }
    await exported.dispose()
    await traced.dispose()
  })
})

it('a function whose file was changed is refused', async () => {
  const folder = await folderOf('tag')
  const file = join(folder, 'tag.onnx')
  const bytes = readFileSync(file)
  bytes[100] = (bytes[100] ?? 0) ^ 1
  const { writeFileSync } = await import('node:fs')
  writeFileSync(file, bytes)
  await expect(openModel(folder)).rejects.toThrow(`${file} is damaged: its checksum does not match`)
})

it('names the sizes that vary, and reads the parameters beside it', async () => {
  const folder = await folderOf('transduce')
  const { functions } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'))
  expect(functions.encode.inputs).toEqual([
    { name: 'ids', dtype: 'int32', shape: ['B', 'S'] },
    { name: 'mask', dtype: 'float32', shape: ['B', 'S'] },
  ])
  expect(functions.step.inputs.map(({ name, shape }: { name: string; shape: unknown }) => `${name} ${shape}`)).toEqual(
    expect.arrayContaining(['examples N', 'parents N', 'previous N', 'state.query M,4', 'memory.bias B,S']),
  )
  const step = await InferenceSession.create(join(folder, 'encode.onnx'))
  const source = { ids: new Tensor('int32', [4, 5, 4, 0], [2, 2]), mask: new Tensor('float32', [1, 1, 1, 0], [2, 2]) }
  const { 'memory.bias': bias } = await step.run(source)
  expect(bias?.dims).toEqual([2, 2])
  await step.release()
})
