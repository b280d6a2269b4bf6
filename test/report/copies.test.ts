import { expect, it } from 'vitest'
import { trialReportHtml } from '../../src/report/render/trial/page.js'
import { madeUpMetrics, madeUpTrial } from './made-up.js'

const trial = madeUpTrial({ examples: 20, steps: 2000 })
const input = { ...trial, metrics: madeUpMetrics, joiners: { source: '', target: ' ' }, command: 'seqlab run x.yaml' }
const question = 'How far have the untied copies of the weights diverged?'

it('draws how far untied copies of weights drift apart, where there are such copies', () => {
  const lines = input.lines.map((line) =>
    line.kind === 'validation' ? { ...line, copiesDistance: line.step / 1000 } : line,
  )
  const page = trialReportHtml({ ...input, lines })
  expect(page).toContain(question)
  expect(trialReportHtml(input)).not.toContain(question)
})
