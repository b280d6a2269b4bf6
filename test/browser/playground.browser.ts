import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { joinTokens } from '../../src/core/pieces.js'
import type { PlaygroundChoice } from '../../src/report/analysis/trial/playground.js'
import type { PredictionLine } from '../../src/train/types.js'
import { tinyRuns, trainIn } from '../support/trained-runs.js'
import { seriousViolations, shots, widest } from './browsing.js'
import { startChromium } from './chromium.js'
import { float16, float32, openPage, trialsIn, typed } from './playing.js'

// What is typed into a page's playground gives what the run's own search gave.
const root = mkdtempSync(join(tmpdir(), 'seqlab-playground-'))
const embedding = { representation: { type: 'embedding', size: 8 } }
const train = (steps: number) => ({
  ...{ steps, batchSize: 16, maxShapes: 1, validate: { every: steps } },
  optimizer: { type: 'adam', learningRate: 0.02 },
})
const names = Array.from(
  { length: 200 },
  (_, at) => `s${at}\t${['ab', 'ba', 'abc', 'cab', 'bb'][at % 5]}${at % 7 < 3 ? 'c' : 'a'}`,
)

const specs: Readonly<Record<string, object>> = {
  reverse: {
    task: 'transduce',
    data: {
      source: {
        type: 'reverse',
        examples: 400,
        minLength: 3,
        maxLength: 7,
        symbols: 8,
        dev: { examples: 20 },
        test: { examples: 200 },
      },
    },
    model: {
      ...{ source: embedding, target: embedding },
      encoder: { cell: 'gru', hidden: 16, bidirectional: true },
      context: { from: 'attention', scorer: 'general' },
      decoder: { cell: 'gru', hidden: 16, receives: 'every-step' },
    },
    train: train(100),
    decode: { type: 'beam', width: 3, nBest: 3 },
  },
  names: {
    task: 'generate',
    data: {
      source: { type: 'tsv', train: 'names.tsv', dev: 'names.tsv', test: 'names.tsv' },
      sourceTokens: 'whitespace',
      targetTokens: 'characters',
    },
    model: { source: embedding, target: embedding, decoder: { cell: 'lstm', hidden: 16, receives: 'every-step' } },
    train: train(100),
    decode: 'greedy',
  },
}

let browser: Browser
const folders: Record<string, string> = {}

beforeAll(async () => {
  writeFileSync(join(root, 'names.tsv'), `${names.join('\n')}\n`)
  for (const [name, spec] of Object.entries(specs)) await trained(root, name, spec)
  for (const name of ['tag', 'classify', 'lines', 'forecast']) {
    const folder = join(root, `files-${name}`)
    mkdirSync(folder)
    for (const [file, text] of Object.entries(tinyRuns[name]?.files ?? {})) writeFileSync(join(folder, file), text)
    await trained(folder, name, tinyRuns[name]?.spec ?? {})
  }
  browser = await startChromium()
})

async function trained(folder: string, name: string, spec: object): Promise<void> {
  await trainIn(folder, name, spec)
  const [trial = ''] = trialsIn(join(folder, 'runs', name))
  folders[name] = trial
}

afterAll(async () => {
  await browser?.close()
  rmSync(root, { recursive: true, force: true })
})

const opened = (name: string, choice: PlaygroundChoice, width = 1280) =>
  openPage(browser, folders[name] ?? '', choice, width)

