import { existsSync, mkdtempSync, readFileSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openModel } from '../../src/inference/open-model.js'
import { compare } from '../../src/library/compare.js'
import { runPlan } from '../../src/runner/coordinator/run-plan.js'
import type { RunEvent } from '../../src/runner/events.js'
import { createStopSignal } from '../../src/runner/stop.js'
import type { Plan } from '../../src/spec/types.js'
import { listFiles } from '../../src/store/files.js'
import { listRuns, listSizes, pruneStudy, readTrial, totalBytes } from '../../src/store/index.js'
import { takeLock } from '../../src/store/study/lock.js'
import { verifyFolder } from '../../src/store/trial/manifest.js'
import { runOptions, type Shape, tinyPlan } from './support/plan.js'

const outFolder = () => mkdtempSync(join(tmpdir(), 'prune-'))
const attention = {
  source: { representation: { type: 'embedding', size: 4 } },
  target: { representation: { type: 'embedding', size: 4 } },
  encoder: { cell: 'gru', hidden: 4 },
  context: { from: 'attention', scorer: 'additive' },
  decoder: { cell: 'gru', hidden: 4, receives: 'both' },
}
const shape: Shape = { seeds: 2, steps: 4, every: 2, decodes: [undefined, { type: 'beam', width: 2 }] }
const command = 'seqlab prune'

async function run(plan: Plan, outDir: string, stopAtStep?: number) {
  const stop = createStopSignal()
  const trained: string[] = []
  const warnings: string[] = []
  const onEvent = (event: RunEvent) => {
    if (event.kind === 'trial-started') trained.push(event.task)
    if (event.kind === 'warning') warnings.push(event.message)
    if (event.kind === 'trial-progress' && event.event.kind === 'validation' && event.event.step === stopAtStep)
      stop.request()
  }
  const outcome = await runPlan(plan, runOptions(outDir, { engine: 'compiled' }), onEvent, stop)
  return { ...outcome, trained, warnings }
}

it('keeps models and results: a pruned study compares, predicts, trains nothing again and grows', async () => {
  const outDir = outFolder()
  const plan = await tinyPlan('s', { ...shape, change: { model: attention } })
  const { directory } = await run(plan, outDir)
  const [trial = ''] = plan.trials.map(({ id }) => join(directory, id))
  const model = readFileSync(join(trial, 'model', 'model.safetensors'))
  const record = readFileSync(join(trial, 'record.json'))
  const [runBefore] = await listRuns(outDir)
  const before = await compare(directory)
  const [sizeBefore] = await listSizes(outDir)
  const reasons = async () => (await readTrial(trial)).predictions.flatMap(({ kept }) => kept ?? [])
  expect((await readTrial(trial)).predictions.some(({ alignment }) => alignment !== undefined)).toBe(true)
  expect(await reasons()).toContain('sampled')

  const dry = await pruneStudy(directory, { command, dryRun: true })
  expect((await listSizes(outDir))[0]).toEqual(sizeBefore)
  const pruned = await pruneStudy(directory, { command })
  expect(pruned).toEqual(dry)
  expect(pruned).toMatchObject({ trials: 2, left: [] })
  expect(pruned.bytes.checkpoints).toBe(sizeBefore?.bytes.checkpoint)
  expect(pruned.bytes.alignments).toBeGreaterThan(0)

  expect(existsSync(join(trial, 'checkpoint'))).toBe(false)
  expect(existsSync(join(directory, 'attempts', plan.trials[0]?.id ?? ''))).toBe(false)
  expect(readFileSync(join(trial, 'model', 'model.safetensors')).equals(model)).toBe(true)
  expect(readFileSync(join(trial, 'record.json')).equals(record)).toBe(true)
  expect(await verifyFolder(trial)).toEqual([])
  expect(JSON.parse(readFileSync(join(trial, 'manifest.json'), 'utf8')).pruned).toEqual(['checkpoint', 'alignments'])
  const { problems, predictions } = await readTrial(trial)
  expect([problems, predictions.some(({ alignment }) => alignment !== undefined)]).toEqual([[], false])
  expect(predictions.length).toBe(4)
  // Why it was kept says nothing of what is not there any more.
  expect(await reasons()).toEqual([])
  expect((await listRuns(outDir))[0]?.publishedMs).toBeCloseTo(runBefore?.publishedMs ?? 0, 0)

  const after = await compare(directory)
  const withoutAttention = (groups: typeof after.groups) => groups.map(({ attention: _, ...rest }) => rest)
  expect(withoutAttention(after.groups)).toEqual(withoutAttention(before.groups))
  const opened = await openModel(trial)
  expect(await opened.predict(['abc'])).toHaveLength(1)
  await opened.dispose()

  const again = await run(plan, outDir)
  expect([again.status, again.trained, again.warnings]).toEqual(['completed', [], []])
  const grown = await tinyPlan('s', { ...shape, seeds: 3, change: { model: attention } })
  const third = await run(grown, outDir)
  expect([third.status, third.trained, third.warnings]).toEqual(['completed', ['train', 'evaluate'], []])
  expect(await pruneStudy(directory, { command })).toMatchObject({ trials: 1 })
  expect(await pruneStudy(directory, { command })).toMatchObject({ trials: 0, bytes: { checkpoints: 0, attempts: 0 } })
})

