import { expect, it } from 'vitest'
import { openModel } from '../../src/inference/open-model.js'
import { bytesOf, openPlayground } from '../../src/playground/model.js'
import { readSource } from '../../src/playground/source.js'
import { surprisal } from '../../src/playground/text.js'
import { playgroundOf } from '../../src/report/analysis/trial/playground.js'
import { readModel } from '../../src/store/index.js'
import { withExportedForm } from '../support/exported-model.js'

const float32 = { playground: 'on', playgroundWeights: 'float32' } as const

it.each([
  ['by itself', {}],
  ['in pieces, whose state is carried on', { chunk: 4 }],
  ['in pieces, each by itself', { chunk: 4, carryState: false }],
])('gives a text that is read %s the surprisal that the model gives it', async (_, task) => {
  const folder = await withExportedForm('language-model', task)
  const playground = playgroundOf(folder, { spec: readModel(folder).description.spec, status: 'completed' }, float32)
  if (playground === undefined || 'leftOut' in playground) throw new Error('the model is in no page')
  const opened = openPlayground(playground.model, bytesOf(playground.parameters))
  const text = 'dabcadbacabd'
  const { nats } = await surprisal(opened, readSource(opened.model, text))
  const model = await openModel(folder)
  const [expected] = await model.predict([text])
  await model.dispose()
  expect(nats).toHaveLength(text.length + 1)
  expected?.sourceScores?.forEach((score, at) => {
    expect(nats[at]).toBeCloseTo(-score, 4)
  })
})
