import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { joinTokens } from '../../src/core/pieces.js'
import { joinersOf } from '../../src/report/analysis/joiners.js'
import { readModel } from '../../src/store/index.js'
import { command } from '../support/command.js'
import { startChromium } from './chromium.js'
import { float16, float32, openPage, trialsIn, typed } from './playing.js'

// Models that read more than a line of symbols, as the examples in configs/ have them, trained for a moment.
const root = mkdtempSync(join(tmpdir(), 'seqlab-kinds-'))
const steps = [
  ['slots-crf', 30],
  ['inflection', 60],
  ['tagging-conllu', 20],
  ['translate-bpe', 40],
  ['forecast-covariates', 20],
] as const
type Kind = (typeof steps)[number][0]

let browser: Browser

beforeAll(async () => {
  for (const [kind, count] of steps) await train(kind, count)
  browser = await startChromium()
}, 300_000)

afterAll(async () => {
  await browser?.close()
  rmSync(root, { recursive: true, force: true })
})

async function train(kind: Kind, count: number): Promise<void> {
  const short = ['--set', `train.steps=${count}`, '--set', `train.validate.every=${count}`]
  const config = resolve('configs', `${kind}.yaml`)
  const { code, stderr } = await command(['run', config, '--name', kind, '--quiet', '--workers', '1', ...short], {
    cwd: root,
  })
  if (code !== 0) throw new Error(stderr)
}

function trialOf(kind: Kind): string {
  const [trial = ''] = trialsIn(join(root, 'runs', kind))
  return trial
}

const least = { float32: 1, float16: 0.98 }

/** The share of the test examples whose output is that of the run; in float32 the log probabilities are its own too. */
async function agreement(kind: Kind, choice: typeof float16 | typeof float32, fields: readonly string[]) {
  const { page, complaints, test, record } = await openPage(browser, trialOf(kind), choice)
  const joiners = joinersOf(record.spec)
  const separator = record.spec.data.features?.separator ?? ' '
  const sources = test.map(({ source, features = [] }) => [
    joinTokens(source, joiners.source),
    features.join(separator),
  ])
  const found = await typed(
    page,
    sources.map((texts) => texts.slice(0, fields.length)),
    fields,
  )
  const same = test.filter(({ hypothesis }, at) => {
    const { text, labels = text } = found[at] ?? {}
    return labels === (joinTokens(hypothesis, joiners.target) || '(nothing)')
  })
  const gaps = test.map(({ score }, at) => Math.abs(score - Number(found[at]?.score)))
  expect(complaints).toEqual([])
  await page.close()
  return { share: same.length / test.length, gap: Math.max(...gaps) }
}

describe.each([
  ['the best path of a CRF', 'slots-crf', ['playground-source']],
  ['a form, of a lemma and its features', 'inflection', ['playground-source', 'playground-features']],
  ['tags of words that are read by their characters', 'tagging-conllu', ['playground-source']],
  ['a translation in pieces of words', 'translate-bpe', ['playground-source']],
] as const)('typing gives %s', (_, kind, fields) => {
  it('as the run has it, with its log probability, in float32', async () => {
    const { share, gap } = await agreement(kind, float32, fields)
    expect(share).toBe(least.float32)
    expect(gap).toBeLessThan(1e-3)
  })

  it('nearly always in float16', async () => {
    expect((await agreement(kind, float16, fields)).share).toBeGreaterThanOrEqual(least.float16)
  })
})

/** The cells of the series' file that a model reads, row by row, in its own order; rows without sales are to be forecast. */
function rowsOf(trial: string): { readonly names: readonly string[]; readonly rows: readonly (readonly string[])[] } {
  const names = (readModel(trial).description.scaling ?? []).map(({ name }) => name)
  const [head = '', ...lines] = readFileSync(resolve('configs/ice-cream.csv'), 'utf8').trim().split('\n')
  const places = names.map((name) => head.split(',').indexOf(name))
  const cells = lines.map((line) => line.split(','))
  return { names, rows: cells.map((row) => places.map((place) => row[place] ?? '')).filter((row) => !row.includes('')) }
}

