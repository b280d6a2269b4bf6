import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeTrialReport } from '../../src/report/render/trial/write.js'
import type { Spec } from '../../src/spec/types.js'
import type { PredictionLine } from '../../src/train/types.js'
import { type MadeUp, madeUpSpec, madeUpTrial } from '../report/made-up.js'
import { madeUpSamples } from '../report/made-up-samples.js'
import { writeTrial } from '../report/study.js'
import { seriousViolations, shots, watched, widest } from './browsing.js'
import { startChromium } from './chromium.js'

// The slider over validations of a trial's page, opened from disk.
const root = mkdtempSync(join(tmpdir(), 'seqlab-forming-'))
const evil = '<img src=x onerror="window.attacked = 1">'
const trial = madeUpTrial({ label: 'forming', examples: 30, steps: 600 })
const dev = trial.predictions.filter(({ split }) => split === 'dev').slice(0, 8)

const long = Array.from({ length: 48 }, (_, at) => `w${at}`)
const cases: Readonly<Record<string, { readonly lines: readonly PredictionLine[]; readonly task?: Spec['task'] }>> = {
  words: { lines: dev },
  long: { lines: dev.map((line) => ({ ...line, source: long, hypothesis: long, references: [long] })) },
  evil: { lines: dev.map((line) => ({ ...line, source: [evil, 'b'], hypothesis: [evil], references: [[evil]] })) },
  tags: {
    task: { type: 'tag' },
    lines: dev.map((line) => ({
      ...line,
      hypothesis: line.source.map(() => 'B-X'),
      references: [line.source.map(() => 'O')],
    })),
  },
  forecasts: {
    task: { type: 'forecast', loss: 'squared' },
    lines: dev.map((line) => ({
      ...line,
      ...{ source: [], hypothesis: [], references: [] },
      values: { reference: [1, 2, 3, 4], predicted: [1, 3, 3, 5], naive: [0, 0, 0, 0] },
    })),
  },
}
/** For tasks without a decoder. */
const { source, encoder } = madeUpSpec.model
const pooled: Spec['model'] = {
  ...(source && { source }),
  ...(encoder && { encoder }),
  context: { from: 'last-state' },
}
const pages = new Map<string, string>()

let browser: Browser

beforeAll(async () => {
  for (const [name, { lines, task = trial.record.spec.task }] of Object.entries(cases)) {
    const model = task.type === 'transduce' ? madeUpSpec.model : pooled
    const record = { ...trial.record, spec: { ...madeUpSpec, task, model } }
    const made: MadeUp = { ...trial, record, predictions: lines, samples: madeUpSamples(lines, 12) }
    const { path = '' } = await writeTrialReport(await writeTrial(join(root, name), made))
    pages.set(name, path)
  }
  browser = await startChromium()
}, 120_000)

afterAll(async () => {
  await browser?.close()
  rmSync(root, { recursive: true, force: true })
})

const open = (name: string, width = 1280) => watched(browser, pathToFileURL(pages.get(name) ?? '').href, { width })
const status = (page: Page) => page.locator('#forming [role=status]').textContent()
const slider = (page: Page) => page.getByRole('slider', { name: 'Validation' })

