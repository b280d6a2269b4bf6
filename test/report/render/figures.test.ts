import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, test } from 'vitest'
import { undefinedBecause } from '../../../src/core/measured.js'
import { compare } from '../../../src/report/analysis/comparison/compare.js'
import { findTrials } from '../../../src/report/analysis/comparison/read.js'
import { drawCells } from '../../../src/report/render/charts/cells.js'
import { comparisonHtml } from '../../../src/report/render/comparison/html.js'
import { trialReportHtml } from '../../../src/report/render/trial/page.js'
import type { MetricsLine } from '../../../src/train/types.js'
import { type MadeUp, madeUpMetrics, madeUpSpec, madeUpTrial } from '../made-up.js'
import { writeStudy } from '../study.js'

const joiners = { source: '', target: ' ' }
const trial = madeUpTrial({ examples: 120, steps: 5000 })
const pageOf = (change: Partial<typeof trial>) =>
  trialReportHtml({ ...trial, ...change, metrics: madeUpMetrics, joiners })
const figureIn = (page: string, id: string) =>
  new RegExp(`<figure id="${id}"[^>]*>.*?</figure>`, 's').exec(page)?.[0] ?? ''
const labelsOf = (figure: string) => [...figure.matchAll(/<text[^>]*>([^<]+)<\/text>/g)].map(([, text]) => text ?? '')

describe("a trial's learning curves", () => {
  it('show a single peak of the loss among five hundred values, and say that values are left out', () => {
    const lines = trial.lines.map((line) =>
      line.kind === 'train' && line.step === 2340 ? { ...line, loss: 9.5 } : line,
    )
    const figure = figureIn(pageOf({ lines }), 'curve-loss')
    expect(labelsOf(figure)).toContain('16')
    expect(figure).toContain('Of every 5 recorded values the lowest and the highest are drawn.')
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

  it('is left out where sources are numbers', () => {
    const predictions = trial.predictions.map((line) => ({ ...line, source: [] }))
    const page = pageOf({ predictions })
    expect(page).not.toMatch(/By source length|source lengths|0 tokens/)
  })
})

test('a label of a heatmap that is cut off can be read whole', () => {
  const columns = ['<internationalisation> & more', 'b']
  const rows = ['a rather long name of a row that is cut off somewhere']
  const { markup } = drawCells({ id: 'x', columns, rows, values: [[1, 2]], range: [0, 2], format: String })
  const titles = [...markup.matchAll(/<title>([^<]*)<\/title>[^<]*…<\/text>/g)].map(([, title]) => title)
  expect(titles).toEqual([rows[0], '&lt;internationalisation&gt; &amp; more'])
})

describe('a comparison', () => {
  const root = mkdtempSync(join(tmpdir(), 'seqlab-figures-'))
  afterAll(() => rmSync(root, { recursive: true, force: true }))
  const nothing = undefinedBecause('no target token of dev is scored')
  const variantOf = (size: number, change: (trial: MadeUp) => Partial<MadeUp> = () => ({})): MadeUp => {
    const made = madeUpTrial({
      ...{ label: `batch=${size}`, study: 'figures', examples: 60, steps: 2000, variant: { 'train.batchSize': size } },
      spec: { ...madeUpSpec, train: { ...madeUpSpec.train, batchSize: size } },
    })
    return { ...made, ...change(made) }
  }
  const groupOf = async (name: string, trials: readonly MadeUp[], by?: string) => {
    await writeStudy(join(root, name), trials)
    return compare(await findTrials([join(root, name)]), { command: '', ...(by !== undefined && { by }) })
  }
  const withoutPer = ({ lines }: MadeUp) => ({
    lines: lines.map((line) =>
      line.kind === 'validation' ? { ...line, metrics: { ...line.metrics, per: nothing } } : line,
    ),
  })

  it('has the reason in place of a curve that is undefined for all variants, and in the note where it is for one', async () => {
    const all = comparisonHtml(await groupOf('all', [variantOf(8, withoutPer), variantOf(16, withoutPer)]), undefined)
    const figure = figureIn(all, 'g1-curve-per')
    expect(figure).toContain('No chart. batch=8 and batch=16: no target token of dev is scored.')
    expect(figure).not.toContain('<svg')
    const one = comparisonHtml(await groupOf('one', [variantOf(8, withoutPer), variantOf(16)]), undefined)
    expect(figureIn(one, 'g1-curve-per')).toContain('Not drawn: batch=8: no target token of dev is scored.')
    expect(figureIn(one, 'g1-curve-per')).toContain('<svg')
  })

  it('has a sentence in place of a chart over one bin of lengths', async () => {
    const short = ({ predictions }: MadeUp) => ({
      predictions: predictions.map((line) => ({ ...line, source: ['a'] })),
    })
    const page = comparisonHtml(await groupOf('short', [variantOf(8, short), variantOf(16, short)]), undefined)
    const figure = figureIn(page, 'g1-lengths')
    expect(figure).toContain('No chart: all examples are in one bin of source lengths (1 token).')
    expect(figure).not.toContain('<svg')
  })

  it('has none of lengths where sources are numbers', async () => {
    const numbers = ({ predictions }: MadeUp) => ({ predictions: predictions.map((line) => ({ ...line, source: [] })) })
    const page = comparisonHtml(await groupOf('numbers', [variantOf(8, numbers), variantOf(16, numbers)]), undefined)
    expect(page).not.toMatch(/g1-lengths|source lengths/)
  })

  it('orders the levels of a numeric setting by size', async () => {
    const { groups } = await groupOf(
      'by',
      [16, 128, 8].map((size) => variantOf(size)),
      'train.batchSize',
    )
    expect(groups[0]?.variants.map(({ label }) => label)).toEqual([
      'batchSize = 8',
      'batchSize = 16',
      'batchSize = 128',
    ])
  })
})