describe('a forecast with covariates', () => {
  it.each([float32, float16])('is that of the run for the windows and what is known ahead, in %o', async (choice) => {
    const trial = trialOf('forecast-covariates')
    const { page, complaints, test } = await openPage(browser, trial, choice)
    const { names, rows } = rowsOf(trial)
    expect(names).toEqual(['sold', 'temperature', 'weekend', 'promotion'])
    const [window, horizon] = [28, 7]
    const starts = test.map((_, at) => rows.length - window - horizon - (test.length - 1) + at)
    const texts = starts.map((start) => {
      const ahead = rows.slice(start + window, start + window + horizon)
      const lines = (of: readonly (readonly string[])[]) => of.map((row) => row.join(', ')).join('\n')
      return [lines(rows.slice(start, start + window)), lines(ahead.map((row) => row.slice(2)))]
    })
    const found = await typed(page, texts, ['playground-window', 'playground-ahead'])
    for (const [at, { values }] of test.entries()) {
      expect(values?.reference[0]).toBeCloseTo(Number(rows[(starts[at] ?? 0) + window]?.[0]), 3)
      const forecast: number[][] = JSON.parse(found[at]?.forecast ?? '[]')
      values?.predicted.forEach((value, place) => {
        expect(Math.abs((forecast.flat()[place] ?? Number.NaN) - value)).toBeLessThan(1e-3 * Math.abs(value))
      })
    }
    expect(complaints).toEqual([])
    await page.close()
  })

  it('follows a point that the mouse drags, and one that the arrow keys move', async () => {
    const { page, complaints } = await openPage(browser, trialOf('forecast-covariates'), float32)
    await page.locator('#playground').scrollIntoViewIfNeeded()
    await page.waitForSelector('#playground [data-forecast]')
    const before = await said(page)
    const box = await page.locator('#playground circle').nth(3).boundingBox()
    if (box === null) throw new Error('the point is drawn')
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x, y - 20, { steps: 4 })
    await page.mouse.move(x + 5, y - 60, { steps: 4 })
    await page.mouse.up()
    const dragged = await said(page, before)
    expect(dragged.window.filter((line, at) => line !== before.window[at])).toHaveLength(1)
    expect(sold(dragged, 3)).toBeGreaterThan(sold(before, 3))
    await page.locator('#playground circle').nth(3).focus()
    await page.keyboard.press('ArrowDown')
    const moved = await said(page, dragged)
    expect(sold(moved, 3)).toBeLessThan(sold(dragged, 3))
    await expect.poll(() => page.evaluate("document.activeElement?.getAttribute('aria-label')")).toBe('sold, step 4')
    // What was typed gives what was dragged to.
    const [again] = await typed(page, [dragged.window.join('\n')], ['playground-window'])
    const forecast: number[][] = JSON.parse(again?.forecast ?? '[]')
    forecast.flat().forEach((value, place) => {
      expect(value).toBeCloseTo(dragged.forecast[place] ?? Number.NaN, 2)
    })
    expect(complaints).toEqual([])
    await page.close()
  })
})

interface Shown {
  readonly window: readonly string[]
  readonly forecast: readonly number[]
}

/** What the page holds, once it is no longer what it was. */
async function said(page: Page, before?: Shown): Promise<Shown> {
  const read = async () => {
    const text = (await page.getAttribute('#playground [data-forecast]', 'data-forecast')) ?? '[]'
    const forecast: number[][] = JSON.parse(text)
    return { window: (await page.inputValue('#playground-window')).split('\n'), forecast: forecast.flat() }
  }
  if (before !== undefined) {
    await expect.poll(async () => (await read()).forecast.join()).not.toBe(before.forecast.join())
  }
  return read()
}

const sold = ({ window }: Shown, at: number) => Number(window[at]?.split(',')[0])
