// npm run build && node --import tsx bench/playground.ts TRIAL_FOLDER [count]: what a playground costs. KB of the
// interpreter and of the page's script, minified; the page's size; ms from a source to its answer in this process, and from a
// key to the picture in Chromium (CHROMIUM names another than /usr/bin/chromium), at full speed and at a quarter of it.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { rolldown } from 'rolldown'
import { bytesOf, openPlayground } from '../src/playground/model.js'
import { writeSequence } from '../src/playground/sequence.js'
import { readSource } from '../src/playground/source.js'
import { playgroundOf } from '../src/report/analysis/trial/playground.js'
import { writeTrialReport } from '../src/report/render/trial/write.js'
import { quantile } from '../src/stats/quantile.js'
import { readTrial } from '../src/store/index.js'

const [folder = '', count = '50'] = process.argv.slice(2)
const choice = { playground: 'on', playgroundWeights: 'float16' } as const

async function interpreterBytes(): Promise<number> {
  const bundle = await rolldown({ input: 'src/playground/functions.ts', platform: 'browser' })
  const { output } = await bundle.generate({ format: 'esm', minify: true })
  return output[0].code.length
}

const spread = (times: readonly number[]) =>
  [0.5, 0.9]
    .map(
      (share) =>
        `${quantile(
          [...times].sort((a, b) => a - b),
          share,
        ).toFixed(1)} ms`,
    )
    .join(', at the 90th percentile ')

async function main(): Promise<void> {
  const { record, predictions } = await readTrial(folder)
  if (record === undefined) throw new RangeError(`${folder} has no record`)
  const playground = playgroundOf(folder, record, choice)
  if (playground === undefined || 'leftOut' in playground) throw new RangeError(`${folder} has no playground`)
  await writeTrialReport(folder, { playground: { ...choice, playground: 'off' } })
  const page = join(folder, 'report.html')
  const without = statSync(page).size
  await writeTrialReport(folder, { playground: choice })
  console.log(`interpreter ${((await interpreterBytes()) / 1000).toFixed(1)} KB minified`)
  console.log(`page's script ${(statSync('dist/report/render/browser/playground.js').size / 1000).toFixed(1)} KB`)
  console.log(`page ${(statSync(page).size / 1000).toFixed(0)} KB, ${(without / 1000).toFixed(0)} KB without`)
  const separator = record.spec.data.sourceTokens?.type === 'characters' ? '' : ' '
  const texts = predictions.slice(0, Number(count)).map(({ source }) => source.join(separator))
  const opened = openPlayground(playground.model, bytesOf(playground.parameters))
  const times: number[] = []
  for (const text of texts) {
    const start = performance.now()
    await writeSequence(opened, readSource(playground.model, text), { nBest: 5, top: 3 })
    times.push(performance.now() - start)
  }
  console.log(`an answer in Node: ${spread(times)}`)
  for (const slower of [1, 4])
    console.log(`key to picture, at 1/${slower} speed: ${spread(await inBrowser(page, texts, slower))}`)
}

async function inBrowser(page: string, texts: readonly string[], slower: number): Promise<readonly number[]> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  const tab = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  const devtools = await tab.context().newCDPSession(tab)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slower })
  await tab.goto(pathToFileURL(page).href)
  await tab.locator('#playground').scrollIntoViewIfNeeded()
  await tab.waitForSelector('#playground .answer > *')
  const times = await tab.evaluate(`(async () => {
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
  await browser.close()
  return times as readonly number[]
}

await main()
