import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { formingOf } from '../../../src/report/analysis/samples/frames.js'
import { thinFrames } from '../../../src/report/analysis/samples/thin.js'
import type { Forming } from '../../../src/report/analysis/samples/types.js'
import { rangeOf, seriesDrawing } from '../../../src/report/render/forming-series.js'
import { frameText } from '../../../src/report/render/frame-text.js'
import { formingSection } from '../../../src/report/render/trial/forming.js'
import { writeTrialReport } from '../../../src/report/render/trial/write.js'
import type { Spec } from '../../../src/spec/types.js'
import { parseSamples } from '../../../src/store/trial/lines.js'
import type { PredictionLine } from '../../../src/train/types.js'
import { madeUpMetrics, madeUpSpec, madeUpTrial } from '../made-up.js'
import { madeUpSamples } from '../made-up-samples.js'
import { writeTrial } from '../study.js'

// How outputs form from validation to validation, as a page shows it: without its script what the last one gave.
const root = mkdtempSync(join(tmpdir(), 'seqlab-forming-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const trial = madeUpTrial({ examples: 20, steps: 200 })

function formingIn(text: string, task: Spec['task'] = { type: 'transduce' }): Forming {
  return formingOf({ ...madeUpSpec, task }, parseSamples(text, 'samples.jsonl')) ?? expect.fail()
}

const input = { ...trial, metrics: madeUpMetrics, joiners: { source: '', target: ' ' } }
const sectionOf = (forming: Forming) => formingSection({ ...input, forming }).markup
const words = (markup: string) =>
  markup
    .replaceAll(/<script[\s\S]*?<\/script>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')

describe('without scripts', () => {
  it('the page has what the last validation gave, its step and its metric on dev', () => {
    const forming = formingIn(madeUpSamples(trial.predictions, 5))
    const markup = sectionOf(forming)
    const said = words(markup)
    expect(said).toContain("8 examples of dev, drawn by the trial's seed, at 5 validations.")
    expect(said).toContain('Step 500: PER 40.0 % on dev, the best so far')
    expect(markup.match(/<li><span class="source">/g)).toHaveLength(8)
    const [{ hypothesis = [] } = {}] = trial.predictions
    expect(said).toContain(` ${hypothesis[0]} ${hypothesis[0]} `)
    // A row an output symbol and the end, below the names of the columns.
    const table = /<table class="weights mono">[\s\S]*?<\/table>/.exec(markup)?.[0] ?? ''
    expect(table.match(/<tr>/g)).toHaveLength(hypothesis.length + 2)
    expect(table).toContain('background:color-mix(in srgb,var(--s1) 60%,transparent)">1.0</td>')
  })

  it('symbols are text, in the page and in its data', () => {
    const evil = '</script><img src=x onerror="alert(1)">'
    const lines = trial.predictions.map((line) => ({
      ...line,
      source: [evil],
      hypothesis: [evil],
      references: [[evil]],
    }))
    const markup = sectionOf(formingIn(madeUpSamples(lines, 2)))
    expect(markup).not.toContain('<img')
    expect(markup.match(/<\/script>/g)).toHaveLength(1)
    const data = /<script type="application\/json" id="forming-data">([\s\S]*?)<\/script>/.exec(markup)?.[1] ?? ''
    expect(JSON.parse(data).examples[0].source).toEqual([evil])
  })

  it.each([
    ['tag', 'labels', 'From above: the token, its label, the predicted label.', '2 of 2 labels wrong'],
    ['classify', 'label', 'Above: the label; below: the predicted label.', 'wrong'],
    ['language-model', 'next-tokens', 'Above: the text; below: the most probable token', '2 of 2 tokens wrong'],
  ])('outputs of %s are compared as what they are', (type, kind, about, verdict) => {
    const line = { index: 3, source: ['a', 'b'], references: [['X', 'Y']], hypothesis: ['Y', 'X'], score: -1 }
    const whole = { ...line, split: 'dev', statistics: {} } as const
    const markup = sectionOf(formingIn(madeUpSamples([whole], 1), { type } as Spec['task']))
    expect(formingIn(madeUpSamples([whole], 1), { type } as Spec['task']).kind).toBe(kind)
    expect(words(markup)).toContain(about)
    expect(words(markup)).toContain(verdict)
  })

  it('forecasts are drawn with what was observed', () => {
    const values = { reference: [1, 2, 3], predicted: [1, 2, 4], naive: [0, 0, 0] }
    const line: PredictionLine = {
      ...{ split: 'dev', index: 7, source: [], references: [], hypothesis: [], score: -1, statistics: {}, values },
    }
    const markup = sectionOf(formingIn(madeUpSamples([line], 2), { type: 'forecast', loss: 'squared' }))
    expect(words(markup)).toContain('Window 7 of dev')
    expect(markup.match(/<polyline/g)).toHaveLength(3)
    expect(words(markup)).toContain('observed forecast one season before')
  })
})

describe('the drawing of a forecast', () => {
  it('has a line for each series, on the axis that it is given', () => {
    const parts = { width: 2, reference: [0, 10, 5, 10], predicted: [0, 0, 0, 0], range: [0, 10] } as const
    const points = [...seriesDrawing(parts).markup.matchAll(/points="([^"]*)"/g)].map(([, at]) => at)
    // 640 by 180 with a margin of 8: the lowest value is at 172, the highest at 8.
    expect(points).toEqual([
      '8.0,172.0 632.0,90.0',
      '8.0,8.0 632.0,8.0',
      '8.0,172.0 632.0,172.0',
      '8.0,172.0 632.0,172.0',
      '',
      '',
    ])
  })

  it('has an axis from the lowest to the highest', () => {
    expect(rangeOf([[3, 1], [], [2, 9]])).toEqual([1, 9])
    expect(rangeOf([[]])).toEqual([0, 0])
  })
})

describe('validations in a page', () => {
  it('are as many as there is room for, the last one among them', () => {
    const { frames } = formingIn(madeUpSamples(trial.predictions, 20))
    const all = frames.reduce((sum, frame) => sum + JSON.stringify(frame).length, 0)
    const steps = (characters: number) => thinFrames(frames, characters).map(({ step }) => step)
    expect(steps(all)).toEqual(frames.map(({ step }) => step))
    expect(steps(all - 1)).toEqual([200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800, 2000])
    expect(steps(0.3 * all)).toEqual([400, 800, 1200, 1600, 2000])
    expect(steps(1)).toEqual([2000])
  })

  it('are counted, where some are left out', () => {
    const long = trial.predictions.map((line) => ({ ...line, source: Array.from({ length: 40 }, () => 'x') }))
    const forming = formingIn(madeUpSamples(long, 200))
    expect(forming.recorded).toBe(200)
    expect(forming.frames.length).toBeLessThan(200)
    expect(JSON.stringify(forming.frames).length).toBeLessThan(310_000)
    expect(words(sectionOf(forming))).toContain(`at ${forming.frames.length} of 200 validations.`)
  })

  it('are named by their step and the metric that selects, else the first, else the loss', () => {
    const text = madeUpSamples(trial.predictions, 1)
    const devOf = (from: string, to: string, select: unknown = []) => {
      const train = { ...madeUpSpec.train, validate: { every: 1, select } } as unknown as Spec['train']
      return formingOf({ ...madeUpSpec, train }, parseSamples(text.replace(from, to), 'it'))?.frames[0]?.dev
    }
    expect(devOf('"per":0.4', '"wer":0.25,"per":0.4', [{ type: 'per' }])).toBe('PER 40.0 %')
    expect(devOf('"per":0.4', '"wer":0.25,"per":0.4', 'loss')).toBe('WER 25.0 %')
    expect(devOf('"per":0.4', '')).toBe('loss 1.000')
    expect(devOf('"per":0.4', '"per":{"value":null,"reason":"nothing counts"}')).toBe('PER undefined')
    const mean = { step: 1200, mean: 5, dev: 'PER 1 %', best: false, outputs: [] }
    expect(frameText(mean)).toBe("Step 1,200, the mean of 5 validations' parameters: PER 1 % on dev")
  })
})

describe('a page on disk', () => {
  const pageOf = async (directory: string) => {
    const { path = '' } = await writeTrialReport(directory)
    return readFileSync(path, 'utf8')
  }

  it('has a section where samples were recorded; a run of an earlier version has none, and is drawn all the same', async () => {
    const { record } = trial
    const samples = madeUpSamples(trial.predictions, 3)
    const withSamples = await writeTrial(join(root, 'new'), { ...trial, samples })
    const drawn = await pageOf(withSamples)
    expect(drawn).toContain('<section id="forming">')
    expect(drawn).toContain('<a href="#forming">How outputs form</a>')
    const old = await pageOf(await writeTrial(join(root, 'old'), trial))
    expect(old.includes('<section id="forming">')).toBe(false)
    expect(old.includes('href="#forming"')).toBe(false)
    expect(old.includes(record.label)).toBe(true)
  })

  it('of samples of another version says so, and has everything else', async () => {
    const samples = madeUpSamples(trial.predictions, 3).replace('"schemaVersion":1', '"schemaVersion":2')
    const drawn = await pageOf(await writeTrial(join(root, 'other'), { ...trial, samples }))
    expect(words(drawn)).toMatch(
      /They cannot be shown: \S*samples\.jsonl has schema version 2; this version of seqlab reads version 1\./,
    )
    expect(drawn).toContain('<section id="samples">')
  })
})
