// npm run bench:view: first paint of the live pages with 200 trials, and memory of the server with 1,000, all of whose curves have
// been looked at; recorded in bench/results. The pages are opened in Chromium (CHROMIUM names another than /usr/bin/chromium).
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { packageRoot } from '../src/core/package.js'
import { startChromium } from '../test/browser/chromium.js'
import { madeUpTrial } from '../test/report/made-up.js'
import { writeStudy } from '../test/report/study.js'
import { writeBenchRecord } from './record.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-bench-view-'))

async function writeTrials(study: string, trials: number): Promise<void> {
  const made = Array.from({ length: trials }, (_, at) =>
    madeUpTrial({ label: `variant ${at}`, study, examples: 2, steps: 2000 }),
  )
  await writeStudy(join(root, study, study), made)
}

/** `seqlab view` as a process of its own, with its address. */
async function serve(runs: string) {
  const child = spawn(process.execPath, [join(packageRoot, 'dist/cli/main.js'), 'view', runs], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [line] = await once(child.stdout, 'data')
  return { child, url: String(line).split('\n')[0] ?? '' }
}

/** Of memory (2^20 bytes). */
function megabytes(pid: number | undefined): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Math.round(Number(kilobytes) / 1024)
}

/** The second look at a page is at one that its server has drawn before. */
async function firstPaints(browser: Browser, url: string) {
  const rows = []
  for (const [path, name] of [
    ['', 'studies'],
    ['study/s200', 'study'],
    ['study/s200', 'study, again'],
    ['runs', 'all runs'],
  ] as const) {
    const page = await browser.newPage()
    const before = performance.now()
    await page.goto(url + path, { waitUntil: 'commit' })
    await page.locator('tbody tr').first().waitFor()
    const tableMs = Math.round(performance.now() - before)
    const paint = await page.evaluate(`performance.getEntriesByName('first-contentful-paint')[0]?.startTime`)
    rows.push({ page: name, firstPaintMs: Math.round(Number(paint)), tableMs })
    await page.close()
  }
  for (const { page, firstPaintMs, tableMs } of rows)
    console.log(`200 trials, ${page}: first paint ${firstPaintMs} ms, table ${tableMs} ms`)
  return rows
}

/** Asks for the curves of all trials, as many at a time as one page may. */
async function lookAtAll(url: string, study: string, trials: number): Promise<void> {
  for (let from = 0; from < trials; from += 24) {
    const runs = Array.from({ length: 24 }, (_, at) => `new=${study}/trial-variant-${from + at}-1`).join('&')
    const ending = new AbortController()
    const response = await fetch(`${url}events?study=${study}&${runs}`, { signal: ending.signal })
    for await (const chunk of response.body ?? []) if (Buffer.from(chunk).includes('"whole"')) break
    ending.abort()
  }
}

async function memoryOf(trials: number) {
  await writeTrials('s1000', trials)
  const large = await serve(join(root, 's1000'))
  const begun = megabytes(large.child.pid)
  const before = performance.now()
  await (await fetch(`${large.url}study/s1000`)).text()
  const firstPageMs = Math.round(performance.now() - before)
  const page = megabytes(large.child.pid)
  await lookAtAll(large.url, 's1000', trials)
  const memory = { trials, firstPageMs, megabytes: { begun, page, curves: megabytes(large.child.pid) } }
  large.child.kill()
  console.log(`${trials} trials: ${begun} MB before the first page, which took ${firstPageMs} ms; then ${page} MB`)
  console.log(`after the curves of all: ${memory.megabytes.curves} MB`)
  return memory
}

const browser = await startChromium()
try {
  await writeTrials('s200', 200)
  const small = await serve(join(root, 's200'))
  const firstPaint = await firstPaints(browser, small.url)
  small.child.kill()
  writeBenchRecord('view', { trials: 200, firstPaint, memory: await memoryOf(1000) }, { chromium: browser.version() })
} finally {
  await browser.close()
  rmSync(root, { recursive: true })
}
