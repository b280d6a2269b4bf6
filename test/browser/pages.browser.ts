import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { numberOrNaN } from '../../src/core/measured.js'
import type { ComparisonReport } from '../../src/report/analysis/comparison/types.js'
import { writeComparison } from '../../src/report/render/comparison/write.js'
import { writeTrialReport } from '../../src/report/render/trial/write.js'
import { estimateOf } from '../metrics/estimate.js'
import { madeUpSpec, madeUpTrial } from '../report/made-up.js'
import { plannedTrial, writeStudy } from '../report/study.js'
import { seriousViolations, shots, unreadable, watched, widest } from './browsing.js'
import { startChromium } from './chromium.js'

// The pages in a real browser: `npm run test:browser`. It takes Debian's Chromium, or what CHROMIUM names.
const evil = '</script><script>window.attacked = 1</script><img src=x onerror="window.attacked = 2">'
const root = mkdtempSync(join(tmpdir(), 'seqlab-browser-'))
const study = join(root, 'scorers')
const unfinished = join(root, 'cells')
const reason = 'The loss is NaN at step 7 (the gradient is not finite): the parameters grew from step 5 on'
const kinds = [
  ['additive', 0.08],
  ['general', 0.083],
  ['last-state', 0.2],
  [evil, 0.3],
] as const

let browser: Browser
let report: ComparisonReport

beforeAll(async () => {
  const trials = kinds.flatMap(([label, wrong], at) =>
    [1, 2, 3].map((seed) => {
      const spec = { ...madeUpSpec, name: label, train: { ...madeUpSpec.train, batchSize: 64 + at } }
      const trial = madeUpTrial({
        label,
        seed,
        spec,
        study: 'scorers',
        wrong: wrong * (1 + 0.03 * seed),
        variant: { scorer: label },
        parameters: 400_000 + 9000 * at,
        trainMs: 90_000 + 1000 * at * seed,
        examples: 200,
        steps: 2000,
      })
      const predictions =
        label === evil
          ? trial.predictions.map((line) => ({ ...line, hypothesis: [evil, ...line.hypothesis] }))
          : trial.predictions
      return { ...trial, predictions, record: { ...trial.record, trialId: `trial-${at}-${seed}` } }
    }),
  )
  await writeStudy(study, trials, {
    claims: [{ left: 'additive', right: 'last-state', metric: 'per', relation: 'better' }],
  })
  await writeTrialReport(join(study, 'trial-0-1'))
  await writeTrialReport(join(study, 'trial-3-1'))
  report = (await writeComparison(study)).report
  await writeUnfinishedStudy()
  browser = await startChromium()
})

/** A trial that is well, one that diverged, one that failed, and two that are to come. */
async function writeUnfinishedStudy() {
  const of = (label: string) => madeUpTrial({ label, study: 'cells', examples: 40, steps: 400 })
  const wild = of('wild')
  const failed = of('failed')
  const error = { code: 'training' as const, message: reason, problems: [], hint: 'Lower the learning rate.' }
  const trials = [
    of('gru'),
    { ...wild, lines: wild.lines.map((line) => (line.kind === 'train' ? { ...line, loss: 9 } : line)) },
    { ...failed, record: { ...failed.record, status: 'failed' as const, metrics: {}, error } },
  ]
  const missing = [plannedTrial('later-8', 'gru', 8), plannedTrial('later-9', 'gru', 9)]
  await writeStudy(unfinished, trials, { missing })
  await writeComparison(unfinished)
  for (const name of ['trial-failed-1', 'trial-wild-1']) await writeTrialReport(join(unfinished, name))
}

afterAll(async () => {
  await browser?.close()
  rmSync(root, { recursive: true, force: true })
})

const open = (path: string, width: number) => watched(browser, pathToFileURL(path).href, { width })

/** Words in lines of less than eight characters on average: a column that has been squeezed. */
const squeezed = `[...document.querySelectorAll('main *, header *, footer *')].flatMap((one) => {
  if (one.closest('svg, .visually-hidden, .pairs, details:not([open]) > :not(summary)')) return []
  const own = [...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent.trim()).join(' ').trim()
  if (own.length < 16 || !one.checkVisibility()) return []
  const range = document.createRange()
  range.selectNodeContents(one)
  const tops = new Set([...range.getClientRects()].filter(({ width }) => width > 1).map(({ top }) => Math.round(top / 8)))
  const perLine = one.textContent.trim().length / tops.size
  return perLine < 8 ? [one.tagName + ': ' + own.slice(0, 60) + ' (' + perLine.toFixed(1) + ' characters a line)'] : []
})`

/** Tables that are wider than the box in which they scroll may be, or in none. */
const loose = `[...document.querySelectorAll('table')].filter((table) => {
  const box = table.closest('.scroll')
  return box === null || box.getBoundingClientRect().right > document.documentElement.clientWidth
}).map((table) => table.caption?.textContent ?? table.id)`

const height = (page: Page) => page.evaluate('document.documentElement.scrollHeight') as Promise<number>

