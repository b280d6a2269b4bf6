import { describe, expect, it } from 'vitest'
import { trialReportHtml } from '../../../src/report/render/trial/page.js'
import type { Spec } from '../../../src/spec/types.js'
import type { PredictionLine } from '../../../src/train/types.js'
import { madeUpMetrics, madeUpSpec, madeUpTrial } from '../made-up.js'

// What a page says of a prediction is what the task asks for: only sequences of their own length are aligned by edits.

const trial = madeUpTrial({ examples: 40, steps: 200 })
const { encoder, source } = madeUpSpec.model
/** For tasks without a decoder. */
const pooled: Spec['model'] = {
  ...(source && { source }),
  ...(encoder && { encoder }),
  context: { from: 'last-state' },
}
const sections = (page: string) => page.slice(page.indexOf('<h2>Sample predictions'), page.indexOf('<h2>Data'))
const words = (page: string) => page.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')

function samplesOf(task: Spec['task'], line: Partial<PredictionLine>, references?: readonly (readonly string[])[]) {
  const predictions = trial.predictions.map((one) => ({ ...one, ...line, ...(references && { references }) }))
  const model = task.type === 'transduce' ? madeUpSpec.model : pooled
  const record = { ...trial.record, spec: { ...madeUpSpec, task, model } }
  const joiners = { source: ' ', target: ' ' }
  return words(sections(trialReportHtml({ ...trial, record, predictions, metrics: madeUpMetrics, joiners })))
}

describe('sample predictions', () => {
  it('aligns sequences with their reference, the nearest where there are several', () => {
    const line = { source: ['a'], hypothesis: ['x', 'z'] }
    const one = samplesOf({ type: 'transduce' }, line, [['x', 'y', 'z']])
    expect(one).toContain('Above: the reference; below: the prediction; · is a gap.')
    expect(one).toContain('1 error · log probability')
    const several = samplesOf({ type: 'transduce' }, line, [['x', 'y', 'z'], ['x']])
    expect(several).toContain('Above: the nearest reference;')
    expect(several).toContain('2 references')
  })

  it('compares tags place by place, below their tokens', () => {
    const line = { source: ['to', 'new', 'york'], hypothesis: ['B', 'O', 'B'] }
    const shown = samplesOf({ type: 'tag' }, line, [['O', 'B', 'O']])
    expect(shown).toContain('From above: the token, its label, the predicted label.')
    expect(shown).toContain('3 of 3 labels wrong')
    expect(shown).toContain('to O B (expected O, predicted B) new B O (expected B, predicted O) york O B')
    expect(shown).not.toMatch(/reference|gap|nothing/)
  })

  it('says of a class whether it is right', () => {
    const shown = samplesOf({ type: 'classify' }, { source: ['a'], hypothesis: ['Greek'] }, [['Italian']])
    expect(shown).toContain('Above: the label; below: the predicted label.')
    expect(shown).toContain('a wrong · log probability')
    expect(shown).toContain('Most confident errors')
    expect(shown).not.toMatch(/reference|gap|\derror/)
  })

  it('compares the next token at each place of a text', () => {
    const text = ['a', 'b', 'c']
    const shown = samplesOf(
      { type: 'language-model', chunk: 8, carryState: false },
      { source: text, hypothesis: ['b', ' ', 'b'] },
      [text],
    )
    expect(shown).toContain('below: the most probable token at each place, given those before it')
    expect(shown).toContain('3 of 3 tokens wrong · log probability of the predicted symbols')
    expect(shown).toContain('b ␣ (expected b, predicted')
    expect(shown).not.toMatch(/reference|gap|nothing/)
  })

  it('has the word of other places for the end, where a next token is that', () => {
    const shown = samplesOf(
      { type: 'language-model', chunk: 8, carryState: false },
      { source: ['a', 'b'], hypothesis: ['<eos>', 'b'] },
      [['a', 'b']],
    )
    expect(shown).toContain('a end (expected a, predicted end)')
    expect(shown.slice(0, shown.indexOf('Learning curves'))).not.toContain('eos')
  })

  it('puts the errors that the model is most certain of first', () => {
    const scores = trial.predictions.map(({ score }) => score)
    const predictions = trial.predictions.map((one) => ({ ...one, references: [['Italian']], hypothesis: ['Greek'] }))
    const spec = { ...madeUpSpec, task: { type: 'classify' as const }, model: pooled }
    const page = trialReportHtml({
      ...trial,
      record: { ...trial.record, spec },
      predictions,
      metrics: madeUpMetrics,
      joiners: { source: '', target: ' ' },
    })
    const worst = page.slice(page.indexOf('<h2>Most confident errors'))
    const best = Math.max(...scores.slice(20)).toPrecision(3)
    expect(words(worst)).toContain(`wrong · log probability ${Number(best)}`)
    expect(words(worst).indexOf(`log probability ${Number(best)}`)).toBe(words(worst).indexOf('log probability'))
  })
})

describe('what a page says of its test set', () => {
  const page = (seenInTraining: Record<string, number> | undefined) => {
    const data = {
      ...trial.record.data,
      read: 90,
      kept: { train: 50, dev: 20, test: 40 },
      dropped: {},
      cut: {},
      unknownTokens: {},
    }
    const record = { ...trial.record, data: { ...data, ...(seenInTraining && { seenInTraining }) } }
    return words(trialReportHtml({ ...trial, record, metrics: madeUpMetrics, joiners: { source: '', target: ' ' } }))
  }

  it('never calls held out what is in training too', () => {
    expect(page({ test: 12 })).toContain('on 40 test examples. 12 of 40 test sources are also in training.')
    expect(page({ test: 40 })).toContain('All 40 test sources are also in training: nothing is held out.')
    expect(page({ test: 12 })).toContain('also in training test sources: 12')
    expect(page({})).not.toMatch(/held[ -]out/)
    expect(page({})).toContain('also in training none')
  })

  it('says nothing of it where it was not counted', () => {
    expect(page(undefined)).not.toContain('also in training')
  })
})
