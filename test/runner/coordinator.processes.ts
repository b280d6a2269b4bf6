import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runPlan } from '../../src/runner/coordinator/run-plan.js'
import type { RunEvent } from '../../src/runner/events.js'
import { createStopSignal } from '../../src/runner/stop.js'
import { readStudy, readTrial } from '../../src/store/index.js'
import { lastingBytes, runOptions, studyBytes, tinyPlan } from './support/plan.js'

const folder = () => mkdtempSync(join(tmpdir(), 'runs-'))
const shape = { seeds: 2, steps: 6, every: 2 }

describe('a run', () => {
  it('publishes every trial once, and keeps what is finished', async () => {
    const plan = await tinyPlan('once', shape)
    const options = runOptions(folder())
    const events: RunEvent[] = []
    const outcome = await runPlan(plan, options, (event) => events.push(event), createStopSignal())
    expect(outcome.status, JSON.stringify(events)).toBe('completed')
    expect(outcome.records.map(({ trialId }) => trialId)).toEqual(plan.trials.map(({ id }) => id))
    expect(events.filter(({ kind }) => kind === 'trial-finished')).toHaveLength(2)
    const directory = join(outcome.directory, outcome.records[0]?.trialId ?? '')
    expect(readdirSync(directory).sort()).toEqual([
      'checkpoint',
      'evaluations',
      'manifest.json',
      'metrics.jsonl',
      'model',
      'record.json',
      'samples.jsonl',
      'spec.yaml',
    ])
    expect(existsSync(join(outcome.directory, 'lock.json'))).toBe(false)
    const run = await readTrial(directory)
    expect(run.problems).toEqual([])
    expect(run.predictions).toHaveLength(4)
    expect(readStudy(outcome.directory).trials.map(({ state }) => state)).toEqual(['published', 'published'])

    const again: RunEvent[] = []
    await runPlan(plan, options, (event) => again.push(event), createStopSignal())
    expect(again.map(({ kind }) => kind)).toEqual(['started'])
  })

  it('is not ended by a listener that throws', async () => {
    const outDir = mkdtempSync(join(tmpdir(), 'runs-'))
    const plan = await tinyPlan('s', { seeds: 1, steps: 2, every: 2 })
    const messages: string[] = []
    const listener = (event: RunEvent) => {
      if (event.kind !== 'warning') throw new Error('the terminal is gone')
      messages.push(event.message)
    }
    const outcome = await runPlan(plan, runOptions(outDir), listener, createStopSignal())
    expect([outcome.status, messages]).toEqual([
      'completed',
      ['An event of the run could not be shown: the terminal is gone'],
    ])
  })

  it('stops in the evaluation after training, and goes on to the bytes of an undisturbed run', async () => {
    // A wide search of many words: longer than a stop takes to arrive.
    const letters = [...'abcd']
    const words = letters.flatMap((a) =>
      letters.flatMap((b) => letters.flatMap((c) => letters.map((d) => a + b + c + d))),
    )
    const pairs = words.map((word) => [word, [...word].reverse().join('')])
    const data = {
      source: { type: 'inline', train: pairs.slice(0, 12), dev: pairs.slice(12, 14), test: pairs.slice(14) },
      ...{ sourceTokens: 'characters', targetTokens: 'characters' },
    }
    const change = { data, decode: { type: 'beam', width: 6 } }
    const plan = await tinyPlan('late', { seeds: 1, steps: 4, every: 2, change })
    const [whole, outDir] = [folder(), folder()]
    await runPlan(plan, runOptions(whole), () => {}, createStopSignal())
    const stop = createStopSignal()
    const listener = (event: RunEvent) => {
      if (event.kind === 'trial-progress' && event.event.kind === 'phase' && event.event.phase === 'test')
        stop.request()
    }
    const stopped = await runPlan(plan, runOptions(outDir), listener, stop)
    expect([stopped.status, stopped.missing]).toEqual(['interrupted', []])
    expect(stopped.records.map(({ status, stepsDone, metrics }) => [status, stepsDone, metrics])).toEqual([
      ['cancelled', 4, {}],
    ])
    const steps: number[] = []
    const again = await runPlan(
      plan,
      runOptions(outDir),
      (event) => {
        if (event.kind === 'trial-progress' && event.event.kind === 'train') steps.push(event.event.step)
      },
      createStopSignal(),
    )
    expect([again.status, steps]).toEqual(['completed', []])
    expect(studyBytes(again.directory)).toEqual(studyBytes(join(whole, plan.study)))
  })

  it('stops when asked, and goes on to the bytes of an undisturbed run', async () => {
    const plan = await tinyPlan('stopped', { seeds: 2, steps: 24, every: 4 })
    const undisturbed = await runPlan(plan, runOptions(folder()), () => {}, createStopSignal())
    const options = runOptions(folder())
    const stop = createStopSignal()
    const outcome = await runPlan(
      plan,
      options,
      (event) => {
        if (event.kind === 'trial-progress' && event.event.kind === 'validation') stop.request()
      },
      stop,
    )
    expect(outcome.status).toBe('interrupted')
    expect(outcome.records.some(({ status }) => status === 'cancelled')).toBe(true)
    const resumed = await runPlan(plan, options, () => {}, createStopSignal())
    expect(resumed.status).toBe('completed')
    expect(studyBytes(resumed.directory)).toEqual(studyBytes(undisturbed.directory))
  })

  it('gives the same bytes from one thread and from two processes', async () => {
    const plan = await tinyPlan('workers', shape)
    const ways = [{ workers: 1 }, { workers: 2, isolation: 'process' as const }]
    const bytes = []
    for (const way of ways) {
      const outcome = await runPlan(plan, runOptions(folder(), way), () => {}, createStopSignal())
      bytes.push(studyBytes(outcome.directory))
    }
    expect(bytes[1]).toEqual(bytes[0])
  })

  it('refuses changed settings by their paths, and goes on by force', async () => {
    const outDir = folder()
    await runPlan(
      await tinyPlan('changed', { seeds: 1, steps: 2, every: 2 }),
      runOptions(outDir),
      () => {},
      createStopSignal(),
    )
    const changed = await tinyPlan('changed', { seeds: 1, steps: 3, every: 2 })
    await expect(runPlan(changed, runOptions(outDir), () => {}, createStopSignal())).rejects.toThrow(
      /1 difference\):\n {2}train\.steps: 2 -> 3$/,
    )
    const forced = await runPlan(changed, runOptions(outDir, { force: true }), () => {}, createStopSignal())
    expect(forced.status).toBe('completed')
    expect(readStudy(forced.directory).file?.mixed).toHaveLength(1)
  })

  it('names a trial whose data cannot be loaded in a failed record, and finishes the others', async () => {
    const plan = await tinyPlan('half', shape)
    const [first, second] = plan.trials
    if (first === undefined || second === undefined) throw new Error('the plan is too short')
    const trials = [{ ...first, digests: { training: 'other', test: 'other' } }, second]
    const outcome = await runPlan({ ...plan, trials }, runOptions(folder()), () => {}, createStopSignal())
    expect(outcome.status).toBe('some-failed')
    expect(outcome.records.map(({ status }) => status)).toEqual(['failed', 'completed'])
    expect(outcome.records[0]?.error?.message).toMatch(/data changed/)
    const { directory } = outcome
    expect(lastingBytes(join(directory, second.id))['predictions.jsonl']?.split('\n')).toHaveLength(5)
    expect(readFileSync(join(directory, first.id, 'record.json'), 'utf8')).toMatch(/"status": "failed"/)
  })
})
