import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type Node, toJson } from '../../src/spec/document/nodes.js'
import { readYaml } from '../../src/spec/document/yaml.js'
import { loadSpecs } from '../../src/spec/plan/load-specs.js'
import { loadStudy } from '../../src/spec/plan/study/load-study.js'

const folder = mkdtempSync(join(tmpdir(), 'seqlab-asked-'))
afterAll(() => rmSync(folder, { recursive: true }))
const base = 'test/spec/broken/base.yaml'

function study(text: string, set: readonly string[] = []) {
  const file = join(folder, 'study.yaml')
  writeFileSync(file, `extends: ${resolve(base)}\n${text}`)
  return loadStudy(file, { set })
}

const labelsOf = (text: string, set: readonly string[] = []) => {
  const { specs, problems } = study(text, set)
  expect(problems).toEqual([])
  return specs.map(({ label }) => label)
}

const messagesOf = (set: readonly string[]) =>
  loadSpecs([base], { set }).problems.map(({ message, hint }) => `${message} (${hint})`)

describe('null is a variant without the option', () => {
  test('in a grid, whether the base has the option or not', () => {
    const { specs, problems } = study('grid: { train.clipNorm: [null, 0.5], model.encoder.dropout: [0.1, null] }')
    expect(problems).toEqual([])
    expect(specs.map(({ spec: { train }, label }) => [label, train.clipNorm])).toEqual([
      ['clipNorm=null, dropout=0.1', undefined],
      ['clipNorm=null, dropout=null', undefined],
      ['clipNorm=0.5, dropout=0.1', 0.5],
      ['clipNorm=0.5, dropout=null', 0.5],
    ])
  })

  test('in --set, included points, paths that move together and random lists', () => {
    expect(loadSpecs([base], { set: ['train.clipNorm=null'] }).problems).toEqual([])
    expect(loadSpecs([base], { set: ['train.clipNorm=0.5,null'] }).specs).toHaveLength(2)
    expect(labelsOf('include: [{ train.clipNorm: null }]')).toEqual(['clipNorm=null'])
    expect(labelsOf('grid: { "train.clipNorm, seed": [[null, 1], [1, 2]] }')).toHaveLength(2)
    expect(labelsOf('random: { samples: 2, space: { train.clipNorm: [null, 1] } }').sort()).toEqual([
      'clipNorm=1',
      'clipNorm=null',
    ])
  })

  test('an option that no spec has stays an error', () => {
    expect(messagesOf(['train.clipNrom=null'])).toEqual([
      expect.stringMatching(/^`clipNrom` is not a key of train; did you mean `clipNorm`/),
    ])
  })
})

describe('random draws', () => {
  const draws = (samples: number, space: string, more = '') =>
    study(`random: { samples: ${samples}, space: ${space} }\n${more}`)
  const variants = (loaded: ReturnType<typeof study>) => loaded.specs.map(({ label }) => label)

  test('a small space is taken whole, and that is said', () => {
    const { problems, notes, ...loaded } = draws(10, '{ train.batchSize: { integers: [2, 4] }, seed: [1, 2, 1] }')
    expect(problems).toEqual([])
    expect(new Set(variants({ problems, notes, ...loaded })).size).toBe(6)
    expect(loaded.specs).toHaveLength(6)
    expect(notes).toEqual(['random: the space has 6 points, all of which are used (samples: 10)'])
  })

  test('none repeats, and more samples begin with the same ones', () => {
    const space = '{ train.batchSize: { integers: [2, 30] } }'
    const all = variants(draws(29, space))
    expect(new Set(all).size).toBe(29)
    for (const samples of [1, 7, 20]) expect(variants(draws(samples, space))).toEqual(all.slice(0, samples))
    expect(draws(29, space).notes).toEqual([])
    expect(variants(draws(40, space))).toEqual(all)
  })

  test('a range with few numbers of 4 digits ends, and says so', () => {
    const { specs, notes } = draws(5, '{ model.encoder.dropout: { range: [0.1, 0.1001] } }')
    expect(specs.length).toBeLessThan(5)
    expect(notes).toEqual([expect.stringMatching(/of these ranges differ in 4 digits \(samples: 5\)/)])
  })

  test('what is included anyway is left out', () => {
    const { problems, ...loaded } = draws(2, '{ train.batchSize: [2, 3] }', 'include: [{ train.batchSize: 3 }]')
    expect(problems).toEqual([])
    expect(variants({ problems, ...loaded }).sort()).toEqual(['batchSize=2', 'batchSize=3'])
  })
})

describe('merge keys', () => {
  const json = (text: string) => {
    const read = readYaml(text, 'x.yaml')
    return 'problems' in read ? read.problems : toJson(read.node satisfies Node)
  }
  test('a map, a list of maps, keys of its own first', () => {
    expect(json('a: &a { x: 1, y: 2 }\nb: { <<: *a, y: 3 }')).toEqual({ a: { x: 1, y: 2 }, b: { x: 1, y: 3 } })
    expect(json('a: &a { x: 1 }\nb: &b { x: 2, z: 4 }\nc: { y: 3, <<: [*a, *b] }')).toMatchObject({
      c: { x: 1, y: 3, z: 4 },
    })
    expect(json('a: &a { x: 1 }\nb: &b { <<: *a, y: 2 }\nc: { <<: *b }')).toMatchObject({ c: { x: 1, y: 2 } })
    expect(json('"<<": 1')).toEqual({ '<<': 1 })
  })
  test('anything else is refused at its place', () => {
    expect(json('a: 1\n<<: 2')).toMatchObject([{ message: '`<<` merges maps', place: { line: 2 } }])
    expect(json('a: &a { x: 1 }\nb: { <<: *a, <<: *a }')).toMatchObject([{ message: 'the key `<<` is defined twice' }])
  })
})

describe('hints of --set', () => {
  test.each([
    ['steps=10', /write its full path: `train.steps`/],
    ['hidden=8', /`model.encoder.hidden` or `model.decoder.hidden`/],
    ['optimizer.learningRate=0.1', /full path: `train.optimizer`/],
    ['seeds=2', /`seeds` belongs to a study, .* use `--set seed=1,2,3`/],
    ['claims=[]', /`claims` belongs to a study/],
  ])('--set %s', (set, hint) => {
    expect(messagesOf([set])).toEqual([expect.stringMatching(hint)])
  })
})
