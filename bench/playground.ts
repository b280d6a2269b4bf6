// npm run bench:playground [-- --trial FOLDER --count N]: what a playground costs, recorded in bench/results. KB of the
// interpreter and of the page's script, minified; sizes of a page of each task and of a comparison, from tiny runs that it trains;
// ms from a source to its answer in this process, and from a key to the picture in Chromium (CHROMIUM names another than
// /usr/bin/chromium), at full speed and at a quarter of it, with the main job's model (configs/attention-additive.yaml, trained
// for a short while where no folder of a trial is given).
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import type { Browser } from 'playwright-core'
import { rolldown } from 'rolldown'
import { packageRoot } from '../src/core/package.js'
import { bytesOf, openPlayground } from '../src/playground/model.js'
import { writeSequence } from '../src/playground/sequence.js'
import { readSource } from '../src/playground/source.js'
import { playgroundOf } from '../src/report/analysis/trial/playground.js'
import { writeTrialReport } from '../src/report/render/trial/write.js'
import { quantile } from '../src/stats/quantile.js'
import { readTrial } from '../src/store/index.js'
import { startChromium } from '../test/browser/chromium.js'
import { pageSizes, seqlab, sizeOfReport, trainPages, trialOf } from './pages/runs.js'
import { writeBenchRecord } from './record.js'

const { values } = parseArgs({
  options: { trial: { type: 'string' }, count: { type: 'string', default: '50' } },
})
const choice = { playground: 'on', playgroundWeights: 'float16' } as const
const shorter = ['train.steps=600', 'train.validate.every=300', 'data.split.dev=200', 'data.split.test=200']
const say = (line: string) => process.stdout.write(`${line}\n`)

async function interpreterBytes(): Promise<number> {
  const bundle = await rolldown({ input: 'src/playground/functions.ts', platform: 'browser' })
  const { output } = await bundle.generate({ format: 'esm', minify: true })
  return output[0].code.length
}

/** Milliseconds: the median, and the 90th percentile. */
function spread(times: readonly number[]) {
  const sorted = [...times].sort((a, b) => a - b)
  const rounded = (share: number) => Number(quantile(sorted, share).toFixed(1))
  return { medianMs: rounded(0.5), ninetiethMs: rounded(0.9) }
}

async function inNode(folder: string, texts: readonly string[]) {
  const { record } = await readTrial(folder)
  const playground = record && playgroundOf(folder, record, choice)
  if (playground === undefined || 'leftOut' in playground) throw new RangeError(`${folder} has no playground`)
  const opened = openPlayground(playground.model, bytesOf(playground.parameters))
  const times: number[] = []
  for (const text of texts) {
    const start = performance.now()
    await writeSequence(opened, readSource(playground.model, text), { nBest: 5, top: 3 })
    times.push(performance.now() - start)
  }
  return spread(times)
}

/** `slower`: by how much the processor is throttled. */
async function inBrowser(browser: Browser, page: string, texts: readonly string[], slower: number) {
  const tab = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  const devtools = await tab.context().newCDPSession(tab)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slower })
  await tab.goto(pathToFileURL(page).href)
  await tab.locator('#playground').scrollIntoViewIfNeeded()
  await tab.waitForSelector('#playground .answer > *')
  const times: readonly number[] = await tab.evaluate(`(async () => {
    const field = document.getElementById('playground-source')
    const shown = document.querySelector('#playground .answer')
    const times = []
    for (const text of ${JSON.stringify(texts)}) {
      const start = performance.now()
      const done = new Promise((resolve) => new MutationObserver((_, observer) => { observer.disconnect(); requestAnimationFrame(() => setTimeout(resolve)) }).observe(shown, { childList: true }))
      field.value = text
      field.dispatchEvent(new Event('input', { bubbles: true }))
      await done
      times.push(performance.now() - start)
    }
    return times
  })()`)
  await tab.close()
  return { slower, ...spread(times) }
}

async function main(folder: string): Promise<void> {
  say('training a tiny run of each task, and a study')
  trainPages(folder)
  const sizes = [...(await pageSizes(folder))]
  if (values.trial === undefined) {
    say('training configs/attention-additive.yaml for a short while')
    const settings = shorter.flatMap((each) => ['--set', each])
    seqlab(folder, ['run', 'configs/attention-additive.yaml', ...settings], packageRoot)
  }
  const trial = values.trial ?? trialOf(folder, 'attention-additive')
  sizes.push(await sizeOfReport('report, attention-additive', trial))
  for (const { page, kilobytes, without } of sizes) say(`${page}: ${kilobytes} KB, ${without} KB without the model`)
  const script = statSync(join(packageRoot, 'dist/report/render/browser/playground.js')).size
  const kilobytes = { interpreter: (await interpreterBytes()) / 1000, script: script / 1000 }
  say(`interpreter ${kilobytes.interpreter.toFixed(1)} KB minified, page's script ${kilobytes.script.toFixed(1)} KB`)
  const { record, predictions } = await readTrial(trial)
  if (record === undefined) throw new RangeError(`${trial} has no record`)
  const separator = record.spec.data.sourceTokens?.type === 'characters' ? '' : ' '
  const texts = predictions.slice(0, Number(values.count)).map(({ source }) => source.join(separator))
  await writeTrialReport(trial, { playground: choice })
  const answerInNode = await inNode(trial, texts)
  say(`an answer in Node: ${answerInNode.medianMs} ms, at the 90th percentile ${answerInNode.ninetiethMs} ms`)
  const browser = await startChromium()
  try {
    const keyToPicture = []
    for (const slower of [1, 4]) keyToPicture.push(await inBrowser(browser, join(trial, 'report.html'), texts, slower))
    for (const { slower, medianMs, ninetiethMs } of keyToPicture)
      say(`key to picture at 1/${slower} speed: ${medianMs} ms, at the 90th percentile ${ninetiethMs} ms`)
    const measured = { texts: texts.length, kilobytes, pages: sizes, answerInNode, keyToPicture }
    writeBenchRecord('playground', measured, { chromium: browser.version() })
  } finally {
    await browser.close()
  }
}

const folder = mkdtempSync(join(tmpdir(), 'seqlab-bench-playground-'))
try {
  await main(folder)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
