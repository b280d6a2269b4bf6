import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { runProgress } from '../../../../src/report/analysis/running/run-progress.js'
import type { MetricsLine } from '../../../../src/train/types.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-progress-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** When the curve was last written, in milliseconds since 1970. */
const written = 1_000_000
let curves = 0

/** A file of a curve; `rest` is what follows its last whole line. */
function curveOf(lines: readonly MetricsLine[], rest = ''): string {
  const path = join(root, `${curves++}.jsonl`)
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join('') + rest)
  utimesSync(path, written / 1000, written / 1000)
  return path
}

const train = (step: number, epoch = 0): MetricsLine => ({
  ...{ kind: 'train', step, epoch, loss: 2, gradientNorm: 0.5, learningRate: 0.01 },
})
const validation = (step: number, per: number, best: boolean): MetricsLine => ({
  ...{ kind: 'validation', step, loss: 1, metrics: { per, wer: 0.75 }, best },
})
const settings = { train: { steps: 100, validate: { select: [{ type: 'wer' }] } } }
const start = { step: 10, ms: written - 100_000 }

describe('a run that has no result yet', () => {
  test('has its step, its steps in all, and the best value on dev of the metric that selects', () => {
    const curve = curveOf([train(10), validation(20, 0.25, true), train(30), validation(40, 0.5, false)])
    expect(runProgress({ start: undefined, curve, settings }, written)).toEqual({
      ...{ step: 40, steps: 100, dev: { metric: 'wer', value: 0.75 } },
    })
    expect(runProgress({ start: undefined, curve, settings: undefined }, written)).toEqual({
      ...{ step: 40, dev: { metric: 'per', value: 0.25 } },
    })
  })

  test('of epochs knows its steps once the first is over', () => {
    const epochs = { train: { epochs: 3 } }
    // Two epochs in 90 steps: 45 each.
    const curve = curveOf([train(45, 1), train(90, 2), train(95, 2)])
    expect(runProgress({ start: undefined, curve, settings: epochs }, written)).toEqual({ step: 95, steps: 135 })
    const first = curveOf([train(30)])
    expect(runProgress({ start, curve: first, settings: epochs }, written)).toEqual({ step: 30 })
  })

  test('takes for the steps that are left as long as for those since its attempt began, less what has passed', () => {
    const curve = curveOf([train(20), train(30)])
    // 20 steps in 100 s: 5 s each, 350 s for the other 70.
    expect(runProgress({ start, curve, settings }, written)).toEqual({ step: 30, steps: 100, leftMs: 350_000 })
    expect(runProgress({ start, curve, settings }, written + 50_000).leftMs).toBe(300_000)
    expect(runProgress({ start, curve, settings }, written + 350_001).leftMs).toBe(0)
  })

  test('does not say how long it takes where nobody trains it, or no step was done since that began', () => {
    const curve = curveOf([train(20), train(30)])
    expect(runProgress({ start: undefined, curve, settings }, written)).toEqual({ step: 30, steps: 100 })
    expect(runProgress({ start: { ...start, step: 30 }, curve, settings }, written)).toEqual({ step: 30, steps: 100 })
  })

  test('is at its beginning where it has no curve, or that has been published since it was found', () => {
    expect(runProgress({ start, curve: undefined, settings }, written)).toEqual({ step: 0, steps: 100 })
    expect(runProgress({ start, curve: join(root, 'gone.jsonl'), settings }, written)).toEqual({ step: 0, steps: 100 })
  })

  test('is as far as its last whole line', () => {
    const [line] = JSON.stringify(train(40)).split(',"loss"')
    expect(runProgress({ start: undefined, curve: curveOf([train(30)], line), settings }, written).step).toBe(30)
    // A line that cannot be read hides none that follow.
    const curve = curveOf([train(10)], `${line}\n${JSON.stringify(train(50))}\n`)
    expect(runProgress({ start: undefined, curve, settings }, written).step).toBe(50)
  })
})
