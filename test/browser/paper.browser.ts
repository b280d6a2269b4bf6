import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeComparison } from '../../src/report/render/comparison/write.js'
import { writeRunsIndex } from '../../src/report/render/runs/write.js'
import { writeTrialReport } from '../../src/report/render/trial/write.js'
import { madeUpSpec, madeUpTrial } from '../report/made-up.js'
import { writeStudy } from '../report/study.js'
import { unreadable, watched, widest } from './browsing.js'
import { startChromium } from './chromium.js'

// Pages on paper, and names of several lines next to a chart that is as narrow as a phone.
const root = mkdtempSync(join(tmpdir(), 'seqlab-paper-'))
const study = join(root, 'unrolling')
/** Two lines where 17 characters have room, four where 14 have. */
const labels = [1, 2, 3].map((at) => `bidirection=true, initialStat=zer${at}`)
/** Of A4 between Chromium's margins, at 96 pixels an inch. */
const paper = 718

let browser: Browser

beforeAll(async () => {
  const trials = labels.flatMap((label, at) =>
    [1, 2, 3].map((seed) => {
      const spec = { ...madeUpSpec, name: label, train: { ...madeUpSpec.train, batchSize: 64 + at } }
      const wrong = 0.1 * (at + 1) * (1 + 0.03 * seed)
      const trial = madeUpTrial({
        label,
        seed,
        spec,
        study: 'unrolling',
        wrong,
        variant: { merge: label },
        examples: 200,
      })
      return { ...trial, record: { ...trial.record, trialId: `trial-${at}-${seed}` } }
    }),
  )
  await writeStudy(study, trials)
  await writeTrialReport(join(study, 'trial-0-1'))
  await writeComparison(study)
  await writeRunsIndex(root)
  browser = await startChromium()
})

afterAll(async () => {
  await browser?.close()
  rmSync(root, { recursive: true, force: true })
})

const pages = {
  report: join(study, 'trial-0-1', 'report.html'),
  comparison: join(study, 'comparison.html'),
  index: join(root, 'index.html'),
}
const addressOf = (name: keyof typeof pages) => pathToFileURL(pages[name]).href

/** What of a page's kind of elements can be seen. */
const seen = (page: Page, selector: string) =>
  page
    .locator(selector)
    .evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => one.outerHTML.slice(0, 120)))

describe.each(['report', 'comparison', 'index'] as const)('%s on paper', (name) => {
  it('has no controls, nothing that is closed, no dark ground, and all within the sheet', async () => {
    const { page, complaints } = await watched(browser, addressOf(name), { width: paper, colorScheme: 'dark' })
    await page.evaluate("document.documentElement.dataset.theme = 'dark'")
    const before = (await seen(page, 'button, select, input, summary')).length
    await page.emulateMedia({ media: 'print' })
    expect(before).toBeGreaterThan(0)
    expect(await seen(page, 'input, select, textarea, .try, nav, button:not(th button)')).toEqual([])
    expect(await seen(page, 'details:not([open])')).toEqual([])
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)')
    expect(await widest(page)).toBeLessThanOrEqual(paper)
    expect(await page.evaluate(unreadable)).toEqual([])
    expect(complaints).toEqual([])
    await page.close()
  })
})

it('colours that say something are printed', async () => {
  const { page } = await watched(browser, addressOf('report'), { width: paper })
  await page.emulateMedia({ media: 'print' })
  const adjusted = await page.evaluate(
    "getComputedStyle(document.querySelector('#samples .pair.wrong')).printColorAdjust",
  )
  expect(adjusted).toBe('exact')
  await page.close()
})

/** Numbers of cells with a part of them on another line. */
const brokenNumbers = `[...document.querySelectorAll('td')].filter((cell) => cell.checkVisibility()).flatMap((cell) => {
  const texts = [...cell.childNodes].filter((node) => node.nodeType === 3)
  return texts.flatMap((text) => [...text.data.matchAll(/[\\d.,]+/g)].flatMap(({ index, 0: number }) => {
    const range = document.createRange()
    range.setStart(text, index)
    range.setEnd(text, index + number.length)
    return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1 ? [number] : []
  }))
})`

it('no number of a table is broken over two lines on paper', async () => {
  const { page } = await watched(browser, addressOf('comparison'), { width: paper })
  await page.emulateMedia({ media: 'print' })
  const broken = await page.evaluate(brokenNumbers)
  expect(broken).toEqual([])
  await page.close()
})

describe.each([320, 390])('at %d pixels', (width) => {
  it('names next to a chart are apart, however many lines they need', async () => {
    const { page, complaints } = await watched(browser, addressOf('comparison'), { width })
    const dots = page.locator('#g1-dots')
    await dots.scrollIntoViewIfNeeded()
    expect(await page.evaluate(unreadable)).toEqual([])
    const words = (await dots.locator('svg text').allTextContents()).filter((word) => /[a-z]=?|,/.test(word))
    expect(words.filter((word) => /^[,=)]/.test(word))).toEqual([])
    expect(words.join('')).toContain('bidirection=true,')
    expect(complaints).toEqual([])
    await page.close()
  })

  it('the index is read without being moved sideways', async () => {
    const { page } = await watched(browser, addressOf('index'), { width })
    expect(
      await page.locator('.scroll').evaluateAll((all) => all.map((one) => one.scrollWidth - one.clientWidth)),
    ).toEqual([0])
    expect(
      await page
        .locator('td', { hasText: labels[0] ?? '' })
        .first()
        .isVisible(),
    ).toBe(true)
    await page.close()
  })
})
