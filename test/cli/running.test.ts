import { mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GrowingStudy, growingStudy, linesOf } from '../report/live/growing-study.js'
import { madeUpTrial } from '../report/made-up.js'
import { writeLaterEvaluation } from '../report/study.js'
import { command } from '../support/command.js'

const folder = mkdtempSync(join(tmpdir(), 'seqlab-running-'))
let study: GrowingStudy

beforeAll(async () => {
  const trials = ['aa11', 'bb22', 'cc33', 'dd44'].map((id, at) => ({ id, label: 'gru', seed: at + 1 }))
  study = await growingStudy(join(folder, 'runs'), 'cells', trials)
  const done = madeUpTrial({ label: 'gru', examples: 20, steps: 100 })
  await study.publish('dd44', done)
  study.start('bb22')
  study.record('bb22', linesOf(0, 120))
  study.start('aa11')
  study.record('aa11', linesOf(0, 250))
})
afterAll(() => {
  study.leave()
  rmSync(folder, { recursive: true })
})

const run = (...args: readonly string[]) => command(args, { cwd: folder })

describe('trials without a result', () => {
  it('are listed with how far they are', async () => {
    const { stdout } = await run('list')
    const lines = stdout.split('\n')
    expect(lines.find((line) => line.includes('aa11'))).toMatch(/running +step 250 of 1,000, dev per 10\.0 %, .* left/)
    expect(lines.find((line) => line.includes('cc33'))).toMatch(/waiting/)
    const json: Record<string, unknown>[] = (await run('list', '--json')).stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(json[0]).toMatchObject({ status: 'running', progress: { step: 250, steps: 1000, dev: { metric: 'per' } } })
    expect(json[0]).not.toHaveProperty('begun')
    expect(json[2]).toMatchObject({ status: 'waiting' })
  })

  it.each([['runs/cells/aa11'], ['cells/aa11'], ['aa']])('are shown as %s', async (name) => {
    const { code, stdout } = await run('show', name)
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^runs\/cells\/aa11: gru, seed 1: running, step 250 of 1,000, dev per 10\.0 %, .* left\n$/),
    ])
  })

  it('are shown before they begin, and as JSON', async () => {
    expect((await run('show', 'runs/cells/cc33')).stdout).toBe('runs/cells/cc33: gru, seed 3: waiting\n')
    const { stdout } = await run('show', 'bb22', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ status: 'running', seed: 2, progress: { step: 120 } })
    expect((await run('show', 'cells')).stdout).toContain('2 running')
  })

  it('that were resumed have the time left at the pace of their own attempt', async () => {
    study.start('cc33', 3, 900)
    const attempt = join(study.directory, 'attempts', 'cc33', '3')
    const now = Date.now()
    utimesSync(join(attempt, 'started.json'), new Date(now - 60_000), new Date(now - 60_000))
    study.record('cc33', linesOf(0, 910), 3)
    utimesSync(join(attempt, 'metrics.jsonl'), new Date(now), new Date(now))
    // Ten steps a minute: 90 are left.
    for (const args of [['list'], ['show', 'cc33']])
      expect((await run(...args)).stdout).toMatch(/step 910 of 1,000, dev per 2\.2 %, (9 min 0 s|8 min 5\d s) left/)
  })

  it('that nobody trains are said to have stopped', async () => {
    study.leave()
    expect((await run('show', 'aa11')).stdout).toContain('waiting, stopped at step 250 of 1,000')
  })
})

it('shows everything that list names, evaluations too', async () => {
  const trial = join(study.directory, 'dd44')
  writeLaterEvaluation(trial, madeUpTrial({ label: 'gru', examples: 20 }), 'new-words')
  const { code, stdout } = await run('show', 'runs/cells/dd44/evaluations/new-words')
  expect(code).toBe(0)
  expect(stdout).toContain('per')
  const json = await run('show', 'runs/cells/dd44/evaluations/new-words', '--json')
  expect(JSON.parse(json.stdout)).toMatchObject({ name: 'new-words' })
  expect((await run('show', 'runs/cells/no')).code).toBe(2)
})
