// What an attempt continues from is what was read: an attempt that was given up may still write in its own folder.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findResume, openAttempt } from '../../../src/store/index.js'
import type { TrainState } from '../../../src/train/types.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-checkpoint-'))
afterAll(() => rmSync(root, { recursive: true }))

const about = { vocabularies: {}, tokenizers: {}, joiners: { source: '', target: '' } }

function stateAt(step: number): TrainState {
  const weights = { shape: [1], dtype: 'float32', data: Float32Array.of(step) } as const
  return {
    step,
    params: { weights },
    optimizer: {},
    carry: {},
    seed: 1,
    cursor: { epoch: 0, batch: step },
    schedule: { validation: [] },
    window: { nats: 0, tokens: 0 },
    selection: { best: null, bestStep: 0, bestParams: null, sinceImproved: 0 },
  }
}

/** An attempt that has recorded a line a step, and saved its state after each. */
function attempt(number: number, resume?: Awaited<ReturnType<typeof findResume>>['furthest']) {
  const directory = join(root, `${number}`)
  mkdirSync(directory)
  const writer = openAttempt({ trialId: 't', attempt: number, directory }, about, resume)
  const go = (step: number) => {
    writer.append({ kind: 'train', step, epoch: 0, loss: step, learningRate: 0.1, gradientNorm: 1 })
    writer.save(stateAt(step))
  }
  return { directory, writer, go }
}

test('it is taken over as it was read, whatever becomes of the older folder', async () => {
  const older = attempt(1)
  older.go(3)
  const { furthest } = await findResume([older.directory])
  expect(furthest?.state.step).toBe(3)
  // The older attempt goes on, which removes what said how long metrics.jsonl was at step 3.
  older.go(4)
  const newer = attempt(2, furthest)
  newer.writer.close()
  const again = await findResume([newer.directory])
  expect(again.problems).toEqual([])
  expect(again.furthest).toEqual(furthest)
  expect(readdirSync(join(newer.directory, 'checkpoint')).filter((name) => name.startsWith('metrics-at-'))).toEqual([
    'metrics-at-3.json',
  ])
  rmSync(older.directory, { recursive: true })
  expect((await findResume([newer.directory])).furthest).toEqual(furthest)
  older.writer.close()
})

test('a checkpoint without its mark is passed over, and named', async () => {
  const one = attempt(5)
  one.go(2)
  one.writer.close()
  rmSync(join(one.directory, 'checkpoint/metrics-at-2.json'))
  const { furthest, problems } = await findResume([one.directory])
  expect(furthest).toBeUndefined()
  expect(problems).toEqual([expect.stringContaining('does not say how long metrics.jsonl was')])
})

test('a checkpoint whose data.json is damaged is passed over for an older attempt, and named', async () => {
  const [older, newer] = [attempt(6), attempt(7)]
  older.go(1)
  newer.go(2)
  for (const { writer } of [older, newer]) writer.close()
  truncateSync(join(newer.directory, 'checkpoint/data.json'), 20)
  const { furthest, problems } = await findResume([older.directory, newer.directory])
  expect(furthest?.state.step).toBe(1)
  expect(problems).toEqual([expect.stringContaining('7/checkpoint/data.json')])
})

test('an attempt says at which step it began while it goes on, and its result says nothing of it', async () => {
  const older = attempt(8)
  const started = (directory: string) => readFileSync(join(directory, 'started.json'), 'utf8')
  expect(JSON.parse(started(older.directory))).toEqual({ step: 0 })
  older.go(3)
  older.writer.close()
  const newer = attempt(9, (await findResume([older.directory])).furthest)
  newer.go(5)
  expect(JSON.parse(started(newer.directory))).toEqual({ step: 3 })
  await newer.writer.finish([], undefined)
  newer.writer.close()
  expect(readdirSync(newer.directory).sort()).toEqual(['checkpoint', 'metrics.jsonl'])
})
