import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LiveServer, startLiveServer } from '../../src/report/live/server/index.js'
import { madeUpSpec, madeUpTrial } from '../report/made-up.js'
import { writeStudy } from '../report/study.js'
import { tinyRuns } from '../support/trained-runs.js'
import { seriousViolations, shots, watched } from './browsing.js'
import { startChromium } from './chromium.js'

// The live pages in a real browser, while a real sweep runs: `npm run test:browser`.
const evil = '<img src=x onerror="window.attacked = 1">'
const root = mkdtempSync(join(tmpdir(), 'seqlab-live-'))
const runs = join(root, 'runs')
const program = resolve('dist/cli/main.js')

let browser: Browser
let server: LiveServer
let sweep: ChildProcess

beforeAll(async () => {
  const tiny = tinyRuns.transduce
  for (const [file, text] of Object.entries(tiny?.files ?? {})) writeFileSync(join(root, file), text)
  const spec = {
    ...tiny?.spec,
    name: 'base',
    train: { steps: 4000, batchSize: 8, maxShapes: 1, optimizer: 'adam', validate: { every: 100 } },
  }
  writeFileSync(join(root, 'base.yaml'), JSON.stringify(spec))
  const grid = { name: 'cells', extends: 'base.yaml', grid: { 'model.encoder.cell': ['gru', 'lstm'] }, seeds: 2 }
  writeFileSync(join(root, 'study.yaml'), JSON.stringify(grid))
  await writeEvilStudy()
  server = await startLiveServer({ root: runs })
  browser = await startChromium()
  sweep = spawn(process.execPath, [program, 'sweep', 'study.yaml', '--workers', '1', '--quiet'], {
    cwd: root,
    stdio: 'ignore',
  })
})

/** Words that would be markup, wherever a study has words: names of folders cannot have all of them. */
async function writeEvilStudy() {
  const trials = [1, 2].map((seed) => {
    const label = `${evil} ${seed}`
    const spec = { ...madeUpSpec, name: label, train: { ...madeUpSpec.train, batchSize: 63 + seed } }
    const trial = madeUpTrial({ label, seed, spec, study: evil, examples: 40, steps: 400 })
    return {
      ...trial,
      predictions: trial.predictions.map((line) => ({ ...line, source: [evil, ...line.source], hypothesis: [evil] })),
      record: { ...trial.record, trialId: `evil-${seed}` },
    }
  })
  await writeStudy(join(runs, evil.replaceAll('/', '')), trials)
}

afterAll(async () => {
  if (sweep.exitCode === null) {
    sweep.kill('SIGKILL')
    await once(sweep, 'exit')
  }
  await browser?.close()
  await server?.close()
  rmSync(root, { recursive: true, force: true })
})

/** A page of the server's. */
const open = (path: string, width: number) =>
  watched(browser, server.url + path, { width, own: (url) => url.startsWith(server.url) })

const evilPath = `study/${encodeURIComponent(evil)}`
const stepsIn = async (page: Page) => {
  const states = await page.locator('tbody tr', { hasText: 'running' }).first().textContent()
  return Number(/step ([\d,]+)/.exec(states ?? '')?.[1]?.replace(',', '') ?? 0)
}

describe('while a sweep runs', () => {
  it('the list of studies and the page of the study follow it, without being loaded again', async () => {
    const { page, complaints } = await open('', 1280)
    await page.getByRole('link', { name: 'cells', exact: true }).click({ timeout: 50_000 })
    await page.locator('tbody tr', { hasText: 'running · step' }).first().waitFor({ timeout: 50_000 })
    const before = await stepsIn(page)
    await expect.poll(() => stepsIn(page), { timeout: 30_000 }).toBeGreaterThan(before)
    const curve = page.locator('#curve-training-loss-loss-nats-per-token-')
    await curve.locator('.lines svg').waitFor({ timeout: 30_000 })
    const last = () => curve.locator('tbody td').nth(1).textContent()
    const step = await last()
    await expect.poll(last, { timeout: 30_000 }).not.toBe(step)
    expect(await page.locator('#connection').textContent()).toBe('live')
    expect(await seriousViolations(page)).toEqual([])
    expect(complaints).toEqual([])
    await page.close()
  })

  it('the page of a trial draws its curves and says when it ends', async () => {
    const { page, complaints } = await open('', 390)
    await page.getByRole('link', { name: 'cells', exact: true }).click({ timeout: 50_000 })
    await page.locator('tbody tr', { hasText: 'running' }).getByRole('link', { name: 'live' }).click()
    await page.locator('#curve-loss .lines svg').waitFor({ timeout: 30_000 })
    await expect
      .poll(() => page.locator('.lead').first().textContent(), { timeout: 30_000 })
      .toMatch(/left|ends soon|completed/)
    expect(await page.locator('#curve-loss .legend li').allTextContents()).toEqual(['training', 'validation'])
    expect(await seriousViolations(page)).toEqual([])
    expect(complaints).toEqual([])
    await page.close()
  })

  it('a page whose server goes says so', async () => {
    const other = await startLiveServer({ root: runs })
    const page = await browser.newPage()
    await page.goto(`${other.url}study/cells`)
    const state = () => page.locator('#connection').textContent()
    await expect.poll(state, { timeout: 20_000 }).toBe('live')
    await other.close()
    await expect.poll(state, { timeout: 20_000 }).toBe('no connection: trying again')
    await page.close()
  })
})

