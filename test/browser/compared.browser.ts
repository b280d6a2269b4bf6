import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LiveServer, startLiveServer } from '../../src/report/live/server/index.js'
import { readTrial } from '../../src/store/index.js'
import type { PredictionLine } from '../../src/train/types.js'
import { command } from '../support/command.js'
import { tinyRuns } from '../support/trained-runs.js'
import { seriousViolations, shots, watched, widest } from './browsing.js'
import { startChromium } from './chromium.js'
import { trialsIn } from './playing.js'

// One input under the variants of a study: two that fit into its comparison, and one of some 1.1 million numbers that does not.
const root = mkdtempSync(join(tmpdir(), 'seqlab-compared-'))
const study = join(root, 'runs', 'sizes')
const [small, middle, large] = [8, 12, 520]
const section = '#g1-playground'
/** Of the test split, by the decoder's size. */
const outputs = new Map<number, readonly PredictionLine[]>()

let largest = ''
let browser: Browser
let server: LiveServer

beforeAll(async () => {
  const { files, spec } = tinyRuns.transduce ?? { files: {}, spec: {} }
  for (const [file, text] of Object.entries(files)) writeFileSync(join(root, file), text)
  writeFileSync(join(root, 'base.yaml'), JSON.stringify({ ...spec, name: 'base' }))
  const grid = { 'model.decoder.hidden': [small, middle, large] }
  writeFileSync(join(root, 'sizes.yaml'), JSON.stringify({ name: 'sizes', extends: 'base.yaml', grid }))
  const flags = ['--quiet', '--workers', '1', '--playground-weights', 'float32']
  const { code, stderr } = await command(['sweep', 'sizes.yaml', ...flags], { cwd: root })
  if (code !== 0) throw new Error(stderr)
  for (const trial of trialsIn(study)) {
    const { record, predictions } = await readTrial(trial)
    const size = record?.spec.model.decoder?.hidden
    const test = predictions.filter(({ split }) => split === 'test')
    if (typeof size === 'number') outputs.set(size, test)
    if (size === large) largest = basename(trial)
  }
  browser = await startChromium()
  server = await startLiveServer({ root: join(root, 'runs') })
}, 300_000)

afterAll(async () => {
  await browser?.close()
  await server?.close()
  rmSync(root, { recursive: true, force: true })
})

const openFile = (width = 1280) => watched(browser, pathToFileURL(join(study, 'comparison.html')).href, { width })
const openServed = () =>
  watched(browser, `${server.url}comparison/sizes`, { width: 1280, own: (url) => url.startsWith(server.url) })

/** Waits for the answers of so many variants. */
async function begun(page: Page, count: number) {
  await page.locator(section).scrollIntoViewIfNeeded()
  await expect.poll(() => page.locator(`${section} .answer output`).count(), { timeout: 30_000 }).toBe(count)
}

/** Types a source; the output of each variant, by the size in its name. */
async function outputsFor(page: Page, source: string): Promise<ReadonlyMap<number, string>> {
  const script = `(async () => {
    const field = document.getElementById('g1-playground-source')
    const answers = [...document.querySelectorAll('${section} .answer')]
    const before = answers.map((each) => each.firstChild)
    field.value = ${JSON.stringify(source)}
    field.dispatchEvent(new Event('input', { bubbles: true }))
    while (answers.some((each, at) => each.firstChild === before[at])) await new Promise((done) => setTimeout(done))
    return answers.flatMap((each) => [each.querySelector('output')].flatMap((output) => output === null ? [] : [[each.parentElement.querySelector('select').selectedOptions[0].text, output.textContent]]))
  })()`
  const found: readonly (readonly [string, string])[] = await page.evaluate(script)
  return new Map(found.map(([label, text]) => [Number(/\d+/.exec(label)?.[0]), text]))
}

/** How many test sources get what the run's own search gave, for each size. */
async function agreements(page: Page): Promise<ReadonlyMap<number, number>> {
  const counts = new Map<number, number>()
  for (const [at, { source }] of (outputs.get(small) ?? []).entries()) {
    for (const [size, text] of await outputsFor(page, source.join(''))) {
      const isSame = text === (outputs.get(size)?.[at]?.hypothesis.join('') || '(nothing)')
      counts.set(size, (counts.get(size) ?? 0) + (isSame ? 1 : 0))
    }
  }
  return counts
}

const picker = (page: Page, at: number) => page.getByRole('combobox', { name: `Variant ${at}` })
const answer = (page: Page, at: number) => page.locator(`${section} .answer`).nth(at - 1)

