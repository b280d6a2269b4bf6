import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ComparisonReport, Group } from '../../src/report/analysis/comparison/types.js'
import { writeComparison } from '../../src/report/render/comparison/write.js'
import { writeTrialReport } from '../../src/report/render/trial/write.js'
import { estimateOf } from '../metrics/estimate.js'
import { madeUpSpec, madeUpTrial } from '../report/made-up.js'
import { writeStudy } from '../report/study.js'
import { shots } from './browsing.js'
import { startChromium } from './chromium.js'

// What charts show when a pointer is over them, in a real browser, against the figures in comparison.json.
const root = mkdtempSync(join(tmpdir(), 'seqlab-charts-'))
const study = join(root, 'grid')
const hidden = [16, 128, 8]
const rates = [0.5, 0.001]
const seeds = [1, 2, 3]
const spike = 7.25
const spikeStep = 1230

let browser: Browser
let page: Page
let group: Group

beforeAll(async () => {
  const trials = hidden.flatMap((size, at) =>
    rates.flatMap((rate, inner) => seeds.map((seed) => trialOf(size, rate, seed, at, inner))),
  )
  await writeStudy(study, trials)
  await writeComparison(study)
  await writeTrialReport(join(study, 'trial-hidden-16-rate-0-5-1'))
  const json = JSON.parse(readFileSync(join(study, 'comparison.json'), 'utf8')) as ComparisonReport
  if (json.groups[0] === undefined) throw new Error('one group')
  group = json.groups[0]
  browser = await startChromium()
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  await page.goto(pathToFileURL(join(study, 'comparison.html')).href)
})

afterAll(async () => {
  await browser?.close()
  rmSync(root, { recursive: true, force: true })
})

function trialOf(size: number, rate: number, seed: number, at: number, inner: number) {
  const trial = madeUpTrial({
    label: `hidden=${size}, rate=${rate}`,
    seed,
    study: 'grid',
    spec: { ...madeUpSpec, train: { ...madeUpSpec.train, batchSize: size, steps: 2000 + inner } },
    variant: { 'train.batchSize': size, 'train.rate': rate },
    wrong: (0.05 + 0.03 * at + 0.1 * inner) * (1 + 0.05 * seed),
    examples: 200,
    steps: 2000,
    parameters: 400_000 + 9123 * at + inner,
    trainMs: 90_500 + 31_000 * at + 1000 * seed,
  })
  const isSpiked = at === 0 && inner === 0 && seed === 1
  const lines = trial.lines.map((line) =>
    isSpiked && line.kind === 'train' && line.step === spikeStep ? { ...line, loss: spike } : line,
  )
  return { ...trial, lines }
}

const percent = (share: number) => (100 * share).toFixed(1)
const label = (id: string) => group.variants.find((variant) => variant.id === id)?.label ?? ''
const valuesOf = (name: string) => {
  const variant = group.variants.find((one) => one.label === name)
  const values = group.metrics[0]?.values.find((one) => one.variant === variant?.id)
  if (variant === undefined || values === undefined) throw new Error(`${name} is a variant`)
  return { variant, values }
}

/** The live chart of a figure. */
const chart = (id: string) => page.locator(`#g1-${id} div[role=img]`)

/** Lines of the tooltip that is shown; none where none is. */
async function tip(id: string): Promise<string[]> {
  const found = chart(id).locator('.tip')
  if ((await found.count()) === 0 || !(await found.isVisible())) return []
  return found.evaluate((element) => [...element.children].map((line) => line.textContent ?? ''))
}

/** Everything that is drawn, by shape and colours. */
const marks = (id: string) =>
  chart(id)
    .locator('svg path:not(.tip *)')
    .evaluateAll((paths) =>
      paths.map((path) => ['d', 'fill', 'stroke'].map((name) => path.getAttribute(name)).join(' ')),
    )

