import { afterAll, beforeAll, expect, it, test } from 'vitest'
import { createEngine } from '../../src/engine/index.js'
import type { Engine } from '../../src/engine/types.js'
import { check } from '../../src/library/check.js'
import { evaluationId, trialId } from '../../src/spec/hash.js'
import { giveParts, ownFiles, takeParts } from '../../src/spec/own/given.js'
import { readOwnFile } from '../../src/spec/own/read.js'
import { requireParts } from '../../src/spec/own/required.js'

// Own parts in this process: it keeps them, so that this file runs in one of its own (vitest.config.ts).
const file = 'test/own/files/mine.js'

async function resolved(path: string) {
  const { files, problems } = await check(path, { data: false })
  expect(problems).toEqual([])
  return files.flatMap(({ specs }) => specs.map(({ spec }) => spec))
}

async function idsOf(path: string) {
  return (await resolved(path)).map((spec) => [trialId(spec, 1, 'data'), evaluationId(spec, 'test')])
}

let compiled: Engine
let reference: Engine
let before: Awaited<ReturnType<typeof idsOf>>
beforeAll(async () => {
  before = await idsOf('test/spec/broken/base.yaml')
  await giveParts([file])
  compiled = await createEngine('compiled', { threads: 1 })
  reference = await createEngine('tfjs-cpu', { threads: 1 })
})
afterAll(async () => {
  await compiled.dispose()
  await reference.dispose()
})

test('a spec without own parts is what it was, whatever is given', async () => {
  expect(await idsOf('test/spec/broken/base.yaml')).toEqual(before)
})

test('a file that is given twice, or comes back from another thread, is one', async () => {
  await giveParts([file])
  const [own, ...others] = ownFiles()
  expect(others).toEqual([])
  await takeParts(structuredClone(ownFiles()))
  expect(ownFiles()).toHaveLength(1)
  requireParts([{ file: 'mine.js', digest: own?.digest ?? '' }], 'model.json')
})

test('a text that is not the one of its digest is refused', async () => {
  const read = await readOwnFile(file)
  const changed = { ...read, modules: read.modules.map((module) => ({ ...module, text: `${module.text}\n` })) }
  await expect(takeParts([changed])).rejects.toThrow('test/own/files/mine.js is not what was read')
})

test('where a file is, and what it is called, is no part of its digest', async () => {
  const read = await readOwnFile(file)
  const again = await readOwnFile(`./test/../${file}`)
  expect(again.digest).toBe(read.digest)
})

// The grid is made of what the registries have when it is imported.
it('own cell and own scorer pass what the conformance grid asks of every part', async () => {
  const { conform } = await import('../conformance/checks.js')
  const { everyCombination, isLegal, resolve } = await import('../conformance/combinations.js')
  const wanted = ['leaky | one layer | attention', 'gru | both directions | attention']
  const written = everyCombination().filter(
    ([name]) =>
      name.includes('scaled-general') && wanted.some((start) => name.startsWith(start)) && / \| both$/.test(name),
  )
  const combinations = written.map(resolve).filter(isLegal)
  expect(combinations.length).toBeGreaterThanOrEqual(2)
  for (const combination of [combinations[0], combinations.at(-1)])
    if (combination !== undefined) await conform(combination, compiled, reference)
})
