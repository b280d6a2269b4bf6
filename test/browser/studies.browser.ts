import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seriousViolations, shots, watched, widest } from './browsing.js'
import { startChromium } from './chromium.js'

// The studies' pages as they are in the repository, opened from disk.
let browser: Browser
beforeAll(async () => {
  browser = await startChromium()
})
afterAll(() => browser?.close())

const pages = ['representations.html', 'representations.zh.html', 'unrolling.html', 'alignment.zh.html']
const section = '#g1-playground'

/** What the variants answer to a source. */
async function answers(page: Page, source: string): Promise<string[]> {
  const before = await page.locator(`${section} .answer`).allInnerTexts()
  await page.locator(`${section}-source`).fill(source)
  await expect.poll(() => page.locator(`${section} .answer`).allInnerTexts(), { timeout: 30_000 }).not.toEqual(before)
  return page.locator(`${section} .answer`).allInnerTexts()
}

it.each(pages.flatMap((name) => [320, 1280].map((width) => [name, width] as const)))(
  '%s at %i pixels asks for nothing, fits and bars nobody',
  async (name, width) => {
    const file = resolve('docs/studies', name)
    expect(existsSync(file)).toBe(true)
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, complaints } = await watched(browser, pathToFileURL(file).href, { width, colorScheme })
      await page.locator(section).scrollIntoViewIfNeeded()
      await expect.poll(() => page.locator(`${section} .answer`).count(), { timeout: 30_000 }).toBe(2)
      expect(await widest(page)).toBeLessThanOrEqual(width)
      expect(await seriousViolations(page)).toEqual([])
      expect(await page.locator('html').getAttribute('lang')).toBe(name.includes('.zh.') ? 'zh-Hans' : 'en')
      expect(complaints).toEqual([])
      if (shots !== undefined)
        await page.screenshot({ path: join(shots, `study-${name}-${width}-${colorScheme}.png`), fullPage: true })
      await page.close()
    }
  },
)

it('lets a reader type what a bag of words cannot tell apart', async () => {
  const { page, complaints } = await watched(
    browser,
    pathToFileURL(resolve('docs/studies/representations.html')).href,
    { width: 1280 },
  )
  await page.locator(section).scrollIntoViewIfNeeded()
  await expect.poll(() => page.locator(`${section} .answer`).count(), { timeout: 30_000 }).toBe(2)
  // The left variant of the study's first claim is the bag of words, the right one the one-hot vectors.
  const [ordered] = [await answers(page, 'a a b')]
  const turned = await answers(page, 'a b a')
  expect(turned[0]).toBe(ordered[0])
  expect(turned[1]).not.toBe(ordered[1])
  expect(complaints).toEqual([])
  await page.close()
})

it('says in Chinese what its switch of themes does', async () => {
  const { page } = await watched(browser, pathToFileURL(resolve('docs/studies/alignment.zh.html')).href, {
    width: 1280,
  })
  await page.getByRole('button', { name: '深色' }).click()
  expect(await page.getByRole('button', { name: '浅色' }).count()).toBe(1)
  await page.close()
})