async function centre(mark: Locator): Promise<{ x: number; y: number }> {
  await mark.scrollIntoViewIfNeeded()
  const box = await mark.boundingBox()
  if (box === null) throw new Error('the mark is drawn')
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

/** The tooltip at each of some marks; while a mark is hovered over, all that was drawn stays. */
async function tipsAt(id: string, selector: string): Promise<string[][]> {
  const before = await marks(id)
  expect(before.length).toBeGreaterThan(0)
  const tips: string[][] = []
  for (const mark of await chart(id).locator(selector).all()) {
    const { x, y } = await centre(mark)
    await page.mouse.move(x, y)
    tips.push(await tip(id))
    expect(await marks(id)).toEqual(expect.arrayContaining(before))
  }
  await page.mouse.move(0, 0)
  expect(await marks(id)).toEqual(before)
  return tips
}

/** The tooltips along the axis of a chart, one for each heading. */
async function tipsAlong(id: string): Promise<Map<string, string[]>> {
  const before = await marks(id)
  await chart(id).scrollIntoViewIfNeeded()
  const box = await chart(id).boundingBox()
  if (box === null) throw new Error('the chart is drawn')
  const tips = new Map<string, string[]>()
  for (let x = box.x + 50; x < box.x + box.width - 10; x += 5) {
    await page.mouse.move(x, box.y + box.height / 2)
    const [heading, ...lines] = await tip(id)
    if (heading === undefined || tips.has(heading)) continue
    tips.set(heading, lines)
    if (tips.size % 8 === 1) expect(await marks(id)).toEqual(expect.arrayContaining(before))
  }
  await page.mouse.move(0, 0)
  expect(await marks(id)).toEqual(before)
  return tips
}

describe('a tooltip has the figures of comparison.json', () => {
  it('over dots: mean, interval and its kind, seeds, examples', async () => {
    const tips = await tipsAt('dots', 'svg path[fill="var(--s1)"]')
    expect(tips).toHaveLength(6)
    for (const [name = '', ...lines] of tips) {
      const { values } = valuesOf(name)
      const { value, low, high } = estimateOf(values.mean)
      expect(lines).toEqual([
        `test PER: ${percent(value)} %`,
        `95 % t interval: ${percent(low)} to ${percent(high)} %`,
        '3 seeds, 200 test examples',
        ...values.perSeed.map((one, at) => `seed ${values.seeds[at]}: ${percent(Number(one))} %`),
      ])
    }
    expect(new Set(tips.map(([name]) => name)).size).toBe(6)
  })

  it('over the cells of two factors', async () => {
    const tips = await tipsAt('factors', 'svg path[fill="var(--s1)"]')
    expect(tips).toHaveLength(6)
    for (const [first = '', second = '', ...lines] of tips) {
      const [size, rate] = [first, second].map((line) => line.split(': ')[1])
      const { values } = valuesOf(`hidden=${size}, rate=${rate}`)
      const { value, low, high } = estimateOf(values.mean)
      expect(lines).toEqual([
        `test PER: ${percent(value)} %`,
        `95 % t interval: ${percent(low)} to ${percent(high)} %`,
        '3 seeds, 200 test examples',
      ])
    }
  })

  it('over costs, in the units of the axes', async () => {
    for (const [id, costOf] of [
      ['cost-time', (ms: number) => `training time: ${(ms / 60_000).toPrecision(4).replace(/\.?0+$/, '')} min`],
      ['cost-parameters', (count: number) => `parameters: ${count.toLocaleString('en-GB')}`],
    ] as const) {
      const tips = await tipsAt(id, 'svg path[fill="var(--s1)"]')
      expect(tips).toHaveLength(6)
      for (const [name = '', cost, value] of tips) {
        const { variant, values } = valuesOf(name)
        expect(cost).toBe(costOf(id === 'cost-time' ? Number(variant.trainMs) : variant.parameters))
        expect(value).toBe(`test PER: ${percent(Number(values.mean.value))} %`)
      }
    }
  })

  it('over bins of lengths: every variant with its interval', async () => {
    const [lengths] = group.lengths
    const tips = await tipsAlong('lengths')
    expect([...tips.keys()]).toEqual(lengths?.bins.map((bin, at) => `${bin} tokens, ${lengths.examples[at]} examples`))
    for (const [at, lines] of [...tips.values()].entries()) {
      for (const { variant, values } of lengths?.variants ?? []) {
        const { value, low, high } = estimateOf(values[at])
        const row = lines.indexOf(`${label(variant)}: PER: ${percent(value)} % (3 seeds)`)
        expect(lines.slice(row, row + 2)).toEqual([
          expect.anything(),
          `95 % bootstrap interval: ${percent(low)} to ${percent(high)} %`,
        ])
      }
    }
  })

  it.each([
    ['curve-per', 'per', (value: number) => percent(value), ' %'],
    ['curve-training-loss', 'training-loss', (value: number) => String(Number(value.toPrecision(4))), ' nats'],
    ['curve-validation-loss', 'validation-loss', (value: number) => String(Number(value.toPrecision(4))), ' nats'],
  ])('over %s: every variant at its step, with the range and what it is of', async (id, name, text, unit) => {
    const curves = group.curves.filter((curve) => curve.name === name)
    const tips = await tipsAlong(id)
    expect(tips.size).toBe(curves[0]?.points.length)
    for (const { variant, points, window } of curves) {
      const more = window > 1 ? `, up to ${window} points` : ''
      for (const [step, mean, low, high] of points) {
        const range = low === high ? '3 seeds' : `${text(low)} to ${text(high)}${unit}, lowest to highest of 3 seeds`
        expect(tips.get(`step ${step.toLocaleString('en-GB')}`)).toContain(
          `${label(variant)}: ${text(mean)}${unit} (${range}${more})`,
        )
      }
    }
  })
})

describe('what is drawn', () => {
  const texts = (id: string) => chart(id).locator('svg text').allTextContents()

  it('has the peak of a long curve, and says that it is thinned', async () => {
    const curve = group.curves.find(
      ({ name, variant }) => name === 'training-loss' && label(variant) === 'hidden=16, rate=0.5',
    )
    expect(Math.max(...(curve?.points ?? []).map(([, , , high]) => high))).toBe(spike)
    expect(await page.locator('#g1-curve-training-loss figcaption').textContent()).toContain(
      `Each point stands for up to ${curve?.window} recorded ones: their mean, and the range from the lowest to the highest of them.`,
    )
    const ticks = (await texts('curve-training-loss')).map(Number).filter(Number.isFinite)
    expect(Math.max(...ticks)).toBeGreaterThanOrEqual(7)
  })

  it('has numeric levels in the order of their size', async () => {
    const words = await texts('factors')
    const places = ['0.001', '0.5', '8', '16', '128'].map((level) => words.indexOf(level))
    expect(places.every((place) => place >= 0)).toBe(true)
    expect(places.slice(0, 2)).toEqual(places.slice(0, 2).toSorted((a, b) => a - b))
    expect(places.slice(2)).toEqual(places.slice(2).toSorted((a, b) => a - b))
  })

  it('has a sentence instead of a chart where no variant is selected, and the chart again', async () => {
    const chooser = page.locator('[data-chooser=g1]')
    await chooser.locator('summary').click()
    const boxes = await chooser.getByRole('checkbox').all()
    for (const box of boxes) await box.uncheck()
    const figure = page.locator('#g1-lengths')
    expect(await figure.getByText('No variant is selected.').isVisible()).toBe(true)
    expect(await chart('lengths').isVisible()).toBe(false)
    for (const box of boxes) await box.check()
    expect(await chart('lengths').isVisible()).toBe(true)
    expect(await figure.getByText('No variant is selected.').count()).toBe(0)
    await chooser.locator('summary').click()
  })
})

describe('tables', () => {
  it('sort settings by size, both ways', async () => {
    const column = async (name: string) => {
      const headings = await page.locator('#g1-variants thead th').allTextContents()
      const at = headings.findIndex((heading) => heading.includes(name)) + 1
      return {
        heading: page.locator(`#g1-variants thead th:nth-child(${at}) button`),
        cells: page.locator(`#g1-variants tbody td:nth-child(${at})`),
      }
    }
    const sizes = await column('batchSize')
    await sizes.heading.click()
    expect(await sizes.cells.allTextContents()).toEqual(['8', '8', '16', '16', '128', '128'])
    await sizes.heading.click()
    expect(await sizes.cells.allTextContents()).toEqual(['128', '128', '16', '16', '8', '8'])
    const labels = await column('variant')
    await labels.heading.click()
    const names = [8, 16, 128].flatMap((size) => [0.001, 0.5].map((rate) => `hidden=${size}, rate=${rate}`))
    expect(await labels.cells.allTextContents()).toEqual(names)
  })
})

describe.each([320, 390, 1280])('at %i pixels', (width) => {
  it.each([
    ['comparison', 'comparison.html'],
    ['trial', 'trial-hidden-16-rate-0-5-1/report.html'],
  ])('%s: no chart is wider than the page, and no tooltip leaves it', async (name, path) => {
    const small = await browser.newPage({ viewport: { width, height: 800 } })
    await small.goto(pathToFileURL(join(study, path)).href)
    if (shots !== undefined)
      await small.screenshot({ path: join(shots, `charts-${name}-${width}.png`), fullPage: true })
    for (const svg of await small.locator('figure svg:visible').all()) {
      expect((await svg.boundingBox())?.width).toBeLessThanOrEqual(width)
    }
    for (const box of await small.locator('#g1 figure > div[role=img]:visible').all()) {
      await box.scrollIntoViewIfNeeded()
      const { x, y, width: wide, height } = (await box.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
      for (const share of [0.3, 0.6, 0.95]) {
        await small.mouse.move(x + share * wide, y + height / 2)
        const tooltip = box.locator('.tip')
        if ((await tooltip.count()) === 0 || !(await tooltip.isVisible())) continue
        const place = await tooltip.boundingBox()
        expect(place?.x).toBeGreaterThanOrEqual(0)
        expect((place?.x ?? 0) + (place?.width ?? 0)).toBeLessThanOrEqual(width)
      }
    }
    await small.close()
  })
})
