import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runPlan } from '../../src/runner/coordinator/run-plan.js'
import type { RunEvent, RunOptions, RunOutcome } from '../../src/runner/events.js'
import { createStopSignal } from '../../src/runner/stop.js'
import type { Plan } from '../../src/spec/types.js'
import { describeStudy, readEvaluation, readStartingState, readStudy } from '../../src/store/index.js'
import { evaluationBytes, runOptions, type Shape, studyBytes, tinyPlan } from './support/plan.js'

const folder = () => mkdtempSync(join(tmpdir(), 'evaluations-'))
const shape: Shape = { seeds: 2, steps: 4, every: 2 }
const beam = { type: 'beam', width: 3 }

async function run(plan: Plan, outDir: string, more: Partial<RunOptions> = {}) {
  const events: RunEvent[] = []
  // No test here is about an engine or several workers, but where it says so: this takes least processor time.
  const options = runOptions(outDir, { engine: 'compiled', workers: 1, ...more })
  const outcome = await runPlan(plan, options, (event) => events.push(event), createStopSignal())
  const tasks = events.flatMap((event) => (event.kind === 'trial-started' ? [event.task] : []))
  const started = events.find((event) => event.kind === 'started')
  const warnings = events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []))
  return { outcome, events, tasks, started, warnings }
}

const trained = new Map<string, Promise<{ outDir: string; outcome: RunOutcome }>>()

/** A folder with a finished run of a plan of this shape, and its records: trained once, and copied for each test. */
async function finished(of: Shape, more: Partial<RunOptions> = {}) {
  const key = JSON.stringify([of, more])
  const train = async () => {
    const outDir = folder()
    return { outDir, outcome: (await run(await tinyPlan('s', of), outDir, more)).outcome }
  }
  const first = trained.get(key) ?? train()
  trained.set(key, first)
  const { outDir: from, outcome } = await first
  const outDir = folder()
  cpSync(from, outDir, { recursive: true })
  return { outDir, directory: join(outDir, 's'), records: outcome.records }
}

const trialsOf = (plan: Plan, directory: string) => plan.trials.map(({ id }) => join(directory, id))

describe('another search, metric or test set', () => {
  it('of a finished study evaluates again and trains nothing', async () => {
    const { outDir, directory } = await finished(shape)
    const before = studyBytes(directory)
    const plan = await tinyPlan('s', { ...shape, change: { decode: beam, metrics: ['per', 'wer'] } })
    const { outcome, tasks, started } = await run(plan, outDir)
    expect([outcome.status, tasks]).toEqual(['completed', ['evaluate', 'evaluate']])
    expect(started).toMatchObject({ trials: 2, finishedBefore: 2, toEvaluate: 2, added: 0 })
    expect(studyBytes(outcome.directory)).toMatchObject(before)
    const [first] = trialsOf(plan, outcome.directory)
    const id = plan.trials[0]?.evaluations[0]?.id ?? ''
    const evaluation = readEvaluation(first ?? '', id)
    expect(evaluation).toMatchObject({ name: id, decode: { type: 'beam', width: 3 } })
    expect(Object.keys(evaluation?.results.test ?? {})).toEqual(['per', 'wer'])
    expect(existsSync(join(outcome.directory, 'attempts', plan.trials[0]?.id ?? ''))).toBe(false)

    const again = await run(plan, outDir)
    expect([again.outcome.status, again.tasks]).toEqual(['completed', []])
    expect(again.outcome.evaluations.map((each) => each.id)).toEqual([id, id])
  })

  it('gives the bytes that it gives at the end of training', async () => {
    const trained = await tinyPlan('s', { ...shape, seeds: 1, change: { decode: beam } })
    const { outcome: atOnce } = await run(trained, folder())
    const { outDir } = await finished({ ...shape, seeds: 1 })
    const { outcome: later } = await run(trained, outDir)
    const id = trained.trials[0]?.evaluations[0]?.id ?? ''
    const [[first = ''], [second = '']] = [trialsOf(trained, atOnce.directory), trialsOf(trained, later.directory)]
    const predictions = (trial: string, name: string) =>
      readFileSync(join(trial, 'evaluations', name, 'predictions.jsonl'), 'utf8')
    expect(predictions(second, id)).toBe(predictions(first, 'final'))
    expect(readEvaluation(second, id)?.results).toEqual(readEvaluation(first, 'final')?.results)
  })

  it('on another test file trains nothing', async () => {
    const { outDir } = await finished({ ...shape, seeds: 1 })
    const plan = await tinyPlan('s', { ...shape, seeds: 1 })
    const [trial] = plan.trials
    if (trial === undefined) throw new Error('the plan is empty')
    const { source } = trial.spec.data as unknown as { source: { test: [string, string][] } }
    const data = { ...trial.spec.data, source: { ...source, test: [...source.test, ['aabb', 'bbaa']] } }
    const other = await tinyPlan('s', { ...shape, seeds: 1, change: { data } })
    const { outcome, tasks } = await run(other, outDir)
    expect([outcome.status, tasks]).toEqual(['completed', ['evaluate']])
    expect(other.trials[0]?.id).toBe(trial.id)
    const [made] = outcome.evaluations
    expect(made?.testDigest).toBe(other.trials[0]?.digests.test)
    expect(made?.testDigest).not.toBe(trial.digests.test)
  })
})

