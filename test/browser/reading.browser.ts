import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { editsOf, errorCount } from '../../src/report/analysis/edits.js'
import { writeComparison } from '../../src/report/render/comparison/write.js'
import { writeTrialReport } from '../../src/report/render/trial/write.js'
import { madeUpSpec, madeUpTrial } from '../report/made-up.js'
import { writeStudy } from '../report/study.js'
import { seriousViolations, shots, watched, widest } from './browsing.js'
import { startChromium } from './chromium.js'

// A study of 40 variants and 200 trials stays readable, and a trial's page shows every prediction and value.
const root = mkdtempSync(join(tmpdir(), 'seqlab-reading-'))
const study = join(root, 'grid')
const widths = [320, 390, 1280, 1600]
const scorers = ['dot', 'general', 'additive', 'scaled-dot', 'cosine'] as const
const single = madeUpTrial({ label: 'alone', study: 'alone', examples: 300, steps: 600 })
const alone = join(root, 'alone', single.record.trialId, 'report.html')

let browser: Browser

beforeAll(async () => {
  const trials = scorers.flatMap((scorer, at) =>
    [64, 128, 256, 512].flatMap((hidden, size) =>
      [0, 0.3].flatMap((dropout) =>
        [1, 2, 3, 4, 5].map((seed) => {
          const { encoder, context } = madeUpSpec.model
          const model = {
            ...madeUpSpec.model,
            encoder: { ...encoder, hidden, dropout },
            context: { ...context, scorer },
          }
          return madeUpTrial({
            ...{
              label: `${scorer}, hidden=${hidden}, dropout=${dropout}`,
              seed,
              study: 'grid',
              examples: 40,
              steps: 200,
            },
            spec: { ...madeUpSpec, model } as unknown as typeof madeUpSpec,
            wrong: (0.3 + 0.1 * at) * (1 + 0.02 * seed) - 0.02 * size + dropout / 10,
            variant: {
              'model.context.scorer': scorer,
              'model.encoder.hidden': hidden,
              'model.encoder.dropout': dropout,
            },
          })
        }),
      ),
    ),
  )
  await writeStudy(study, trials)
  await writeComparison(study)
  const baseline = { name: 'most-frequent' as const, answer: 'AH N', metrics: { per: 0.93, wer: 1 } }
  await writeStudy(join(root, 'alone'), [{ ...single, record: { ...single.record, baseline } }])
  await writeTrialReport(join(root, 'alone', single.record.trialId))
  browser = await startChromium()
}, 120_000)

afterAll(async () => {
  await browser?.close()
  rmSync(root, { recursive: true, force: true })
})

const open = (path: string, width: number) => {
  return watched(browser, pathToFileURL(path).href, { width, acceptDownloads: true })
}

async function expectReadable(page: Page, name: string, width: number): Promise<void> {
  expect(await widest(page)).toBeLessThanOrEqual(width)
  expect(await seriousViolations(page)).toEqual([])
  if (shots === undefined) return
  await page.screenshot({ path: join(shots, `${name}-${width}.png`), fullPage: true })
  if (width !== 1280) return
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.screenshot({ path: join(shots, `${name}-dark.png`), fullPage: true })
  await page.emulateMedia({ colorScheme: 'light', media: 'print' })
  await page.screenshot({ path: join(shots, `${name}-print.png`), fullPage: true })
  await page.emulateMedia({ media: 'screen' })
}

describe('a comparison of 40 variants and 200 trials', () => {
  const path = () => join(study, 'comparison.html')

  it.each(widths)('fits %i pixels', async (width) => {
    const { page, complaints } = await open(path(), width)
    await expectReadable(page, 'grid', width)
    expect(complaints).toEqual([])
    await page.close()
  })

  it('says nothing twice: labels have the settings, a sentence has each factor', async () => {
    const { page } = await open(path(), 1280)
    const headings = await page.locator('#g1-variants thead th').allTextContents()
    expect(headings.slice(0, 3)).toEqual(['variant', 'seeds', 'dev PER'])
    expect(new Set(headings).size).toBe(headings.length)
    const said = await page.locator('#answer p.lead').allTextContents()
    for (const factor of ['scorer', 'hidden', 'dropout'])
      expect(said.filter((sentence) => sentence.startsWith(`${factor} = `))).toHaveLength(1)
    expect(await page.locator('#g1-dots tbody tr').count()).toBe(40)
    expect(await page.locator('#g1-curve-training-loss .legend li').count()).toBe(8)
    await page.close()
  })

  it('is filtered as a whole, and its legend has eight different samples', async () => {
    const { page } = await open(path(), 1280)
    const samples = await page
      .locator('#g1-curve-training-loss .legend li svg')
      .evaluateAll((all) => all.map((one) => one.innerHTML))
    expect(new Set(samples).size).toBe(8)
    await page.locator('[data-filter=g1] input').fill('cosine dropout=0.3')
    expect(await page.locator('[data-filter=g1] [role=status]').textContent()).toBe('4 of 40 variants')
    expect(await page.locator('#g1-variants tbody tr:visible').count()).toBe(4)
    expect(await page.locator('#g1-trials tbody tr:visible').count()).toBe(20)
    expect(await page.locator('#g1-dots tbody tr').count()).toBe(4)
    expect(await page.locator('#g1-curve-training-loss .legend li').count()).toBe(4)
    await page.close()
  })

  it('has values by keyboard, a logarithmic scale and a zoom', async () => {
    const { page } = await open(path(), 1280)
    await page.locator('#g1-curve-training-loss div[role=img]').focus()
    await page.keyboard.press('ArrowRight')
    expect(await page.locator('#g1-dots [role=status]').textContent()).toBe('')
    await page.locator('#g1-dots div[role=img]').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    expect(await page.locator('#g1-dots [role=status]').textContent()).toMatch(/test PER: [\d.]+ %; 95 % t interval/)
    const ticks = () => page.locator('#g1-curve-training-loss svg text').allTextContents()
    expect(await ticks()).not.toContain('0.5')
    await page.locator('#g1-curve-training-loss input[type=checkbox]').check()
    expect(await ticks()).toContain('4')
    const before = await ticks()
    await page.locator('#g1-curve-training-loss div[role=img]').focus()
    await page.keyboard.press('+')
    expect(await ticks()).not.toEqual(before)
    await page.close()
  })
})

