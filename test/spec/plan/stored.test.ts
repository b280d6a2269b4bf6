import { expect, test } from 'vitest'
import { SeqlabError, toPlainError } from '../../../src/core/errors.js'
import { resolveStored } from '../../../src/spec/plan/stored.js'
import { loadedFrom, taggerText, transducerText } from './loaded.js'

const stored = (text: string) =>
  JSON.parse(JSON.stringify({ ...loadedFrom(text).spec, seed: 1, decode: { type: 'greedy' } }))

function refused(value: unknown) {
  try {
    resolveStored(value, 'model.json')
  } catch (error) {
    expect(error).toBeInstanceOf(SeqlabError)
    const { code, message } = toPlainError(error)
    return [code, message]
  }
  throw new RangeError('not refused')
}

test('searches are left alone where outputs are searched for, also a wrong one', () => {
  const spec = stored(transducerText)
  const { train } = spec
  const beam = { type: 'beam', width: 2, lengthNormalisation: 0.5, nBest: 1 }
  const searching = { ...spec, decode: beam, train: { ...train, validate: { ...train.validate, decode: beam } } }
  expect(resolveStored(searching, 'model.json')).toEqual(searching)
  const wrong = { ...spec, decode: { ...beam, nBest: 3 } }
  expect(refused(wrong)).toEqual([
    'run',
    'model.json has a spec that this version of seqlab does not accept: decode.nBest a beam of 2 has no 3 best',
  ])
})

test('searches are left out where nothing is searched for', () => {
  const spec = stored(taggerText)
  const { train } = spec
  const beam = { type: 'beam', width: 2, lengthNormalisation: 0.5, nBest: 1 }
  const searching = { ...spec, decode: beam, train: { ...train, validate: { ...train.validate, decode: beam } } }
  expect(resolveStored(searching, 'model.json')).toEqual(spec)
})

test('what an older version did not have gets its default', () => {
  const { seed: _, ...older } = stored(taggerText)
  expect(resolveStored(older, 'model.json').seed).toBe(1)
})

test('a metric under a name that it is not is no reason to refuse a trained model', () => {
  const spec = stored(`task: language-model
data: { source: { type: text, file: words.txt } }
model: { source: { representation: { type: embedding, size: 2 } }, encoder: { cell: elman, hidden: 3 } }
train: { optimizer: sgd, steps: 100, batchSize: 2, validate: { every: 10 } }
metrics: [perplexity, bits-per-character]
`)
  expect(resolveStored(spec, 'model.json').metrics).toEqual(spec.metrics)
})

test('what is no spec is refused with the file and the first reason', () => {
  const begins = 'model.json has a spec that this version of seqlab does not accept: '
  const spec = stored(taggerText)
  expect(refused({ ...spec, seed: 'x' })).toEqual(['run', `${begins}seed has the wrong type`])
  expect(refused({ ...spec, train: 7 })).toEqual(['run', `${begins}train has the wrong type`])
  expect(refused({ ...spec, train: { ...spec.train, validate: 7 } })[1]).toBe(
    `${begins}train.validate has the wrong type`,
  )
  expect(refused({ ...spec, task: 'tag' })[1]).toContain('does not search for an output')
  for (const value of ['x', null, []]) expect(refused(value)).toEqual(['run', `${begins}it is not a map`])
})
