import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeTrialReport } from '../../src/report/render/trial/write.js'
import { madeUpTrial } from '../report/made-up.js'
import { writeStudy } from '../report/study.js'
import { watched } from './browsing.js'
import { startChromium } from './chromium.js'

// Figures of a trial's page that are looked into: zoom, scale, what the horizontal axis counts, values of cells.
const root = mkdtempSync(join(tmpdir(), 'seqlab-figures-'))
const trial = madeUpTrial({ label: 'alone', study: 'alone', examples: 60, steps: 2000, trainMs: 120_000 })
const path = join(root, 'alone', trial.record.trialId, 'report.html')

let browser: Browser

beforeAll(async () => {
  await writeStudy(join(root, 'alone'), [trial])
  await writeTrialReport(join(root, 'alone', trial.record.trialId))
  browser = await startChromium()
})

afterAll(async () => {
  await browser?.close()
  rmSync(root, { recursive: true, force: true })
})

const open = (width = 1280) => watched(browser, pathToFileURL(path).href, { width, acceptDownloads: true })
const texts = (figure: Locator) => figure.locator('.lines svg text').allTextContents()
const tip = (figure: Locator) => figure.locator('.tip:visible').textContent()

async function dragged(page: Page, figure: Locator, from: number, to: number): Promise<void> {
  const lines = figure.locator('.lines')
  await lines.scrollIntoViewIfNeeded()
  const box = await lines.boundingBox()
  if (box === null) throw new Error('the curve is drawn')
  const y = box.y + box.height / 2
  await page.mouse.move(box.x + from * box.width, y)
  await page.mouse.down()
  await page.mouse.move(box.x + to * box.width, y, { steps: 4 })
  await page.mouse.up()
}

describe('a learning curve', () => {
  it('is over steps, tokens or time', async () => {
    const { page, complaints } = await open()
    const figure = page.locator('#curve-loss')
    expect(await texts(figure)).toEqual(expect.arrayContaining(['step', '2,000', 'best']))
    await figure.locator('select').selectOption('tokens')
    // 200 lines of 6,400 tokens.
    expect(await texts(figure)).toEqual(expect.arrayContaining(['tokens trained on', '1,000,000']))
    await figure.locator('.lines').focus()
    await page.keyboard.press('End')
    expect(await tip(figure)).toMatch(
      /^tokens trained on: 1,280,000 \(step 2,000\)training: [\d.]+ natsvalidation: [\d.]+ nats$/,
    )
    await figure.locator('select').selectOption('time')
    expect(await texts(figure)).toEqual(expect.arrayContaining(['training time (min)', '2']))
    await figure.locator('.lines').focus()
    await page.keyboard.press('Home')
    expect(await tip(figure)).toMatch(/^training time: 0.01 min \(step 10\)training: /)
    expect(complaints).toEqual([])
    await page.close()
  })

  it('is zoomed by the mouse, the wheel and the keyboard, and shown whole again', async () => {
    const { page } = await open()
    const figure = page.locator('#curve-loss')
    const whole = await texts(figure)
    const button = figure.getByRole('button', { name: 'Whole curve' })
    expect(await button.isVisible()).toBe(false)
    await dragged(page, figure, 0.5, 0.6)
    expect(await texts(figure)).not.toContain('0')
    expect(await texts(figure)).not.toContain('2,000')
    await button.click()
    expect(await texts(figure)).toEqual(whole)
    await figure.locator('.lines').hover()
    await page.mouse.wheel(0, -100)
    expect(await texts(figure)).toEqual(whole)
    await page.keyboard.down('Control')
    await page.mouse.wheel(0, -100)
    await page.keyboard.up('Control')
    expect(await texts(figure)).not.toEqual(whole)
    await figure.locator('.lines').focus()
    await page.keyboard.press('0')
    expect(await texts(figure)).toEqual(whole)
    await page.keyboard.press('Home')
    await page.keyboard.press('+')
    expect(await texts(figure)).toContain('1,000')
    expect(await texts(figure)).not.toContain('2,000')
    await page.keyboard.press('-')
    expect(await texts(figure)).toEqual(whole)
    await page.close()
  })

  it('has a logarithmic axis where the reader wants one', async () => {
    const { page } = await open()
    const figure = page.locator('#curve-loss')
    const box = figure.getByLabel('logarithmic scale')
    expect(await box.isChecked()).toBe(true)
    expect(await texts(figure)).toEqual(expect.arrayContaining(['0.2', '1', '5']))
    await box.uncheck()
    expect(await texts(figure)).toEqual(expect.arrayContaining(['0', '1', '2', '3']))
    expect(await page.locator('#curve-per').getByLabel('logarithmic scale').isVisible()).toBe(true)
    await page.close()
  })

  it('draws every recorded point, and saves them', async () => {
    const { page } = await open()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('#curve-loss .downloads').getByText('CSV').click(),
    ])
    const saved = join(root, 'curve.csv')
    await download.saveAs(saved)
    const [head, first, ...rest] = readFileSync(saved, 'utf8').trim().split('\r\n')
    expect(head).toBe('step,tokens trained on,training time (min),series,value')
    expect(first).toMatch(/^10,6400,0.01,training,\d/)
    expect(rest).toHaveLength(199 + 2)
    await page.close()
  })

  it('is a picture without scripts, and in print', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 800 } })
    const page = await context.newPage()
    await page.goto(pathToFileURL(path).href)
    expect(await page.locator('#curve-loss .narrow svg').isVisible()).toBe(true)
    expect(await page.locator('#curve-loss .wide svg').isVisible()).toBe(false)
    expect(await page.locator('#curve-loss .still').textContent()).toBe('Logarithmic scale.')
    await context.close()
    const { page: printed } = await open()
    await printed.emulateMedia({ media: 'print' })
    for (const id of ['curve-loss', 'curve-per', 'attention-0', 'length-per', 'model'])
      expect((await printed.locator(`#${id} svg:visible`).last().boundingBox())?.width, id).toBeGreaterThan(80)
    expect(await printed.locator('.controls:visible').count()).toBe(0)
    await printed.close()
  })
})

describe('a heatmap', () => {
  it('says its values under the pointer and by keyboard, and saves them', async () => {
    const { page } = await open()
    const figure = page.locator('#attention-0')
    const said = () => figure.locator('[role=status]').textContent()
    const {
      source = [],
      hypothesis = [],
      alignment = [],
    } = trial.predictions.find(({ split }) => split === 'test') ?? {}
    await figure.locator('[role=img]').focus()
    await page.keyboard.press('ArrowRight')
    const weight = (row: number, column: number) => Number((alignment[row]?.[column] ?? 0).toPrecision(3))
    expect(await said()).toBe(`${hypothesis[0]}, ${source[0]}: ${weight(0, 0)}`)
    await page.keyboard.press('ArrowDown')
    expect(await said()).toBe(`${hypothesis[1]}, ${source[0]}: ${weight(1, 0)}`)
    await page.keyboard.press('Escape')
    expect(await said()).toBe('')
    await figure.locator('svg').hover()
    expect(await said()).toMatch(/: [\d.e-]+$/)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      figure.locator('.downloads').getByText('CSV').click(),
    ])
    const saved = join(root, 'cells.csv')
    await download.saveAs(saved)
    const [head, first] = readFileSync(saved, 'utf8').split('\r\n')
    expect(head).toBe(`,${source.join(',')}`)
    expect(first?.split(',')[1]).toBe(String(weight(0, 0)))
    await page.close()
  })
})