describe('hostile words', () => {
  it.each([
    ['the list of studies', () => ''],
    ['a study', () => evilPath],
    ['a trial', () => `trial/${encodeURIComponent(evil)}/evil-1`],
    ['all runs', () => `runs#run=${encodeURIComponent(`${evil}/evil-1`)}`],
    ['a report', () => `report/${encodeURIComponent(evil)}/evil-1`],
    ['a comparison', () => `comparison/${encodeURIComponent(evil)}`],
  ])('are words in %s', async (_, path) => {
    const { page, complaints } = await open(path(), 390)
    await page.getByText(evil).first().waitFor()
    await page.waitForTimeout(500)
    for (const chart of await page.locator('svg').all()) await chart.hover({ timeout: 200 }).catch(() => {})
    expect(await page.evaluate('window.attacked')).toBeUndefined()
    expect(await page.locator('img').count()).toBe(0)
    expect(complaints).toEqual([])
    await page.close()
  })
})

describe('any runs', () => {
  it('are overlaid by choice, with the keyboard, and the address keeps the choice', async () => {
    const { page, complaints } = await open('runs', 1280)
    const boxes = page.getByRole('checkbox', { name: evil })
    await boxes.first().focus()
    await page.keyboard.press('Space')
    await boxes.nth(1).check()
    await page.locator('#curve-training-loss-loss-nats-per-token- .legend li').nth(1).waitFor()
    expect(new URL(page.url()).hash.split('run=')).toHaveLength(3)
    await page.reload()
    await page.locator('#curve-training-loss-loss-nats-per-token- .legend li').nth(1).waitFor()
    await page.getByRole('button', { name: 'Draw none' }).click()
    await page.getByText('Pick runs in the table').waitFor()
    expect(await page.locator('figure').count()).toBe(0)
    expect(complaints).toEqual([])
    await page.close()
  })
})

describe.each([320, 390, 1280])('at %i pixels', (width) => {
  it.each([
    ['studies', ''],
    ['study', 'study/cells'],
    ['runs', `runs#run=${encodeURIComponent(`${evil}/evil-1`)}`],
    ['trial', `trial/${encodeURIComponent(evil)}/evil-1`],
  ])('%s fit, light and dark', async (name, path) => {
    const { page, complaints } = await open(path, width)
    await page.waitForTimeout(700)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    expect(await seriousViolations(page)).toEqual([])
    if (shots !== undefined) await page.screenshot({ path: join(shots, `live-${name}-${width}.png`), fullPage: true })
    await page.getByRole('button', { name: 'Dark theme' }).click()
    expect(await seriousViolations(page)).toEqual([])
    expect(complaints).toEqual([])
    await page.close()
  })
})

it('draws the pages of what a sweep has finished so far', async () => {
  const { page } = await open('study/cells', 1280)
  await page.getByRole('link', { name: 'report' }).first().waitFor({ timeout: 50_000 })
  await page.getByRole('link', { name: 'report' }).first().click()
  await page.getByRole('heading', { name: 'Learning curves' }).waitFor()
  expect(page.url()).toContain('/report/cells/')
  await page.goto(`${server.url}comparison/cells`)
  await page.locator('#answer').waitFor()
  await page.close()
})

// A sweep writes pages itself: the other study is written by nobody.
it('writes nothing among the runs when it draws', async () => {
  const study = evil.replaceAll('/', '')
  const files = () => readdirSync(join(runs, study), { recursive: true }).toSorted()
  const before = files()
  const { page } = await open(`report/${encodeURIComponent(study)}/evil-1`, 1280)
  await page.getByRole('heading', { name: 'Learning curves' }).waitFor()
  await page.goto(`${server.url}comparison/${encodeURIComponent(study)}`)
  await page.locator('#answer').waitFor()
  expect(files()).toEqual(before)
  expect(before.filter((file) => `${file}`.endsWith('.html'))).toEqual([])
  await page.close()
})