it('leaves what an unfinished trial continues from', async () => {
  const outDir = outFolder()
  const plan = await tinyPlan('s', { seeds: 1, steps: 400, every: 2 })
  const { directory, status } = await run(plan, outDir, 2)
  expect(status).toBe('interrupted')
  const id = plan.trials[0]?.id ?? ''
  const { trials, left } = await pruneStudy(directory, { command })
  expect([trials, left]).toEqual([0, [`${id} is not finished: its checkpoint stays, to continue from`]])
  expect((await listSizes(outDir))[0]?.bytes.checkpoint).toBeGreaterThan(0)
})

it('refuses a study that is running, and leaves a damaged trial as it is', async () => {
  const outDir = outFolder()
  const plan = await tinyPlan('s', { seeds: 1, steps: 2, every: 2 })
  const { directory } = await run(plan, outDir)
  const lock = await takeLock(directory, 'seqlab sweep')
  await expect(pruneStudy(directory, { command })).rejects.toMatchObject({ code: 'run' })
  lock.release()
  const trial = join(directory, plan.trials[0]?.id ?? '')
  truncateSync(join(trial, 'metrics.jsonl'), statSync(join(trial, 'metrics.jsonl')).size - 1)
  const { trials, left } = await pruneStudy(directory, { command })
  expect([trials, left.length]).toEqual([0, 1])
  expect(existsSync(join(trial, 'checkpoint'))).toBe(true)
})

it('counts every byte of a study once', async () => {
  const outDir = outFolder()
  const { directory } = await run(await tinyPlan('s', { seeds: 1, steps: 2, every: 2 }), outDir)
  const [size] = await listSizes(outDir)
  expect(size).toMatchObject({ study: directory, trials: 1 })
  if (size === undefined) throw new RangeError('no study')
  expect(size.bytes.model).toBeGreaterThan(0)
  const files = await listFiles(directory)
  expect(totalBytes(size.bytes)).toBe(files.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0))
})

it('train.keepCheckpoint: false keeps no training state of the same trial', async () => {
  const train = { optimizer: 'adam', batchSize: 4, steps: 4, validate: { every: 2 } }
  const plain = await tinyPlan('s', { ...shape, change: { train } })
  const plan = await tinyPlan('s', { ...shape, change: { train: { ...train, keepCheckpoint: false } } })
  expect(plan.trials.map(({ id }) => id)).toEqual(plain.trials.map(({ id }) => id))
  const outDir = outFolder()
  const { directory, status } = await run(plan, outDir)
  const [trial = ''] = plan.trials.map(({ id }) => join(directory, id))
  expect([status, existsSync(join(trial, 'checkpoint')), await verifyFolder(trial)]).toEqual(['completed', false, []])
  expect(JSON.parse(readFileSync(join(trial, 'manifest.json'), 'utf8')).pruned).toEqual(['checkpoint'])
  expect((await listSizes(outDir))[0]?.bytes.checkpoint).toBe(0)
  const again = await run(plain, outDir)
  expect([again.status, again.trained, again.warnings]).toEqual(['completed', [], []])
})