describe('the slider', () => {
  it('begins at the last validation, and goes through all of them by keyboard', async () => {
    const { page, complaints } = await open('words')
    expect(await status(page)).toBe('Step 1,200: PER 40.0 % on dev, the best so far')
    await slider(page).focus()
    await page.keyboard.press('ArrowLeft')
    expect(await status(page)).toBe('Step 1,100: PER 44.2 % on dev, the best so far')
    expect(await slider(page).getAttribute('aria-valuetext')).toBe(await status(page))
    await page.keyboard.press('Home')
    expect(await status(page)).toMatch(/^Step 100: PER 85.8 %/)
    await page.keyboard.press('ArrowRight')
    expect(await status(page)).toMatch(/^Step 200:/)
    await page.keyboard.press('End')
    expect(await status(page)).toMatch(/^Step 1,200:/)
    expect(complaints).toEqual([])
    await page.close()
  })

  it('shows the output and the alignment of the validation', async () => {
    const { page } = await open('words')
    const [line] = dev
    const { hypothesis, source, references } = line ?? expect.fail()
    const predicted = () => page.locator('#forming .predicted').allTextContents()
    const weight = (row: number, column: number) =>
      page.locator(`#forming .weights tr:nth-child(${row + 2}) td:nth-of-type(${column + 1})`).getAttribute('title')
    expect((await predicted()).filter((symbol) => symbol !== '·')).toEqual(hypothesis)
    expect(await page.locator('#forming .weights tr').count()).toBe(hypothesis.length + 2)
    expect(await weight(0, 0)).toBe(`${hypothesis[0]} from ${source[0]}: 1`)
    await slider(page).focus()
    await page.keyboard.press('Home')
    // One of twelve validations: the first symbol over and over.
    expect(new Set((await predicted()).filter((symbol) => symbol !== '·'))).toContain(references[0]?.[0])
    const even = Math.round(100 * (1 / 12 + 11 / 12 / source.length)) / 100
    expect(await weight(0, 0)).toBe(`${references[0]?.[0]} from ${source[0]}: ${even}`)
    await page.close()
  })

  it('plays, and stops at the end or when it is moved', async () => {
    const { page } = await open('words')
    await page.getByRole('button', { name: 'Play' }).click()
    expect(await status(page)).toMatch(/^Step 100:/)
    expect(await page.getByRole('button', { name: 'Stop' }).count()).toBe(1)
    await expect.poll(() => status(page), { timeout: 20_000 }).toMatch(/^Step 1,200:/)
    expect(await page.getByRole('button', { name: 'Play' }).count()).toBe(1)
    await page.getByRole('button', { name: 'Play' }).click()
    await slider(page).focus()
    await page.keyboard.press('ArrowRight')
    expect(await page.getByRole('button', { name: 'Play' }).count()).toBe(1)
    await page.close()
  })

  it('goes on at the same validation with another example', async () => {
    const { page } = await open('words')
    await slider(page).focus()
    await page.keyboard.press('Home')
    const picker = page.getByRole('combobox', { name: 'Example' })
    expect(await picker.locator('option').count()).toBe(8)
    await picker.selectOption('5')
    expect(await status(page)).toMatch(/^Step 100:/)
    expect(await page.locator('#forming .source b').textContent()).toBe(dev[5]?.source.join(''))
    await page.close()
  })
})

describe('other tasks', () => {
  it('show tags below their tokens', async () => {
    const { page } = await open('tags')
    const [first] = await page.locator('#forming .pair').allTextContents()
    expect(first).toBe(`${dev[0]?.source[0]}OB-X(expected O, predicted B-X)`)
    expect(await page.locator('#forming .weights').count()).toBe(1)
    await page.close()
  })

  it('show forecasts that move towards what was observed, on one axis', async () => {
    const { page } = await open('forecasts')
    const lines = () =>
      page.locator('#forming polyline').evaluateAll((all) => all.map((one) => one.getAttribute('points')))
    const last = await lines()
    await slider(page).focus()
    await page.keyboard.press('Home')
    const first = await lines()
    expect(first).toHaveLength(3)
    expect([first[0], first[2]]).toEqual([last[0], last[2]])
    expect(first[1]).not.toBe(last[1])
    await page.locator('#forming summary').click()
    const cells = await page.locator('#forming tbody tr').first().locator('td').allTextContents()
    expect(cells).toEqual(['1', '0.08333', '0'])
    await page.close()
  })
})

describe('symbols', () => {
  it('are text, whatever they spell', async () => {
    const { page, complaints } = await open('evil')
    expect(await page.locator('#forming .source b').textContent()).toBe(`${evil}b`)
    expect(await page.locator('#forming img').count()).toBe(0)
    expect(await page.evaluate('window.attacked')).toBeUndefined()
    expect(complaints).toEqual([])
    await page.close()
  })
})

describe.each(Object.keys(cases))('the section of %s', (name) => {
  it.each([320, 390, 1280])('fits %i pixels and bars nobody, light and dark', async (width) => {
    const { page, complaints } = await open(name, width)
    expect(await widest(page)).toBeLessThanOrEqual(width)
    await slider(page).focus()
    for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowLeft')
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await seriousViolations(page, '#forming')).toEqual([])
      if (shots !== undefined)
        await page.locator('#forming').screenshot({ path: join(shots, `forming-${name}-${width}-${colorScheme}.png`) })
    }
    expect(complaints).toEqual([])
    await page.close()
  })

  it('has the last state without scripts', async () => {
    const page = await browser.newPage({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } })
    await page.goto(pathToFileURL(pages.get(name) ?? '').href)
    expect(await page.locator('#forming .lead').textContent()).toBe('Step 1,200: PER 40.0 % on dev, the best so far')
    expect(await page.locator('#forming .samples > li').count()).toBe(8)
    expect(await page.locator('#forming input').count()).toBe(0)
    if (shots !== undefined)
      await page.locator('#forming').screenshot({ path: join(shots, `forming-${name}-without-scripts.png`) })
    await page.close()
  })
})
