// npm run picture [-- --trial FOLDER --text TEXT]: docs/images/playground.png, the README's picture of what a reader of a report
// sees: a source typed into the playground, its output and its alignment. Trains a model of dates where no folder of a trial
// is given. Chromium is /usr/bin/chromium, or what CHROMIUM names.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { packageRoot } from '../src/core/package.js'
import { writeTrialReport } from '../src/report/render/trial/write.js'
import { startChromium } from '../test/browser/chromium.js'

const { values } = parseArgs({
  options: { trial: { type: 'string' }, text: { type: 'string', default: '3 May 1979' } },
})
const target = join(packageRoot, 'docs', 'images', 'playground.png')
const mostBytes = 300_000
const margin = 16

/** Additive attention on dates, as in experiments/scorers.yaml: all of its answers are right after a minute. */
const spec = {
  ...{ name: 'dates', task: 'transduce', seed: 3 },
  data: {
    source: { type: 'dates', examples: 10_000, dev: { examples: 500 }, test: { examples: 1000 } },
    ...{ sourceTokens: 'characters', targetTokens: 'characters' },
  },
  model: {
    source: { representation: { type: 'embedding', size: 32 } },
    target: { representation: { type: 'embedding', size: 32 } },
    encoder: { cell: 'gru', hidden: 64, bidirectional: true },
    context: { from: 'attention', scorer: 'additive' },
    decoder: { cell: 'gru', hidden: 128, receives: 'both' },
  },
  train: {
    optimizer: { type: 'adam', learningRate: 0.003 },
    ...{ schedule: 'linear', batchSize: 64, maxShapes: 4, steps: 600, clipNorm: 1 },
    validate: { every: 150, select: 'ser' },
  },
  metrics: ['ser', 'exact-match'],
}

/** The folder of the trained trial. */
function train(folder: string): string {
  const [file, program] = [join(folder, 'dates.yaml'), join(packageRoot, 'dist', 'cli', 'main.js')]
  writeFileSync(file, JSON.stringify(spec))
  const args = [program, 'run', file, '--out', folder, '--workers', '1']
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
  if (status !== 0) throw new Error(`seqlab run ended with code ${status}`)
  const study = join(folder, 'dates')
  const id = readdirSync(study).find((name) => /^[0-9a-f]{16}$/.test(name))
  if (id === undefined) throw new Error(`${study} has no trial`)
  return join(study, id)
}

/** The section in which the reader types, as it is at the width of a README. */
async function draw(trial: string, folder: string): Promise<void> {
  const path = join(folder, 'report.html')
  await writeTrialReport(trial, { path, playground: { playground: 'on', playgroundWeights: 'float16' } })
  const browser = await startChromium()
  try {
    const view = { viewport: { width: 970, height: 900 }, deviceScaleFactor: 1.5, colorScheme: 'light' } as const
    const page = await browser.newPage(view)
    await page.goto(pathToFileURL(path).href)
    await page.locator('#playground-source').scrollIntoViewIfNeeded()
    await page.locator('#playground .answer output').waitFor()
    await page.locator('#playground-source').fill(values.text)
    await page.locator('#playground .answer output').waitFor()
    await page.waitForTimeout(500)
    // Without the frame of the field, and with a margin.
    await page.locator('#playground-source').blur()
    const { x, y, width, height } = (await page.locator('#playground').boundingBox()) ?? {
      x: 0,
      y: 0,
      width: 0,
      height: 0,
    }
    const top = y + Number(await page.evaluate('scrollY'))
    const clip = { x: Math.max(0, x - margin), y: top - margin, width: width + 2 * margin, height: height + 2 * margin }
    await page.screenshot({ path: target, animations: 'disabled', fullPage: true, clip })
  } finally {
    await browser.close()
  }
}

const folder = mkdtempSync(join(tmpdir(), 'seqlab-picture-'))
try {
  await draw(values.trial ?? train(folder), folder)
  const { size } = statSync(target)
  process.stdout.write(`${target}: ${Math.round(size / 1000)} KB\n`)
  if (size > mostBytes) throw new Error(`The picture has ${size} bytes, more than ${mostBytes}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