describe('a finished trial whose checkpoint was deleted', () => {
  it('is whole, and is evaluated with another search from its model, to the same bytes', async () => {
    const plan = await tinyPlan('s', { ...shape, seeds: 1 })
    const later = await tinyPlan('s', { ...shape, seeds: 1, change: { decode: beam } })
    const evaluated = async (prepare: (trial: string) => void) => {
      const { outDir, directory } = await finished({ ...shape, seeds: 1 })
      const [trial = ''] = trialsOf(plan, directory)
      prepare(trial)
      const { tasks, warnings } = await run(later, outDir)
      return { trial, tasks, warnings, bytes: evaluationBytes(trial) }
    }
    const expected = await evaluated(() => {})
    const deleted = await evaluated((trial) => rmSync(join(trial, 'checkpoint'), { recursive: true }))
    expect([deleted.tasks, deleted.warnings]).toEqual([['evaluate'], []])
    expect(deleted.bytes).toEqual(expected.bytes)
    const [start, before] = [await readStartingState(deleted.trial), await readStartingState(expected.trial)]
    expect(new Map(start.parameters)).toEqual(before.parameters)
    expect(start.data.vocabularies).toEqual(before.data.vocabularies)
    expect([start.training, before.training?.step]).toEqual([undefined, 4])
  })
})

describe('a study.json that was lost', () => {
  it.each<[string, (file: string) => void]>([
    ['by damage', (file) => writeFileSync(file, '{')],
    ['whole', (file) => rmSync(file)],
  ])('(%s) is written again with all evaluations that the folders hold', async (_, lose) => {
    const collect = { collect: true }
    const { outDir } = await finished({ ...shape, seeds: 1 }, collect)
    const searching = await tinyPlan('s', { ...shape, seeds: 1, change: { decode: beam, metrics: ['per', 'wer'] } })
    const { outcome } = await run(searching, outDir, collect)
    const file = join(outcome.directory, 'study.json')
    const trials = () => readStudy(outcome.directory).file?.trials ?? []
    const before = trials()
    expect(before.map(({ evaluations }) => evaluations.length)).toEqual([2])
    lose(file)
    const other = await tinyPlan('s', { ...shape, seeds: 1, hidden: [5] })
    const { warnings } = await run(other, outDir, collect)
    expect(warnings).toEqual([expect.stringContaining('it is written again')])
    const [again] = trials().filter(({ id }) => id === before[0]?.id)
    const ids = (evaluations: readonly { id: string }[] = []) => evaluations.map(({ id }) => id).sort()
    expect(ids(again?.evaluations)).toEqual(ids(before[0]?.evaluations))
    expect(again?.evaluations.every(({ label }) => label === before[0]?.label)).toBe(true)
  })
})

