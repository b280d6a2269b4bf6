import { expect, it } from 'vitest'
import { stringify } from 'yaml'
import { readSpec } from '../conformance/combinations.js'

function written(more: { data?: object; source?: object; encoder?: object; train?: object }) {
  return {
    name: 'joint',
    task: 'tag',
    data: { source: { type: 'inline', examples: [['a b', 'x y']] }, ...more.data },
    model: {
      source: { representation: { type: 'embedding', size: 2, ...more.source } },
      encoder: { cell: 'elman', hidden: 2, ...more.encoder },
    },
    train: { optimizer: 'sgd', batchSize: 2, steps: 2, validate: { every: 1 }, ...more.train },
  }
}

const paths = (more: Parameters<typeof written>[0]) =>
  readSpec(stringify(written(more))).problems.map(({ path }) => path)
const untied = { unroll: { type: 'untied', length: 4, merge: 'sum' } }

it('untied weights want plain gradient descent without clipping', () => {
  expect(paths({ encoder: untied })).toEqual([])
  expect(paths({ encoder: untied, train: { optimizer: 'adam', clipNorm: 1 } })).toEqual([
    'train.optimizer',
    'train.clipNorm',
  ])
  expect(paths({ train: { optimizer: 'adam', clipNorm: 1 } })).toEqual([])
})

it('a word-vector file and an embedding that starts from it need each other', () => {
  const data = { vectors: { source: 'words.txt' } }
  expect(paths({ data, source: { start: 'vectors' } })).toEqual([])
  expect(paths({ data })).toEqual(['data.vectors.source'])
  expect(paths({ source: { start: 'vectors' } })).toEqual(['model.source.representation.start'])
  expect(paths({ data: { vectors: { target: 'words.txt' } } })).toContain('data.vectors.target')
})
