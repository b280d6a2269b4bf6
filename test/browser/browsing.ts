import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'

/** Where pictures of pages go, if they are wanted. */
export const shots = process.env.SEQLAB_SHOTS

/** A page with everything that it says on the console, and asks for besides `own` addresses. */
export async function watched(
  browser: Browser,
  address: string,
  {
    width,
    own = (url) => url === address,
    ...context
  }: { readonly width: number; readonly own?: (url: string) => boolean } & BrowserContextOptions,
): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, ...context })
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    const url = request.url()
    if (!own(url) && !url.startsWith('data:')) complaints.push(`request: ${url}`)
  })
  await page.goto(address)
  return { page, complaints }
}

/** What bars some readers from a page, or from a part of it. */
export async function seriousViolations(page: Page, within?: string): Promise<string[]> {
  await page.evaluate(axe.source)
  const where = within === undefined ? '' : JSON.stringify(within)
  const found = (await page.evaluate(`axe.run(${where})`)) as axe.AxeResults
  expect(found.passes.length).toBeGreaterThan(10)
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}

export const widest = (page: Page) => page.evaluate('document.documentElement.scrollWidth') as Promise<number>

/** Words of pictures that leave their picture or lie on others: nobody can read them. */
export const unreadable = `[...document.querySelectorAll('svg')].flatMap((svg) => {
  const frame = svg.getBoundingClientRect()
  const words = [...svg.querySelectorAll('text')].map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }))
  const seen = words.filter(({ text, box }) => text.trim() !== '' && box.width > 0)
  const cut = ({ box }) => box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1
  const shared = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4
  const on = (one, at) => seen.slice(at + 1).some((other) => shared(one.box, other.box))
  const name = svg.closest('figure')?.id ?? ''
  return seen.filter((one, at) => cut(one) || on(one, at)).map(({ text }) => name + ': ' + text)
})`
