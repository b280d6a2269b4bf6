import { expect, test } from 'vitest'
import type { JsonMap } from '../../../src/spec/document/nodes.js'
import { normalise } from '../../../src/spec/plan/normalise.js'
import { unfitPaths } from '../../../src/spec/plan/unfit.js'
import { specSchema } from '../../../src/spec/schema.js'

const schema = specSchema()

/** Of a spec with a key at this path that nothing is called. */
function meantBy(path: string, written: JsonMap) {
  const problem = { code: 'unknown-key', path, message: 'is not a key' } as const
  return unfitPaths([problem], normalise(schema, written).schema, written)
}

test('a key that is misspelt in a list stands for the one that was meant', () => {
  const metrics = [{ type: 'ser' }, { type: 'chrf', bta: 1 }]
  expect(meantBy('metrics.1.bta', { metrics })).toEqual(['metrics.1.beta'])
})

test('unless that is written, too', () => {
  const metrics = [{ type: 'ser' }, { type: 'chrf', bta: 1, beta: 2 }]
  expect(meantBy('metrics.1.bta', { metrics })).toEqual([])
})

test('a misspelt path as a key stands for the path that was meant, though nothing of it is written', () => {
  expect(meantBy('train.stpes', { 'train.stpes': 100 })).toEqual(['train.steps'])
})
