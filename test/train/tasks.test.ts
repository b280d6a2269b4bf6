import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { numberOrNaN } from '../../src/core/measured.js'
import { createEngine } from '../../src/engine/index.js'
import type { Engine } from '../../src/engine/types.js'
import { runTrial } from '../../src/train/loop/trial.js'
import { chooseSamples } from '../../src/train/samples/choose.js'
import { estimateOf } from '../metrics/estimate.js'
import { greedy } from '../support/options.js'
import { bytesOf, graphCache, listen } from './toy.js'
import { toys } from './toys.js'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine('compiled', { threads: 1 })
})
afterAll(() => engine.dispose())

describe.each(Object.entries(toys))('%s', (_, { dataset, settings }) => {
  let graphs: ReturnType<typeof graphCache>
  beforeAll(() => {
    graphs = graphCache(dataset, engine)
  })
  afterAll(() => graphs.dispose())

  test('stopped and resumed is uninterrupted, to the byte', async () => {
    const whole = listen()
    const expected = await runTrial(settings, 2, dataset, engine, undefined, whole.ports, graphs.of(settings))
    const first = listen(4)
    expect((await runTrial(settings, 2, dataset, engine, undefined, first.ports, graphs.of(settings))).status).toBe(
      'stopped',
    )
    const second = listen()
    const resumed = await runTrial(settings, 2, dataset, engine, first.saved.at(-1), second.ports, graphs.of(settings))
    const bare = { timings: {}, memory: undefined }
    expect({ ...resumed, ...bare }).toEqual({ ...expected, ...bare })
    expect([...first.lines, ...second.lines]).toEqual(whole.lines)
    expect([...first.sampled, ...second.sampled]).toEqual(whole.sampled)
    const [last, wholeLast] = [second.saved.at(-1), whole.saved.at(-1)]
    for (const name of ['params', 'optimizer', 'carry'] as const) {
      expect(bytesOf(last?.[name] ?? {}), name).toEqual(bytesOf(wholeLast?.[name] ?? {}))
    }
  })

  test('validations show what they gave for the same few examples of dev', async () => {
    const { ports, sampled } = listen()
    const result = await runTrial(settings, 2, dataset, engine, undefined, ports, graphs.of(settings))
    const chosen = chooseSamples(2, dataset.dev.size)
    expect(chosen.length).toBe(Math.min(8, dataset.dev.size))
    const last = result.stepsDone
    const { every } = settings.train.validate
    expect(sampled.map(({ line, number, planned, isLast }) => [line.step, number, planned, isLast])).toEqual([
      [every, 1, 3, false],
      [2 * every, 2, 3, false],
      [last, 3, 3, true],
    ])
    for (const { samples } of sampled) expect(samples.map(({ example }) => example.index)).toEqual(chosen)
    // The best parameters gave then what they give at the end.
    const best = sampled.find(({ line }) => line.step === result.bestStep)
    const dev = result.predictions.filter(({ split }) => split === 'dev')
    for (const { example } of best?.samples ?? expect.fail())
      expect({ split: 'dev', ...example }).toEqual(dev[example.index])
  })

  test('it learns, and every example has a prediction', async () => {
    const { ports, lines } = listen()
    const train = { ...settings.train, steps: 60, validate: { every: 30, select: 'loss', decode: greedy } as const }
    const result = await runTrial(
      { ...settings, train },
      1,
      dataset,
      engine,
      undefined,
      ports,
      graphs.of({ ...settings, train }),
    )
    const curve = lines.flatMap((line) => (line.kind === 'train' ? [numberOrNaN(line.loss)] : []))
    expect(curve.at(-1)).toBeLessThan(0.5 * (curve[0] ?? 0))
    expect(result.predictions).toHaveLength(dataset.dev.size + dataset.test.size)
    for (const { low, value, high } of Object.values(result.metrics.test).map(estimateOf)) {
      expect(low).toBeLessThanOrEqual(value)
      expect(high).toBeGreaterThanOrEqual(value)
    }
  })
})
