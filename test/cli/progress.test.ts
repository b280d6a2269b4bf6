import { expect, test } from 'vitest'
import { createProgress } from '../../src/cli/text/progress.js'
import { table } from '../../src/cli/text/table.js'
import type { RunEvent } from '../../src/runner/events.js'
import { madeUpTrial } from '../report/made-up.js'

const nothingBefore = { finishedBefore: 0, added: 0, toEvaluate: 0, earlier: 0, times: [], workers: 1 }
const started: RunEvent = { kind: 'started', study: 's', directory: 'runs/s', trials: 1, ...nothingBefore }
const begun: RunEvent = {
  ...{ kind: 'trial-started', trialId: 't', label: 'gru', seed: 1, attempt: 1, task: 'train' },
  waits: false,
}

function trained(step: number, elapsedMs: number): RunEvent {
  const numbers = { loss: 0.5, gradientNorm: 1, learningRate: 0.1, tokensPerSecond: 1234.4, epoch: 0 }
  return {
    kind: 'trial-progress',
    trialId: 't',
    event: { kind: 'train', step, totalSteps: 100, elapsedMs, ...numbers },
  }
}

const validated: RunEvent = {
  kind: 'trial-progress',
  trialId: 't',
  event: { kind: 'validation', step: 50, loss: 0.75, metrics: { per: 0.0978 }, best: true },
}

const compiling: RunEvent = { kind: 'trial-progress', trialId: 't', event: { kind: 'phase', phase: 'compile' } }

function shown(isTTY: boolean, events: readonly (readonly [ms: number, event: RunEvent])[]): string {
  const written: string[] = []
  let clock = 0
  const progress = createProgress({ isTTY, columns: 100, write: (text) => written.push(text) }, () => clock)
  for (const [ms, event] of events) {
    clock = ms
    progress.event(event)
  }
  progress.end()
  return written.join('')
}

test('away from a terminal: a plain line every five seconds, and what must not be missed at once', () => {
  const text = shown(false, [
    [0, started],
    [0, begun],
    [100, compiling],
    [200, compiling],
    [6_000, trained(25, 5_000)],
    [7_000, trained(30, 6_000)],
    [8_000, validated],
    [12_000, trained(50, 10_000)],
  ])
  expect(text.trimEnd().split('\n')).toEqual([
    's: 1 trial, in runs/s',
    'gru seed 1: compiling',
    'gru seed 1: step 25/100  loss 0.5000  15 s left  1,234 tokens/s',
    'gru seed 1: validated at step 50: per 9.8 %, loss 0.7500 (best)',
    'gru seed 1: step 50/100  loss 0.5000  10 s left  1,234 tokens/s  dev per 9.8 %',
  ])
})

test('on a terminal: one line that redraws itself and is gone at the end', () => {
  const text = shown(true, [
    [0, started],
    [0, begun],
    [1_000, trained(25, 1_000)],
    [1_050, trained(26, 1_050)],
    [2_000, trained(50, 2_000)],
  ])
  expect(text).toContain('step 25/100')
  expect(text).not.toContain('step 26/100')
  expect(text).toContain('step 50/100')
  expect(text.endsWith('\u001b[1A\u001b[J')).toBe(true)
})

test('the time left is said from the start, by the plan, and by phases as they go', () => {
  const graphs = { graphs: 0, ms: 0 }
  const planned = { start: 2_000, train: 60_000, steps: 100, validate: 0, validations: 0, test: 8_000, write: 0 }
  const times = { ...planned, compile: { train: { graphs: 1, ms: 10_000 }, validate: graphs, test: graphs } }
  const phase = (name: 'data' | 'train' | 'compile' | 'test'): RunEvent => {
    return { kind: 'trial-progress', trialId: 't', event: { kind: 'phase', phase: name } }
  }
  const text = shown(false, [
    [0, { ...started, times: [{ trialId: 't', task: 'train', times }] }],
    [0, begun],
    // Everything at the planned pace: two seconds of starting, ten of compiling, half of the training in thirty.
    [2_000, phase('train')],
    [2_000, phase('compile')],
    [12_000, phase('train')],
    [12_000, trained(0, 0)],
    [27_000, trained(25, 15_000)],
    [42_000, trained(50, 30_000)],
    [72_000, trained(100, 60_000)],
  ])
  expect(text.match(/(compiling|step \d+).*? left/g)).toEqual([
    'compiling  1 min 18 s left',
    'step 0/100  loss 0.5000  1 min 8 s left',
    'step 25/100  loss 0.5000  53 s left',
    'step 50/100  loss 0.5000  38 s left',
    'step 100/100  loss 0.5000  8 s left',
  ])
})

test('what waits in the queue of a cluster does not run, and took what its record says', () => {
  const queued: RunEvent = { ...begun, waits: true }
  const other: RunEvent = { ...queued, trialId: 'u', seed: 2 }
  const { record } = madeUpTrial({ label: 'gru' }) // 172 s of training, 6.4 s of testing
  const finished: RunEvent = { kind: 'trial-finished', trialId: 't', record, directory: 'runs/s/t' }
  const events: readonly (readonly [number, RunEvent])[] = [
    [0, { ...started, trials: 2 }],
    [0, queued],
    [0, other],
    [60_000, trained(50, 10_000)],
    [70_000, finished],
  ]
  expect(shown(false, events)).toContain('gru seed 1: completed after 2 min 58 s\n1 done, 0 running, 0 failed, 1 left')
  const drawn = shown(true, events.slice(0, 4))
  expect(drawn).toContain('0 done, 0 running, 0 failed, 2 left')
  expect(drawn).toContain('0 done, 1 running, 0 failed, 1 left')
  expect(drawn).not.toContain('gru seed 2')
  expect(shown(true, [[0, started], ...events.slice(1, 2)])).toContain('gru seed 1  waiting in the queue')
})

test('what throws while it is shown ends nothing, and is said once', () => {
  const written: string[] = []
  let calls = 0
  const write = (text: string) => {
    calls++
    if (calls < 3) throw new Error(`no room ${calls}`)
    written.push(text)
  }
  const progress = createProgress({ isTTY: false, write })
  for (const event of [started, begun, compiling]) progress.event(event)
  progress.say('stopping')
  progress.end()
  expect(written).toEqual(['gru seed 1: compiling\n', 'stopping\n'])
})

test('tables align by what is seen: wide characters take two columns, colours none', () => {
  expect(
    table([
      ['', 'a'],
      ['我去', '\u001b[2m1\u001b[22m'],
      ['x', '10'],
    ]),
  ).toBe('       a\n我去   \u001b[2m1\u001b[22m\nx     10')
})

test('nothing is drawn after the end: a host that ends late leaves no table on the screen', () => {
  const written: string[] = []
  const progress = createProgress({ isTTY: true, columns: 100, write: (text) => written.push(text) }, () => 0)
  for (const event of [started, begun, trained(1, 10)]) progress.event(event)
  progress.end()
  const before = written.length
  progress.event(trained(2, 20))
  progress.event({ kind: 'warning', message: 'late' })
  expect(written.slice(before).join('')).not.toMatch(/[━─]/)
  expect(written.slice(before).join('')).toContain('late')
})
