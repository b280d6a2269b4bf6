import { describe, expect, it } from 'vitest'
import { metricLookup } from '../../../src/report/analysis/metrics.js'
import type { TrialReportInput } from '../../../src/report/analysis/trial/input.js'
import { binName, byLength, lengthBins } from '../../../src/report/analysis/trial/lengths.js'
import { parametersByPart } from '../../../src/report/analysis/trial/parameters.js'
import { worstFirst } from '../../../src/report/analysis/trial/samples.js'
import { attentionSection } from '../../../src/report/render/trial/attention.js'
import { trialReportHtml } from '../../../src/report/render/trial/page.js'
import type { Spec } from '../../../src/spec/types.js'
import { estimateOf } from '../../metrics/estimate.js'
import { madeUpMetrics, madeUpSpec, madeUpTrial } from '../made-up.js'

const joiners = { source: '', target: ' ' }
const trial = madeUpTrial({ examples: 120, steps: 2000 })
const input = { ...trial, metrics: madeUpMetrics, joiners, command: 'seqlab run configs/attention-additive.yaml' }
const page = trialReportHtml(input)

describe('trialReportHtml', () => {
  it('says first what came out, with intervals and what they are over', () => {
    const { value, low, high } = estimateOf(trial.record.metrics.test?.per)
    const percent = (share: number) => (share * 100).toFixed(1)
    expect(page).toContain(`PER ${percent(value)} % (${percent(low)} to ${percent(high)})`)
    expect(page).toContain('on 120 test examples.')
  })

  it('marks the true links of an output, where it has the symbol of the reference', () => {
    const circles = (html: string) => html.match(/fill="none" stroke="var\(--ink\)"/g)?.length ?? 0
    const trueAlignment = { sure: [[0, 0]], possible: [[1, 0]] } as const
    const right = { source: ['p', 'q'], hypothesis: ['x'], references: [['x']], trueAlignment }
    const predictions = [{ split: 'test', index: 0, score: -1, statistics: {}, alignment: [[1, 0]], ...right }] as const
    const marked = trialReportHtml({ ...input, predictions })
    const { trueAlignment: _, ...plain } = predictions[0]
    expect(marked).toContain('A circle marks the true source of a symbol')
    expect(circles(marked) - circles(trialReportHtml({ ...input, predictions: [plain] }))).toBe(2)
    const wrong = trialReportHtml({ ...input, predictions: [{ ...predictions[0], hypothesis: ['y'] }] })
    expect(circles(wrong)).toBe(circles(marked) - 2)
  })

  it('names what an output attends to where features are positions of a source that was cut', () => {
    const representation = { type: 'embedding', size: 2, start: 'random', frozen: false } as const
    const features = { representation, join: { type: 'source' } } as const
    const symbols = { source: ['p', 'q', 'r'], features: ['PL'], hypothesis: ['x'], references: [['x']] }
    const line = {
      split: 'test',
      index: 0,
      score: -1,
      statistics: {},
      alignment: [[0.1, 0.2, 0.7]],
      ...symbols,
    } as const
    const spec = { ...trial.record.spec, model: { features } }
    const section = attentionSection({ ...input, record: { seed: 1, spec }, predictions: [line] })
    expect(section.markup).toContain('Largest weights: x from q (0.7)')
  })

  it('says of each alignment whether it is of the random sample or of the worst mistakes, and shows both', () => {
    const wrong = (index: number) => (index % 2 === 0 ? 'mistake' : 'sampled')
    const lines = Array.from({ length: 12 }, (_, index) => {
      const kept = wrong(index)
      const hypothesis = kept === 'mistake' ? Array<string>(1 + (index % 3)).fill('y') : ['x']
      const shown = {
        source: ['p', String(index)],
        hypothesis,
        references: [['x']],
        alignment: [[1, 0]],
        kept,
      } as const
      return { split: 'test', index, score: -1, statistics: {}, ...shown } as const
    })
    const markup = (predictions: typeof lines) => attentionSection({ ...input, predictions }).markup
    const section = markup(lines)
    expect(section).toContain(
      'Alignments are kept for 6 examples drawn at random and for the 6 worst mistakes among the others. One row',
    )
    const captions = [...section.matchAll(/<figcaption>(.*?)<\/figcaption>/g)].map(([, text = '']) =>
      text.replaceAll(/<[^>]*>/g, ''),
    )
    expect(captions).toEqual([
      ...[1, 3, 5].map((index) => `p${index} → xcorrect · of the random sample`),
      // The most errors for their length first.
      'p2 → y y y3 errors · of the worst mistakes',
      'p8 → y y y3 errors · of the worst mistakes',
      'p4 → y y2 errors · of the worst mistakes',
    ])
    const none = markup(lines.filter(({ kept }) => kept === 'sampled'))
    expect(none).toContain('Alignments are kept for 6 examples drawn at random. One row')
    const earlier = lines.map(({ kept: _, ...line }) => line)
    expect(attentionSection({ ...input, predictions: earlier }).markup).not.toMatch(/kept|sample|worst/)
  })

  it('refers to nothing outside itself', () => {
    const withoutNamespaces = page.replaceAll(/xmlns(:\w+)?="[^"]*"/g, '')
    expect(withoutNamespaces).not.toMatch(/(src|href)\s*=\s*"(?!#|data:)/)
    expect(withoutNamespaces).not.toMatch(/https?:|@import|url\((?!#)/)
  })

  it('has no identifier twice', () => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(ids.length).toBeGreaterThan(10)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('is the same bytes for the same trial', () => {
    expect(trialReportHtml(input)).toBe(page)
  })

  it('escapes every word of specs and data', () => {
    const evil = '</script><script>alert(1)</script>'
    const predictions = trial.predictions.map((line) => ({
      ...line,
      source: [evil, '"><img src=x>'],
      hypothesis: [evil],
    }))
    const record = { ...trial.record, label: evil, study: evil, spec: { ...madeUpSpec, name: evil } }
    const attacked = trialReportHtml({ ...input, record, predictions, command: evil, machine: evil })
    expect(attacked).not.toContain('<script>alert')
    expect(attacked).not.toContain('<img')
    expect(attacked.match(/<script/g)).toHaveLength(page.match(/<script/g)?.length ?? 0)
  })

  it('says why a trial failed, and shows what there is', () => {
    const error = {
      code: 'training' as const,
      message: 'The loss is NaN at step 7',
      problems: [],
      hint: 'Lower the learning rate.',
    }
    const failed = { ...trial.record, status: 'failed' as const, metrics: {}, error, stepsDone: 7 }
    const shown = trialReportHtml({ ...input, record: failed, lines: [], predictions: [] })
    expect(shown).toContain('The loss is NaN at step 7')
    expect(shown).toContain('Lower the learning rate.')
    expect(shown).not.toContain('Sample predictions')
  })

  it('has a sentence in place of the model where this program cannot build it, and all else', () => {
    const decoder = { ...madeUpSpec.model.decoder, cell: { type: 'own-cell' } }
    const spec: Spec = JSON.parse(JSON.stringify({ ...madeUpSpec, model: { ...madeUpSpec.model, decoder } }))
    const shown = trialReportHtml({ ...input, record: { ...trial.record, spec } })
    const [, figure = ''] = /<figure id="model">(.*?)<\/figure>/s.exec(shown) ?? []
    expect(figure).toMatch(/The figure could not be drawn: .*own-cell/)
    expect(figure).not.toContain('<svg')
    expect(shown).toContain('Parameters by part')
    expect(shown).toContain('id="provenance"')
  })

  it('says of a metric of references that these are not decoded', () => {
    const metrics: TrialReportInput['metrics'] = (name) => {
      const view = metricLookup([{ type: 'perplexity' }])('perplexity')
      return view && { ...view, name }
    }
    const shown = trialReportHtml({ ...input, metrics })
    expect(shown).toContain('dev split, under teacher forcing')
    expect(shown).not.toContain('decoded without teacher forcing')
  })

  it('takes the unit of the loss, and whether anything is decoded, from the task', () => {
    expect(page).toContain('nats per token')
    expect(page).toContain('decoded without teacher forcing')
    for (const loss of ['squared', 'absolute'] as const) {
      const { encoder } = madeUpSpec.model
      const model: Spec['model'] = {
        source: { representation: { type: 'numbers' } },
        ...(encoder && { encoder }),
        context: { from: 'last-state' },
      }
      const spec = { ...madeUpSpec, task: { type: 'forecast' as const, loss }, model }
      const shown = trialReportHtml({
        ...input,
        record: { ...trial.record, spec, sizes: { source: { width: 1 }, target: { width: 1 } } },
        predictions: [],
      })
      expect(shown).toContain(`${loss} error per scaled value`)
      expect(shown).not.toMatch(/\bnats\b|teacher forcing/)
    }
  })

  it('draws forecasts as curves', () => {
    const values = { reference: [1, 2, 3], predicted: [1, 2.5, 2] }
    const predictions = trial.predictions.map((line) => ({ ...line, values }))
    const shown = trialReportHtml({ ...input, predictions })
    expect(shown).toContain('step 2: 2 observed, 2.5 forecast')
    expect(shown).not.toContain('Worst errors')
  })
})

describe('lengthBins', () => {
  it('parts lengths into bins of at least twenty, never equal lengths', () => {
    const lengths = [...Array(30).fill(3), ...Array(5).fill(4), ...Array(30).fill(5), ...Array(4).fill(9)]
    const bins = lengthBins(lengths)
    expect(bins.map(binName)).toEqual(['3', '4–9'])
    expect(lengthBins([])).toEqual([])
  })

  it('gives the metric of exactly the examples of each bin', () => {
    const per = madeUpMetrics('per')
    const bins = [
      { shortest: 1, longest: 6 },
      { shortest: 7, longest: 99 },
    ]
    if (per === undefined) throw new Error('per is known')
    const [short, long] = byLength(trial.predictions, bins, per, 1)
    const inside = trial.predictions.filter(({ source }) => source.length <= 6)
    const sum = (at: number) => inside.reduce((total, { statistics }) => total + (statistics.per?.[at] ?? 0), 0)
    expect(short?.examples).toBe(inside.length)
    expect(short?.result.value).toBeCloseTo(sum(0) / sum(1), 12)
    expect((short?.examples ?? 0) + (long?.examples ?? 0)).toBe(trial.predictions.length)
  })
})

describe('parts of the page', () => {
  it('adds parameters up by part', () => {
    const shapes = { 'encoder/layer1/kernel': [4, 6], 'encoder/layer1/bias': [6], 'head/kernel': [2, 3] }
    expect([...parametersByPart(shapes)]).toEqual([
      ['encoder', 30],
      ['head', 6],
    ])
  })

  it('puts the mistakes with the most errors for their length first', () => {
    const line = (index: number, reference: string, hypothesis: string) => ({
      ...(trial.predictions[0] as (typeof trial.predictions)[number]),
      index,
      references: [[...reference]],
      hypothesis: [...hypothesis],
    })
    const sorted = worstFirst([line(0, 'abcd', 'abcx'), line(1, 'ab', 'xy'), line(2, 'abc', 'abc')], 'sequence')
    expect(sorted.map(({ index }) => index)).toEqual([1, 0])
  })
})
