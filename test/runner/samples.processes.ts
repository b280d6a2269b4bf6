// samples.jsonl of real runs: what a killed one left goes on to the bytes of one that nobody disturbed.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSamples, readStudy } from '../../src/store/index.js'
import { readManifest } from '../../src/store/trial/manifest.js'
import { tinyRuns } from '../support/trained-runs.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-samples-kill-'))
const children: ChildProcess[] = []
afterAll(async () => {
  for (const child of children) {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  }
  rmSync(root, { recursive: true, force: true, maxRetries: 5 })
})

const steps = 50

/** Starts `seqlab run` in a process of its own, with a validation each step and faults that are to come. */
function start(out: string, failpoints: readonly object[] = []): ChildProcess {
  const env = { ...process.env, SEQLAB_FAILPOINT: JSON.stringify(failpoints) }
  const args = [resolve('dist/cli/main.js'), 'run', 'words.yaml', '--workers', '1', '--quiet', '--out', out]
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: 'ignore' })
  children.push(child)
  return child
}

async function run(out: string, failpoints: readonly object[] = []): Promise<void> {
  const [code] = await once(start(out, failpoints), 'exit')
  expect(code).toBe(0)
}

const trialOf = (out: string) => readStudy(join(root, out, 'words')).trials[0]?.directory ?? expect.fail()
const samplesOf = (out: string) => readFileSync(join(trialOf(out), 'samples.jsonl'), 'utf8')
const stepsOf = (text: string) =>
  text
    .split('\n')
    .slice(1, -1)
    .map((line): number => JSON.parse(line).step)

beforeAll(async () => {
  const { files = {}, spec = {} } = tinyRuns.transduce ?? {}
  for (const [file, text] of Object.entries(files)) writeFileSync(join(root, file), text)
  const train = { steps, batchSize: 8, maxShapes: 1, optimizer: 'adam', validate: { every: 1 }, average: 3 }
  writeFileSync(join(root, 'words.yaml'), JSON.stringify({ ...spec, name: 'words', train }))
  await run('whole')
})

describe('samples.jsonl', () => {
  it('has every validation and the mean of the last ones, and is in the manifest', async () => {
    const directory = trialOf('whole')
    const samples = (await readSamples(directory)) ?? expect.fail()
    expect(samples.examples).toHaveLength(8)
    expect(samples.validations.map(({ kind, step }) => [kind, step])).toEqual([
      ...Array.from({ length: steps }, (_, at) => ['validation', at + 1]),
      ['average', steps],
    ])
    const { files } = await readManifest(directory)
    expect(files['samples.jsonl']?.bytes).toBe(statSync(join(directory, 'samples.jsonl')).size)
    // Each line begins with what metrics.jsonl says of the validation.
    const metrics = readFileSync(join(directory, 'metrics.jsonl'), 'utf8').split('\n').slice(0, -1)
    const validated = metrics.filter((line) => !line.includes('"kind":"train"'))
    const lines = samplesOf('whole').split('\n').slice(1, -1)
    expect(lines.map((line) => line.slice(0, line.indexOf(',"outputs":')))).toEqual(
      validated.map((line) => line.slice(0, -1)),
    )
  })

  it('is the same after a host was killed with lines written that no checkpoint has', async () => {
    await run('host', [
      { at: 'before-checkpoint', attempt: 1, step: 7, do: 'kill' },
      { at: 'after-checkpoint', attempt: 2, step: 20, do: 'kill' },
    ])
    const [trial] = readStudy(join(root, 'host', 'words')).trials
    const record = JSON.parse(readFileSync(join(trial?.directory ?? '', 'record.json'), 'utf8'))
    expect(record.attempts).toBe(3)
    expect(samplesOf('host')).toBe(samplesOf('whole'))
  })

  it('is the same after the whole run was killed while it trained, twice', async () => {
    for (const least of [6, 20]) {
      const child = start('killed')
      const attempts = join(root, 'killed', 'words', 'attempts')
      await expect.poll(() => longestFile(attempts), { timeout: 120_000, interval: 20 }).toBeGreaterThan(least)
      child.kill('SIGKILL')
      await once(child, 'exit')
      // Its host ends when it finds itself alone.
      await sleep(1500)
      expect(longestFile(attempts)).toBeLessThan(steps)
    }
    await run('killed')
    expect(samplesOf('killed')).toBe(samplesOf('whole'))
    expect(stepsOf(samplesOf('killed')).at(-1)).toBe(steps)
  })
})

/** Lines in the longest samples.jsonl of any attempt. */
function longestFile(attempts: string): number {
  try {
    const paths = readdirSync(attempts, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('samples.jsonl'),
    )
    return Math.max(0, ...paths.map((path) => readFileSync(join(attempts, path), 'utf8').split('\n').length - 1))
  } catch {
    return 0
  }
}