describe('typing a source', () => {
  it.each([
    ['reverse', float32, 200],
    ['reverse', float16, 199],
    ['names', float32, 200],
    ['names', float16, 199],
  ] as const)('of %s in %o gives the outputs of predictions.jsonl, %i of 200 at least', async (name, choice, least) => {
    const { page, complaints, test } = await opened(name, choice)
    expect(test.length).toBe(200)
    const joiner = name === 'reverse' ? ' ' : ''
    const found = await typed(
      page,
      test.map(({ source }) => source.join(' ')),
    )
    const same = test.filter(
      (line, at) => (found[at]?.text ?? '') === (joinTokens(line.hypothesis, joiner) || '(nothing)'),
    )
    expect(same.length).toBeGreaterThanOrEqual(least)
    if (choice === float32) {
      const gaps = test.map(({ score }, at) => Math.abs(score - Number(found[at]?.score)))
      expect(Math.max(...gaps)).toBeLessThan(1e-4)
    }
    expect(complaints).toEqual([])
    await page.close()
  })

  it.each([float32, float16])('gives the tags and classes of predictions.jsonl in %o', async (choice) => {
    const tags = await opened('tag', choice)
    const tagged = await typed(
      tags.page,
      tags.test.map(({ source }) => source.join(' ')),
    )
    expect(tagged.map(({ labels }) => labels)).toEqual(tags.test.map(({ hypothesis }) => hypothesis.join(' ')))
    const classes = await opened('classify', choice)
    const found = await typed(
      classes.page,
      classes.test.map(({ source }) => source.join('')),
    )
    expect(found.map(({ text }) => text)).toEqual(classes.test.map(({ hypothesis }) => hypothesis.join('')))
    expect([...tags.complaints, ...classes.complaints]).toEqual([])
    await tags.page.close()
    await classes.page.close()
  })

  it.each([float32, float16])('gives a text its log probability in %o', async (choice) => {
    const { page, complaints, test } = await opened('lines', choice)
    const found = await typed(
      page,
      test.map(({ source }) => source.join('')),
    )
    for (const [at, line] of test.entries()) {
      expect(Math.abs(Number(found[at]?.score) + natsOf(line))).toBeLessThan(choice === float32 ? 1e-3 : 1e-2)
    }
    expect(complaints).toEqual([])
    await page.close()
  })

  it.each([float32, float16])('gives forecasts within a thousandth in %o', async (choice) => {
    const { page, complaints, test } = await opened('forecast', choice)
    const steps = readFileSync(join(root, 'files-forecast/test.csv'), 'utf8').trim().split('\n').slice(1)
    const windows = test.map((_, at) => steps.slice(at, at + 6).join('\n'))
    const found = await typed(page, windows, ['playground-window'])
    for (const [at, { values }] of test.entries()) {
      const forecast = (JSON.parse(found[at]?.forecast ?? '[]') as number[][]).flat()
      values?.predicted.forEach((value, place) => {
        expect(Math.abs((forecast[place] ?? Number.NaN) - value)).toBeLessThan(1e-3 * Math.max(1, Math.abs(value)))
      })
    }
    expect(complaints).toEqual([])
    await page.close()
  })
})

/** −ln p of a line and its end. */
function natsOf({ statistics }: PredictionLine): number {
  const [nats = Number.NaN] = Object.values(statistics['cross-entropy'] ?? {})
  return Number(nats)
}

describe('the playground', () => {
  it('goes on from a symbol that the reader chooses, and takes it back', async () => {
    const { page, complaints, test } = await opened('reverse', float32)
    const [line] = test
    await typed(page, [line?.source.join(' ') ?? ''])
    const before = await page.textContent('#playground output')
    const second = page.locator('#playground .steps tbody tr').first().locator('.choices button').nth(1)
    const symbol = (await second.textContent())?.split(' ')[0] ?? ''
    await second.focus()
    await page.keyboard.press('Enter')
    await page.waitForSelector('#playground p button')
    expect((await page.textContent('#playground output'))?.split(' ')[0]).toBe(symbol)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.waitForSelector('#playground p button', { state: 'detached' })
    expect(await page.textContent('#playground output')).toBe(before)
    await page.locator('#playground .own button').first().click()
    await page.keyboard.type(symbol)
    await page.keyboard.press('Enter')
    await page.waitForSelector('#playground p button')
    expect((await page.textContent('#playground output'))?.split(' ')[0]).toBe(symbol)
    await page.fill('#playground-source', '1 <img onerror=alert(1)>')
    await page.waitForSelector('#playground .notice')
    expect(await page.textContent('#playground .notice')).toContain('<img, onerror=alert(1)>')
    expect(complaints).toEqual([])
    await page.close()
  })

  it.each([320, 390, 1280])('is readable and has no accessibility problem at %i px', async (width) => {
    for (const name of width === 390 ? ['reverse'] : ['reverse', 'tag', 'classify', 'lines', 'forecast']) {
      const { page } = await opened(name, float16, width)
      if (width === 390) await page.emulateMedia({ colorScheme: 'dark' })
      await page.locator('#playground').scrollIntoViewIfNeeded()
      await page.waitForSelector('#playground .answer > *')
      // A language model has two: of the text that it read, and of the text that it wrote.
      const summaries = page.locator('#playground summary', { hasText: 'States and gates by step' })
      for (const summary of await summaries.all()) await summary.click()
      expect(await widest(page), `${name} at ${width}`).toBe(width)
      expect(await seriousViolations(page, '#playground'), `${name} at ${width}`).toEqual([])
      if (shots !== undefined)
        await page.locator('#playground').screenshot({ path: join(shots, `playground-${name}-${width}.png`) })
      await page.close()
    }
  })
})
