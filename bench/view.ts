// npm run bench:view (after npm run build): first paint of the live pages with 200 trials, and memory of the server with 1,000,
// all of whose curves have been looked at. The pages are opened in Debian's Chromium, or in what CHROMIUM names.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { packageRoot } from '../src/core/package.js'
import { madeUpTrial } from '../test/report/made-up.js'
import { writeStudy } from '../test/report/study.js'

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

function megabytes(pid: number | undefined): string {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return `${(Number(kilobytes) / 1024).toFixed(0)} MB`
}

async function firstPaint(url: string): Promise<void> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  })
  for (const path of ['', 'study/s200', 'study/s200', 'runs']) {
    const page = await browser.newPage()
    const before = performance.now()
    await page.goto(url + path, { waitUntil: 'commit' })
    await page.locator('tbody tr').first().waitFor()
    const ms = performance.now() - before
    const paint = await page.evaluate(`performance.getEntriesByName('first-contentful-paint')[0]?.startTime`)
    console.log(`200 trials, /${path}: first paint ${Number(paint).toFixed(0)} ms, table ${ms.toFixed(0)} ms`)
    await page.close()
  }
  await browser.close()
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

console.log(`${cpus()[0]?.model}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`)
try {
  await writeTrials('s200', 200)
  const small = await serve(join(root, 's200'))
  await firstPaint(small.url)
  small.child.kill()
  await writeTrials('s1000', 1000)
  const large = await serve(join(root, 's1000'))
  console.log(`1,000 trials: ${megabytes(large.child.pid)} before the first page`)
  const before = performance.now()
  await (await fetch(`${large.url}study/s1000`)).text()
  console.log(`first page ${(performance.now() - before).toFixed(0)} ms, then ${megabytes(large.child.pid)}`)
  await lookAtAll(large.url, 's1000', 1000)
  console.log(`after the curves of all: ${megabytes(large.child.pid)}`)
  large.child.kill()
} finally {
  rmSync(root, { recursive: true })
}
