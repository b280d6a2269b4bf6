import { expect, it } from 'vitest'
import { playgroundOf } from '../../src/report/analysis/trial/playground.js'
import { readModel } from '../../src/store/index.js'
import { withExportedForm } from '../support/exported-model.js'

it('says that a model that reads factors of tokens cannot be tried in a page', async () => {
  const folder = await withExportedForm('tag')
  const { spec } = readModel(folder).description
  const { source } = spec.model
  if (source === undefined) throw new Error('the golden reads a source')
  const factors = { upos: { type: 'embedding', size: 2, start: 'random', frozen: false } } as const
  const read = { ...spec, model: { ...spec.model, source: { ...source, factors } } }
  const choice = { playground: 'on', playgroundWeights: 'float16' } as const
  expect(playgroundOf(folder, { spec: read, status: 'completed' }, choice)).toEqual({
    leftOut: 'The model cannot be tried here: it reads upos of each token, for which a page has no field.',
  })
})