const pages = [
  ['the comparison', () => join(study, 'comparison.html')],
  ["a trial's page", () => join(study, 'trial-0-1', 'report.html')],
  ['the page of a trial with hostile words', () => join(study, 'trial-3-1', 'report.html')],
  ['the comparison of an unfinished study', () => join(unfinished, 'comparison.html')],
  ['the page of a failed trial', () => join(unfinished, 'trial-failed-1', 'report.html')],
] as const

describe.each(pages)('%s', (name, path) => {
  it.each([1280, 390])(
    'opens without a complaint at %i pixels, and has no serious violation, light or dark',
    async (width) => {
      const { page, complaints } = await open(path(), width)
      expect(await seriousViolations(page)).toEqual([])
      expect(await widest(page)).toBeLessThanOrEqual(width)
      expect(await page.evaluate(unreadable)).toEqual([])
      if (shots !== undefined)
        await page.screenshot({ path: join(shots, `${name.replaceAll(/\W+/g, '-')}-${width}.png`), fullPage: true })
      const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
      const before = await background()
      await page.getByRole('button', { name: 'Dark theme' }).click()
      expect(await background()).not.toBe(before)
      expect(await page.getByRole('button', { name: 'Light theme' }).isVisible()).toBe(true)
      expect(await seriousViolations(page)).toEqual([])
      expect(await page.evaluate('window.attacked')).toBeUndefined()
      expect(complaints).toEqual([])
      await page.close()
    },
  )
})

describe.each(pages)('on a phone %s', (_, path) => {
  it.each([320, 390])('has lines of words, tables in boxes of their own and an end at %i pixels', async (width) => {
    const { page, complaints } = await open(path(), width)
    expect(await page.evaluate(squeezed)).toEqual([])
    expect(await page.evaluate(loose)).toEqual([])
    expect(await widest(page)).toBeLessThanOrEqual(width)
    const tallest = `Math.max(0, ...[...document.querySelectorAll('dl')].map((list) => list.scrollHeight))`
    expect(await page.evaluate(tallest)).toBeLessThan(1800)
    const narrow = await height(page)
    await page.setViewportSize({ width: 1280, height: 900 })
    expect(narrow).toBeLessThan(4 * (await height(page)))
    expect(complaints).toEqual([])
    await page.close()
  })
})

describe('the comparison of an unfinished study', () => {
  const path = () => join(unfinished, 'comparison.html')

  it('says before all else how much has no result, and names it', async () => {
    const { page } = await open(path(), 390)
    const banner = page.locator('main > :first-child')
    expect(await banner.getAttribute('id')).toBe('unfinished')
    expect(await banner.locator('p').allTextContents()).toEqual([
      'Unfinished: 2 of 5 results of cells are missing: 2 not started (gru, seed 8; gru, seed 9).',
      `1 of 1 trial of failed failed and is excluded (seed 1: ${reason}).`,
    ])
    await banner.locator('summary').click()
    expect(await banner.locator('li').allTextContents()).toEqual([
      'gru, seed 8: not started',
      'gru, seed 9: not started',
    ])
    await page.close()
  })

  it('has failed and diverged trials in its table, with the reason', async () => {
    const { page } = await open(path(), 1280)
    const status = await page.locator('#g1-trials tbody td:nth-child(3)').allTextContents()
    expect(status).toContain(`failed: ${reason}`)
    expect(status.filter((text) => text.startsWith('completed: training loss at the end 9 '))).toHaveLength(1)
    await page.close()
  })
})

it('links only to files that exist', async () => {
  for (const [, path] of pages) {
    const { page } = await open(path(), 1280)
    const links = (await page.evaluate(
      `[...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href')).filter((href) => !href.startsWith('#'))`,
    )) as string[]
    for (const link of links) expect(existsSync(join(dirname(path()), decodeURIComponent(link))), link).toBe(true)
    await page.close()
  }
})

it('has a green badge only for a trial in good health', async () => {
  for (const [name, colour, text] of [
    ['trial-failed-1', 'bad', 'failed'],
    ['trial-wild-1', 'bad', 'completed, in bad health'],
  ] as const) {
    const { page } = await open(join(unfinished, name, 'report.html'), 390)
    const badge = page.locator('.badge')
    expect([await badge.getAttribute('class'), await badge.textContent()]).toEqual([`badge ${colour}`, text])
    await page.close()
  }
})

