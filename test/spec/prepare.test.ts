import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type PrepareOptions, prepare } from '../../src/spec/prepare.js'
import { readStartingState } from '../../src/store/trial/starting-state.js'

const folder = mkdtempSync(join(tmpdir(), 'seqlab-prepare-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A file over specs that fit their data. */
function prepared(text: string, more: Partial<PrepareOptions> = {}) {
  const file = join(folder, 'study.yaml')
  writeFileSync(file, `extends: ${resolve('test/spec/unfit/base.yaml')}\n${text}\n`)
  return prepare([file], { kind: 'either', readState: readStartingState, ...more })
}

describe('what is wrong anywhere is told, and then there is no plan', () => {
  it.each([
    ['a spec', 'model: { encoder: { hidden: none } }', 'model.encoder.hidden'],
    ['rules between its sections', 'train: { validate: { select: mase } }', 'train.validate.select'],
    [
      'the files of its data',
      'data: { source: { type: tsv, train: nowhere.tsv, dev: nowhere.tsv, test: nowhere.tsv } }',
      'data',
    ],
    ['a spec on its data', 'train: { freeze: [nothing] }', 'train.freeze.0'],
    ['a number of parameters that no size gives', 'match: { parameters: 100 }', 'match'],
    ['a size that no variant has', 'match: { parameters: 900, by: [model.encoder.nothing] }', 'match'],
    ['the grid', 'grid: { model.encoder.hidden: [4, 4] }', ''],
  ])('%s', async (_, text, at) => {
    const { problems, plan } = await prepared(text)
    expect(problems.map(({ path }) => path)).toEqual([at])
    expect(plan).toBeUndefined()
  })

  it('mistakes in specs and in data, of all variants, in one round', async () => {
    const grid = `grid: { model.encoder.hidden: [none, 4], data.source: [
      { type: tsv, train: a.tsv, dev: b.tsv, test: b.tsv }, { type: tsv, file: c.tsv }] }`
    const { problems } = await prepared(grid)
    const files = problems.flatMap(({ hint }) => /looked at .*(.\.tsv)/.exec(hint ?? '')?.[1] ?? [])
    expect(files.sort()).toEqual(['a.tsv', 'b.tsv', 'c.tsv'])
    expect(problems.map(({ path }) => path)).toContain('model.encoder.hidden')
    const one = await prepared('data: { source: { type: tsv, file: d.tsv } }\nmodel: { encoder: { hidden: none } }')
    expect(one.problems.map(({ path }) => path).sort()).toEqual(['data', 'model.encoder.hidden'])
  })

  it('a trial twice', async () => {
    const base = resolve('test/spec/unfit/base.yaml')
    const { problems, plan } = await prepare([base, base], { kind: 'specs', readState: readStartingState })
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('are the same trial')])
    expect(plan).toBeUndefined()
  })

  it('nothing', async () => {
    const { problems, plan, specs } = await prepared('seeds: [1, 2]')
    expect(problems).toEqual([])
    expect(specs.map(({ dataset }) => dataset?.digests)).toEqual([
      { training: expect.any(String), test: expect.any(String) },
    ])
    expect(plan?.trials.map(({ seed }) => seed)).toEqual([1, 2])
  })
})

describe('without data', () => {
  it('tells what is wrong with the spec and with the names in it, and gives no plan', async () => {
    const told = async (text: string) => {
      const { problems, plan } = await prepared(text, { data: false })
      expect(plan).toBeUndefined()
      return problems.map(({ path }) => path)
    }
    expect(await told('train: { freeze: [nothing] }')).toEqual(['train.freeze.0'])
    expect(await told('model: { encoder: { hidden: none } }')).toEqual(['model.encoder.hidden'])
    expect(await told('')).toEqual([])
  })
})