describe('several searches in one plan', () => {
  it('train once for each seed, at any number of workers to the same bytes', async () => {
    const plan = await tinyPlan('s', { ...shape, decodes: ['greedy', beam] })
    expect(plan.trials.map(({ evaluations }) => evaluations.length)).toEqual([2, 2])
    const one = await run(plan, folder(), { workers: 1 })
    const two = await run(plan, folder(), { workers: 2, isolation: 'process' })
    expect([...one.tasks].sort()).toEqual(['evaluate', 'evaluate', 'train', 'train'])
    const bytes = [one, two].map(({ outcome }) => trialsOf(plan, outcome.directory).map(evaluationBytes))
    expect(bytes[1]).toEqual(bytes[0])
    expect(Object.keys(bytes[0]?.[0] ?? {})).toHaveLength(4)
  })
})

describe('a stop while models are evaluated', () => {
  it('stops at once, and the same command makes what is missing', async () => {
    const { outDir, records } = await finished(shape)
    const plan = await tinyPlan('s', { ...shape, change: { decode: beam } })
    const stop = createStopSignal()
    const outcome = await runPlan(
      plan,
      runOptions(outDir, { workers: 1 }),
      (event) => {
        if (event.kind === 'trial-progress' && event.event.kind === 'phase' && event.event.phase === 'test')
          stop.request()
      },
      stop,
    )
    expect([outcome.status, outcome.evaluations]).toEqual(['interrupted', []])
    expect([...outcome.missing].sort((a, b) => a.seed - b.seed)).toEqual(
      plan.trials.map(({ id, seed, evaluations }) => ({ trialId: id, seed, label: evaluations[0]?.label })),
    )
    expect((await describeStudy(outcome.directory)).map(({ missingEvaluations }) => missingEvaluations)).toEqual(
      plan.trials.map(({ evaluations }) => evaluations.map(({ label }) => label)),
    )
    const again = await run(plan, outDir)
    expect([again.outcome.status, again.tasks]).toEqual(['completed', ['evaluate', 'evaluate']])
    expect(again.outcome.records).toEqual(records)
    const described = await describeStudy(outcome.directory)
    expect(described.flatMap(({ missingEvaluations }) => missingEvaluations)).toEqual([])
  })
})

describe('an evaluation that is damaged', () => {
  it('is made again to the same bytes, and the trial is left alone', async () => {
    const outDir = folder()
    const plan = await tinyPlan('s', { ...shape, seeds: 1, decodes: ['greedy', beam] })
    const { outcome } = await run(plan, outDir)
    const [trial = ''] = trialsOf(plan, outcome.directory)
    const whole = evaluationBytes(trial)
    const directory = join(trial, 'evaluations', plan.trials[0]?.evaluations[1]?.id ?? '')
    const damages: readonly (() => void)[] = [
      () => writeFileSync(join(directory, 'predictions.jsonl'), 'x'),
      () => writeFileSync(join(directory, 'evaluation.json'), '{'),
      () => rmSync(join(directory, 'evaluation.json')),
      () => rmSync(directory, { recursive: true }),
      // What a run leaves that was killed while it evaluated.
      () => {
        cpSync(directory, join(outcome.directory, 'attempts', plan.trials[0]?.id ?? '', '9', 'evaluations', 'torn'), {
          recursive: true,
        })
        rmSync(directory, { recursive: true })
      },
    ]
    for (const damage of damages) {
      damage()
      const again = await run(plan, outDir)
      expect([again.outcome.status, again.tasks]).toEqual(['completed', ['evaluate']])
      expect(evaluationBytes(trial)).toEqual(whole)
      expect(readdirSync(join(outcome.directory, 'attempts'))).toEqual([])
    }
  })
})

describe('a study that grew', () => {
  it('trains what is new, and keeps what is no longer planned', async () => {
    const outDir = folder()
    await run(await tinyPlan('s', { ...shape, hidden: [4, 5] }), outDir)
    const grown = await run(await tinyPlan('s', { ...shape, seeds: 3, hidden: [4, 6] }), outDir)
    expect([grown.outcome.status, grown.tasks]).toEqual(['completed', ['train', 'train', 'train', 'train']])
    expect(grown.started).toMatchObject({ trials: 6, finishedBefore: 2, added: 4, earlier: 2 })
    const back = await run(await tinyPlan('s', { ...shape, hidden: [4, 5] }), outDir)
    expect([back.tasks, back.started]).toMatchObject([[], { trials: 4, finishedBefore: 4, added: 0, earlier: 4 }])
  })
})