describe("a trial's page", () => {
  const test = single.predictions.filter(({ split }) => split === 'test')
  const wrong = test.filter((line) => errorCount(editsOf('sequence', line)) > 0)

  it.each(widths)('fits %i pixels', async (width) => {
    const { page, complaints } = await open(alone, width)
    await expectReadable(page, 'alone', width)
    const table = page.locator('#results .stacked .scroll')
    expect(await table.evaluate((box) => box.scrollWidth - box.clientWidth)).toBeLessThanOrEqual(0)
    expect(complaints).toEqual([])
    await page.close()
  })

  it('begins with the metric, its interval and a baseline', async () => {
    const { page } = await open(alone, 1280)
    expect(await page.locator('.hero .big').textContent()).toMatch(/^[\d.]+ % PER$/)
    expect(await page.locator('#baseline').textContent()).toBe(
      'Without a model, always answering "AH N", the most frequent answer in training, gives 93.0 % PER.',
    )
    await page.close()
  })

  it('has all predictions, filtered, sorted and each with a link', async () => {
    const { page } = await open(alone, 1280)
    const count = page.locator('#prediction-count')
    const first40 = (found: readonly unknown[]) => (found.length > 40 ? '; the first 40 are here' : '')
    expect(await count.textContent()).toBe(`300 of 300 predictions, ${wrong.length} wrong; the first 40 are here`)
    await page.locator('[name=wrong]').check()
    expect(await count.textContent()).toBe(`${wrong.length} of 300 predictions, ${wrong.length} wrong${first40(wrong)}`)
    await page.locator('[name=text]').fill('k n i g h t')
    const knights = wrong.filter(({ source }) => source.join('') === 'knight')
    expect(await count.textContent()).toBe(
      `${knights.length} of 300 predictions, ${knights.length} wrong${first40(knights)}`,
    )
    await page.locator('[name=text]').fill('')
    await page.locator('[name=sort]').selectOption('low')
    const least = wrong.reduce((a, b) => (b.score < a.score ? b : a))
    expect(await page.locator('#prediction-rows li').first().getAttribute('id')).toBe(`example-${least.index}`)
    await page.goto(`${pathToFileURL(alone).href}#example-3`)
    const first = page.locator('#prediction-rows li').first()
    expect(await first.getAttribute('id')).toBe('example-3')
    await first.locator('summary').click()
    // The table is made once the browser tells that its details are open, which is after the click.
    await first.locator('.weights tr').first().waitFor()
    expect(await first.locator('.weights tr').count()).toBe((test[3]?.alignment?.length ?? 0) + 1)
    await page.close()
  })

  it('says values of its charts under the pointer and by keyboard, and saves figures', async () => {
    const { page } = await open(alone, 1280)
    const drawing = page.locator('#curve-loss div[role=img]:visible')
    await drawing.focus()
    await page.keyboard.press('End')
    expect(await page.locator('#curve-loss .tip:visible').textContent()).toMatch(/^step 600training: [\d.]+ nats$/)
    await page.keyboard.press('Escape')
    expect(await page.locator('#curve-loss .tip:visible').count()).toBe(0)
    await drawing.hover()
    expect(await page.locator('#curve-loss .tip:visible').textContent()).toMatch(/^step \d+training: /)
    for (const [name, start] of [
      ['SVG', '<svg'],
      ['PNG', '\u0089PNG'],
      ['CSV', 'step,tokens trained on,training time (min),series,value'],
    ] as const) {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('#curve-loss .downloads').getByText(name).click(),
      ])
      const path = join(root, `saved.${name}`)
      await download.saveAs(path)
      expect(readFileSync(path, 'latin1').slice(0, start.length)).toBe(start)
    }
    await page.close()
  })
})