describe('the comparison', () => {
  const path = () => join(study, 'comparison.html')
  const column = (page: Page, table: string, at: number) =>
    page.locator(`#${table} tbody tr:visible td:nth-child(${at})`).allTextContents()

  it('sorts by a column, both ways, by full figures', async () => {
    const { page } = await open(path(), 1280)
    const heading = page.locator('#g1-trials thead th', { hasText: 'test PER' })
    await heading.getByRole('button').click()
    expect(await heading.getAttribute('aria-sort')).toBe('ascending')
    const values = report.groups[0]?.trials.map(({ test }) => numberOrNaN(test.per ?? Number.NaN)) ?? []
    const percent = (value: number) => `${(value * 100).toFixed(1)} %`
    expect(await column(page, 'g1-trials', 4)).toEqual(values.toSorted((a, b) => a - b).map(percent))
    await heading.getByRole('button').click()
    expect(await column(page, 'g1-trials', 4)).toEqual(values.toSorted((a, b) => b - a).map(percent))
    await page.close()
  })

  it('filters rows by words, with the keyboard alone', async () => {
    const { page } = await open(path(), 1280)
    const box = page.locator('[data-filter=g1] input')
    await box.focus()
    await page.keyboard.type('last-state')
    expect(await column(page, 'g1-trials', 1)).toEqual(Array(3).fill('last-state'))
    expect(await column(page, 'g1-variants', 1)).toEqual(['last-state'])
    expect(await page.locator('[data-filter=g1] [role=status]').textContent()).toBe('1 of 4 variants')
    expect(await page.locator('#g1-dots tbody td:first-child').allTextContents()).toEqual(['last-state'])
    expect(await page.locator('#g1-lengths .legend li').allTextContents()).toEqual(['last-state'])
    await page.keyboard.press('Control+A')
    await page.keyboard.press('Delete')
    expect(await page.locator('#g1-lengths .legend li').count()).toBe(4)
    await page.close()
  })

  it('prints its tables with their headings, in light colours', async () => {
    const { page } = await open(path(), 800)
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    const headings = page.locator('#g1-variants thead th')
    for (const heading of await headings.all()) expect(await heading.getByRole('button').isVisible()).toBe(true)
    expect(await page.getByRole('button', { name: /theme/ }).count()).toBe(0)
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)')
    await page.close()
  })

  it('reaches every control by the keyboard alone', async () => {
    const { page } = await open(path(), 1280)
    const all = (await page.evaluate(
      `[...document.querySelectorAll('button, input, summary, a[href], [tabindex="0"]')].filter((one) => one.checkVisibility()).length`,
    )) as number
    await page.evaluate('window.reached = new Set()')
    for (let press = 0; press < all; press++) {
      await page.keyboard.press('Tab')
      await page.evaluate('window.reached.add(document.activeElement)')
    }
    expect(await page.evaluate('window.reached.size')).toBe(all)
    expect(all).toBeGreaterThan(30)
    await page.close()
  })

  it('shows the figures of comparison.json', async () => {
    const { page } = await open(path(), 1280)
    const json = JSON.parse(readFileSync(join(study, 'comparison.json'), 'utf8')) as ComparisonReport
    const [group] = json.groups
    const per = group?.metrics[0]
    const cells = await column(page, 'g1-variants', 5)
    per?.values.forEach(({ mean }, at) => {
      const { value, low, high } = estimateOf(mean)
      const [m, l, h] = [value, low, high].map((share) => (share * 100).toFixed(1))
      expect(cells[at]).toBe(`${m} % (${l} to ${h})`)
    })
    const full = await page
      .locator('#g1-variants tbody tr td:nth-child(5)')
      .evaluateAll((all) => all.map((cell) => Number(cell.getAttribute('data-value'))))
    expect(full).toEqual(per?.values.map(({ mean }) => mean.value))
    const differences = await page
      .locator('#g1-pairs-per tbody tr td:nth-child(3)')
      .evaluateAll((all) => all.map((cell) => Number(cell.getAttribute('data-value'))))
    expect(differences).toEqual(per?.pairs.map(({ difference }) => difference))
    expect(await page.locator('#answer p.lead').allTextContents()).toEqual([
      ...(per?.ranking.text ?? []),
      ...(per?.answer ?? []),
    ])
    const tiers = await page.locator('#answer .tiers > li').allTextContents()
    expect(tiers).toHaveLength(per?.ranking.tiers.length ?? 0)
    expect(tiers[0]).toContain('additive')
    await page.close()
  })

  it('draws live pictures of the variants that are chosen', async () => {
    const { page, complaints } = await open(path(), 1280)
    const picture = page.locator('#g1-lengths')
    expect(await picture.locator('div[role=img] svg').count()).toBe(1)
    expect(await picture.locator('.legend li').allTextContents()).toContain('last-state')
    const before = await picture.locator('thead th').allTextContents()
    expect(before).toContain('last-state')
    await page.locator('[data-chooser=g1] summary').click()
    await page.getByLabel('last-state', { exact: true }).uncheck()
    expect(await picture.locator('thead th').allTextContents()).not.toContain('last-state')
    expect(await picture.locator('.legend li').allTextContents()).not.toContain('last-state')
    await page.setViewportSize({ width: 390, height: 800 })
    await expect
      .poll(() => picture.locator('div[role=img] svg').evaluate((svg) => svg.getBoundingClientRect().width))
      .toBeLessThanOrEqual(390)
    await page.mouse.move(200, 300)
    expect(complaints).toEqual([])
    await page.close()
  })
})