describe('the comparison from disk', () => {
  it('gives one input to each variant that it holds, as the runs had it', async () => {
    const { page, complaints } = await openFile()
    await begun(page, 2)
    const all = outputs.get(small)?.length
    expect(all).toBe(12)
    expect(await agreements(page)).toEqual(
      new Map([
        [small, all],
        [middle, all],
      ]),
    )
    expect(complaints).toEqual([])
    await page.close()
  })

  it('has another variant where it is chosen; of one that is not there it says how it is had', async () => {
    const { page, complaints } = await openFile()
    await begun(page, 2)
    const other = await picker(page, 2).inputValue()
    expect(await answer(page, 1).innerHTML()).not.toBe(await answer(page, 2).innerHTML())
    await picker(page, 1).selectOption(other)
    await expect.poll(() => answer(page, 1).innerHTML()).toBe(await answer(page, 2).innerHTML())
    const absent = picker(page, 1).locator('option:disabled')
    expect(await absent.allTextContents()).toEqual([expect.stringMatching(new RegExp(`${large}.*not here`))])
    expect(await page.locator(section).textContent()).toMatch(/1 more model is not in this page.*seqlab view/)
    expect(complaints).toEqual([])
    await page.close()
  })

  it.each([320, 390, 1280, 1600])('fits %i pixels and bars nobody, light and dark', async (width) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, complaints } = await openFile(width)
      await page.emulateMedia({ colorScheme })
      await begun(page, 2)
      expect(await widest(page)).toBeLessThanOrEqual(width)
      expect(await seriousViolations(page, section)).toEqual([])
      expect(complaints).toEqual([])
      if (shots !== undefined)
        await page.locator(section).screenshot({ path: join(shots, `compared-${width}-${colorScheme}.png`) })
      await page.close()
    }
  })
})

describe('the comparison from the live server', () => {
  it('loads the model that is too large for a page, and asks nobody else', async () => {
    const { page, complaints } = await openServed()
    await begun(page, 3)
    const found = await agreements(page)
    for (const size of [small, middle, large]) expect(found.get(size)).toBeGreaterThanOrEqual(11)
    expect(await page.locator(section).textContent()).toContain('loaded from seqlab view')
    expect(complaints).toEqual([])
    await page.close()
  })

  it('says why a model cannot be loaded, next to the others, and asks again when it is chosen again', async () => {
    const { page } = await watched(browser, 'about:blank', { width: 1280 })
    let isLost = true
    await page.route(`**/model/sizes/${largest}`, (route) => (isLost ? route.abort() : route.continue()))
    await page.goto(`${server.url}comparison/sizes`)
    await begun(page, 2)
    const failed = page.locator(`${section} .failure`)
    await failed.waitFor()
    const card = page.locator(`${section} .compared > section`, { has: page.locator('.failure') })
    const at = Number(/\d/.exec((await card.getAttribute('aria-label')) ?? '')?.[0])
    const lost = await picker(page, at).inputValue()
    isLost = false
    await picker(page, at).selectOption(lost === '0' ? '1' : '0')
    await begun(page, 3)
    await picker(page, at).selectOption(lost)
    await expect.poll(() => answer(page, at).locator('output').count()).toBe(1)
    expect(await failed.count()).toBe(0)
    await page.close()
  })

  it('shows the other variants where the best one has a damaged model, and says which and why', async () => {
    const opened = await openServed()
    await begun(opened.page, 3)
    const best = await picker(opened.page, 1).locator('option:checked').textContent()
    const address: string = await opened.page.evaluate(
      `JSON.parse(document.getElementById('g1-playground-data').textContent).models[0].address`,
    )
    await opened.page.close()
    for (const name of ['model.safetensors', 'encode.onnx']) {
      const file = join(study, basename(address), 'model', name)
      const bytes = readFileSync(file)
      writeFileSync(file, bytes.subarray(0, 100))
      try {
        const { page } = await openServed()
        await begun(page, 2)
        expect(await picker(page, 1).locator('option:checked').textContent()).toBe(best)
        await expect
          .poll(() => answer(page, 1).textContent())
          .toMatch(
            new RegExp(`^The model cannot be loaded: .*${name} is damaged: it has 100 bytes, not ${bytes.length}$`),
          )
        const said = await outputsFor(page, 'abc')
        expect(said.size).toBe(2)
        expect(await seriousViolations(page, section)).toEqual([])
        await page.close()
      } finally {
        writeFileSync(file, bytes)
      }
    }
  })

  it('has the report of a trial whose model is damaged', async () => {
    const file = join(study, largest, 'model', 'model.json')
    const bytes = readFileSync(file)
    writeFileSync(file, '{')
    try {
      const report = await (await fetch(`${server.url}report/sizes/${largest}`)).text()
      const at = report.indexOf('1 file of this trial is damaged or missing.')
      expect(report.slice(at, at + 400)).toContain(`model.json is damaged: it has 1 bytes, not ${bytes.length}`)
      expect(report).toContain('id="results"')
    } finally {
      writeFileSync(file, bytes)
    }
  })

  it('says in words where no model can be loaded', async () => {
    const { page } = await watched(browser, 'about:blank', { width: 1280 })
    await page.route('**/model/sizes/*', (route) => route.abort())
    await page.goto(`${server.url}comparison/sizes`)
    await page.locator(section).scrollIntoViewIfNeeded()
    await expect.poll(() => page.locator(`${section} .failure`).count()).toBe(3)
    await page.close()
  })
})
