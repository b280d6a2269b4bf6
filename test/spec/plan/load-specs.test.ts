import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createValidate } from '../../../src/spec/document/validate.js'
import { loadSpecs, othersOf } from '../../../src/spec/plan/load-specs.js'
import { documentOf } from './documents.js'
import { taggerText, unchecked } from './loaded.js'

const folder = mkdtempSync(join(tmpdir(), 'seqlab-load-specs-'))
afterAll(() => rmSync(folder, { recursive: true }))
const validate = createValidate()

function written(name: string, text = taggerText): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

const labelsOf = (files: readonly string[], set: readonly string[] = []) =>
  loadSpecs(files, { set, validate }).specs.map(({ label, variant }) => [label, variant])

test('a file is a spec that knows where it is from', () => {
  const file = written('one.yaml')
  const { specs, problems, others } = loadSpecs([file], { validate })
  expect([problems, others]).toEqual([[], []])
  expect(specs).toHaveLength(1)
  expect(specs[0]).toMatchObject({ file, baseDir: folder, label: 'one', variant: {}, spec: { name: 'one' } })
  expect(specs[0]?.written.place).toMatchObject({ file })
  expect(loadSpecs([file], { dataDir: 'data', validate }).specs[0]?.baseDir).toBe(resolve('data'))
})

test('what was set distinguishes one spec from itself, and the variants of several', () => {
  const [one, two] = [written('one.yaml'), written('two.yaml')]
  expect(labelsOf([one], ['seed=3'])).toEqual([['one seed=3', {}]])
  expect(labelsOf([one], ['seed=3', 'train.steps=4,5'])).toEqual([
    ['one steps=4', { 'train.steps': 4 }],
    ['one steps=5', { 'train.steps': 5 }],
  ])
  expect(labelsOf([one, two], ['seed=3'])).toEqual([
    ['one', {}],
    ['two', {}],
  ])
})

test('every problem of every file, each once, and the data of those that can be read', () => {
  const wrong = written('wrong.yaml', taggerText.replace('hidden: 3', 'hidden: 0'))
  const misnamed = written('misnamed.yaml', taggerText.replace('task: tag', 'task: tagg'))
  const files = [wrong, written('one.yaml'), join(folder, 'gone.yaml'), misnamed]
  const { specs, problems, others } = loadSpecs(files, { set: ['seed=1,2', 'steps'], validate })
  expect(specs.map(({ label }) => label)).toEqual(['one seed=1', 'one seed=2'])
  expect(problems.map(({ path, place }) => [path, place?.file])).toEqual([
    ['', '--set steps'],
    ['model.encoder.hidden', wrong],
    ['', join(folder, 'gone.yaml')],
    ['task', misnamed],
  ])
  expect(others?.map(({ spec, baseDir, written: { place } }) => [spec.task.type, baseDir, place.file])).toEqual([
    ['tag', folder, wrong],
    ['tag', folder, wrong],
  ])
})

test('the data of a spec that is wrong elsewhere', () => {
  const { spec } = unchecked(taggerText)
  const node = documentOf(taggerText)
  expect(othersOf({ dataOf: spec }, 'x', node)).toEqual([{ spec, baseDir: 'x', written: node }])
  expect(othersOf({}, 'x', node)).toEqual([])
})
