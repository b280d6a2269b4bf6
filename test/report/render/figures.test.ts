import { describe, expect, it, test } from 'vitest'
import { undefinedBecause } from '../../../src/core/measured.js'
import { drawCells } from '../../../src/report/render/charts/cells.js'
import { trialReportHtml } from '../../../src/report/render/trial/page.js'
import type { MetricsLine } from '../../../src/train/types.js'
import { madeUpMetrics, madeUpTrial } from '../made-up.js'

const joiners = { source: '', target: ' ' }
const trial = madeUpTrial({ examples: 120, steps: 5000 })
const pageOf = (change: Partial<typeof trial>) =>
  trialReportHtml({ ...trial, ...change, metrics: madeUpMetrics, joiners })
const figureIn = (page: string, id: string) => new RegExp(`<figure id="${id}">.*?</figure>`, 's').exec(page)?.[0] ?? ''
const labelsOf = (figure: string) => [...figure.matchAll(/<text[^>]*>([^<]+)<\/text>/g)].map(([, text]) => text ?? '')

describe("a trial's learning curves", () => {
  it('show a single peak of the loss among five hundred values, and say that values are left out', () => {
    const lines = trial.lines.map((line) =>
      line.kind === 'train' && line.step === 2340 ? { ...line, loss: 9.5 } : line,
    )
    const figure = figureIn(pageOf({ lines }), 'curve-loss')
    expect(labelsOf(figure)).toContain('10')
    expect(figure).toContain('of every 5 recorded values the lowest and the highest are drawn')
    expect(figure).toContain('its highest is 9.5')
    const calm = figureIn(pageOf({}), 'curve-loss')
    expect(labelsOf(calm)).not.toContain('10')
  })

  it('end at 100 % where every value is below it, and beyond where one is not', () => {
    const withRates = (rates: readonly number[]) => {
      const lines: MetricsLine[] = rates.map((per, at) => ({
        ...{ kind: 'validation', step: at + 1, loss: 1, metrics: { per }, best: false },
      }))
      return labelsOf(figureIn(pageOf({ lines }), 'curve-per'))
        .map(Number)
        .filter(Number.isFinite)
    }
    expect(Math.max(...withRates([1, 1]).filter((tick) => tick > 2))).toBe(100)
    expect(Math.max(...withRates([0.4, 0.98]))).toBe(100)
    expect(Math.max(...withRates([0.4, 1.55]))).toBeGreaterThanOrEqual(155)
  })

  it('are sentences with the reason where nothing, or one value, was recorded', () => {
    const nothing = undefinedBecause('no target token of dev is scored')
    const validation = (step: number): MetricsLine => ({
      ...{ kind: 'validation', step, loss: 1 / step, metrics: { per: nothing, wer: 0.5 }, best: false },
    })
    const page = pageOf({ lines: [validation(1), validation(2)] })
    const per = figureIn(page, 'curve-per')
    expect(per).toContain('No chart: PER undefined at 2 of 2 points: no target token of dev is scored.')
    expect(per).not.toContain('<svg')
    expect(figureIn(page, 'curve-loss')).toContain('<svg')
    expect(figureIn(pageOf({ lines: [validation(3)] }), 'curve-wer')).toContain(
      'No chart: one value was recorded (0.5 at step 3).',
    )
    const failed = { ...trial.record, status: 'failed' as const, metrics: {}, stepsDone: 1 }
    const empty = pageOf({ record: failed, lines: [], predictions: [] })
    expect(empty).toContain('No chart: the trial failed before it recorded a step (1 step done).')
    expect(empty).not.toContain('figure id="curve')
  })
})

describe('a metric by source length', () => {
  it('is a sentence where all examples are in one bin', () => {
    const predictions = trial.predictions.map((line) => ({ ...line, source: [...'abc'] }))
    const page = pageOf({ predictions })
    expect(page).toContain('No chart: all examples are in one bin of source lengths (3 tokens).')
    expect(page).not.toContain('figure id="length')
    expect(pageOf({})).toContain('figure id="length-per"')
  })
})

test('a label of a heatmap that is cut off can be read whole', () => {
  const columns = ['<internationalisation> & more', 'b']
  const rows = ['a rather long name of a row that is cut off somewhere']
  const { markup } = drawCells({ id: 'x', columns, rows, values: [[1, 2]], range: [0, 2], format: String })
  const titles = [...markup.matchAll(/<title>([^<]*)<\/title>[^<]*…<\/text>/g)].map(([, title]) => title)
  expect(titles).toEqual([rows[0], '&lt;internationalisation&gt; &amp; more'])
})
