import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { undefinedBecause } from '../../../src/core/measured.js'
import { statisticsTable } from '../../../src/stats/bootstrap.js'
import { comparedGroup, compareFound, foundTrial, sizedTrial } from '../found.js'

describe('the figures of a metric', () => {
  const [first, second, third] = [1, 2, 3].map((seed) =>
    sizedTrial(64, seed, { errors: [seed, seed + 2], dev: seed / 10 }),
  )
  const others = [1, 2, 3].map((seed) => sizedTrial(128, seed, { errors: [5, 6], dev: 0.15 }))
  if (!first || !second || !third) throw new Error('three trials')

  it('are means over seeds, with deviations and the best on dev', () => {
    const [per] = comparedGroup([first, second, third, ...others]).metrics
    // PER is 4, 6 and 8 of 20; 11 of 20.
    expect(per?.values[0]?.perSeed).toEqual([0.2, 0.3, 0.4])
    expect(per?.values[0]).toMatchObject({ seeds: [1, 2, 3], mean: { value: expect.closeTo(0.3, 12) } })
    expect(per?.values[0]?.seedDeviation).toBeCloseTo(0.1, 12)
    expect(per?.values[0]?.dev).toBeCloseTo(0.2, 12)
    expect(per?.best).toBe('v2')
    expect(per?.pairs[0]?.difference).toBeCloseTo(-0.25, 12)
    expect(per?.pairs[0]).toMatchObject({ left: 'v1', right: 'v2', paired: 0 })
    // (0.01 + 0) / 3, whatever the examples are.
    expect(per?.pairs[0]?.seedVariance).toBeCloseTo(0.01 / 3, 12)
    const interval = per?.values[0]?.mean
    expect(interval).toMatchObject({ interval: { method: 't' } })
  })

  it('are best where the mean on dev is lowest, or highest; the first of equals', () => {
    const bestOf = (metric: 'per' | 'accuracy', ...devs: readonly number[]) => {
      const trials = devs.map((value, at) => {
        const trial = sizedTrial(64 + at, 1, { errors: [1, 2] })
        const interval = undefinedBecause('made up')
        const metrics = { dev: { [metric]: { value, interval } }, test: {} }
        const record = { ...trial.record, metrics, spec: { ...trial.record.spec, metrics: [{ type: metric }] } }
        return {
          ...trial,
          record,
          statistics: {
            [metric]: statisticsTable([
              [1, 1],
              [0, 1],
            ]),
          },
        } as typeof trial
      })
      return comparedGroup(trials).metrics[0]?.best
    }
    expect(bestOf('per', 0.1, 0.3, 0.2)).toBe('v1')
    expect(bestOf('per', 0.3, 0.2, 0.1)).toBe('v3')
    expect(bestOf('per', 0.2, 0.1, 0.1)).toBe('v2')
    expect(bestOf('accuracy', 0.1, 0.3, 0.2)).toBe('v2')
    expect(bestOf('accuracy', 0.3, 0.1, 0.3)).toBe('v1')
  })

  it('of two seeds have a deviation', () => {
    // 0.2 and 0.3: each is 0.05 from their mean; the root of (0.05² + 0.05²) / 1.
    const [per] = comparedGroup([first, second, ...others]).metrics
    expect(per?.values[0]?.seedDeviation).toBeCloseTo(0.05 * Math.SQRT2, 12)
  })

  it('of one seed are its own, without a deviation or a variance between seeds', () => {
    const [per] = comparedGroup([first, ...others]).metrics
    expect(per?.values[0]?.seedDeviation).toEqual(undefinedBecause('one seed has no deviation between seeds'))
    expect(per?.values[0]?.mean).toMatchObject({ value: 0.2, interval: { method: 'bootstrap' } })
    const unknown = undefinedBecause('a variant has one seed')
    expect(per?.pairs[0]).toMatchObject({ seedVariance: unknown, effectSize: unknown })
  })

  it('without any spread have reasons in their place', () => {
    const same = (hidden: number) => [1, 2].map((seed) => sizedTrial(hidden, seed, { errors: [5, 5] }))
    const [per] = comparedGroup([...same(64), ...same(128)]).metrics
    const none = undefinedBecause('no variance was observed')
    expect(per?.pairs[0]).toMatchObject({
      ...{ interval: none, p: none, adjustedP: none, degreesOfFreedom: none, significant: false, seedVariance: 0 },
      effectSize: undefinedBecause('no deviation between seeds was observed'),
    })
  })

  it('are undefined where a seed has no value, and such variants are not compared', () => {
    const empty = (seed: number, ...rows: readonly (readonly number[])[]) => ({
      ...sizedTrial(256, seed),
      statistics: { per: statisticsTable(rows) },
    })
    const nothing = empty(1, [0, 0], [0, 0])
    const group = comparedGroup([first, second, nothing, { ...sizedTrial(256, 2) }])
    const [values, incomplete] = group.metrics[0]?.values ?? []
    expect(group.metrics[0]?.pairs).toEqual([])
    expect(values?.perSeed).toEqual([0.2, 0.3])
    expect(incomplete?.perSeed[1]).toBe(0.15)
    expect(incomplete?.mean).toMatchObject({ value: null, reason: expect.stringMatching(/^undefined for seed 1: /) })
    const alone = comparedGroup([first, second, nothing]).metrics[0]?.values[1]
    expect(alone?.mean).toMatchObject({ value: null, reason: expect.not.stringMatching(/seed/) })
    // One example of two is empty: a quarter of all resamples has no value.
    const often = comparedGroup([first, second, empty(1, [0, 0], [1, 2]), empty(2, [0, 0], [1, 2])]).metrics[0]
    expect(often?.pairs).toEqual([])
    expect(often?.values[1]?.mean).toMatchObject({
      value: 0.5,
      interval: {
        reason: expect.stringMatching(/^\d+ of 1000 resamples of the examples have no value, more than 5 %$/),
      },
    })
  })

  it('of dev are undefined where one is, or where there are no dev examples', () => {
    const reason = undefinedBecause('no dev token')
    const devOf = (...devs: readonly (object | undefined)[]) =>
      comparedGroup(
        devs.map((dev, at) =>
          sizedTrial(64, at + 1, { record: { metrics: { test: {}, ...(dev && { dev }) } as never } }),
        ),
      ).metrics[0]
    expect(devOf({ per: reason }, { per: { value: 1, interval: reason } })?.values[0]?.dev).toEqual(reason)
    expect(devOf({}, undefined)?.values[0]?.dev).toEqual(undefinedBecause('there are no dev examples'))
    expect(devOf({}, undefined)?.best).toBeNull()
    expect(devOf({}, { per: { value: 1, interval: reason } })?.values[0]?.dev).toBe(1)
  })
})

describe('what a comparison knows of its trials', () => {
  it('is a row for each, with values or reasons', () => {
    const failed = foundTrial({
      ...{ label: 'b', concerns: ['loss 9'] },
      record: { status: 'failed', metrics: {}, error: { code: 'training', message: 'NaN', problems: [] }, timings: {} },
    })
    const group = comparedGroup([foundTrial({ label: 'a', concerns: ['loss 9'], errors: [1, 2] }), failed])
    expect(
      group.trials.map(({ variant, status, reason, concerns, test, trainMs }) => [
        variant,
        status,
        reason,
        concerns,
        test,
        trainMs,
      ]),
    ).toEqual([
      ['v1', 'completed', '', ['loss 9'], { per: 0.15 }, 172_000],
      ['v2', 'failed', 'NaN', [], {}, null],
    ])
    expect(group.trials[0]).toMatchObject({
      directory: 'runs/cells/cells-a-1',
      dev: { per: 0.15 },
      steps: 10,
      evaluation: '5b7d1c3a',
    })
    expect(comparedGroup([{ ...foundTrial(), directory: process.cwd() }]).trials[0]?.directory).toBe('.')
  })

  it('has every version that any of them was trained with, and the names of the studies', () => {
    const of = (label: string, seqlab: string, engine = 'compiled') =>
      foundTrial({ label, study: `study ${label}`, record: { versions: { seqlab }, engine } })
    const report = compareFound([of('a', '1'), of('b', '2'), of('c', '1', 'eager')])
    expect(report.versions).toEqual({ seqlab: ['1', '2'], engine: ['compiled', 'eager'] })
    expect(report.title).toBe('study a, study b, study c')
    const study = { name: 'one', directory: 'runs/one', planned: 3, missing: [{ trial: 'x', state: 'begun' as const }] }
    const single = compareFound([of('a', '1')], {}, { studies: [study] })
    expect(single.title).toBe('one')
    expect(single.studies).toEqual([{ ...study, command: '' }])
    const both = compareFound([of('a', '1')], {}, { studies: [study, { ...study, command: 'seqlab run x' }] })
    expect(both.title).toBe('study a')
    expect(both.studies[1]?.command).toBe('seqlab run x')
  })

  it('has copies by their relative paths, and what was skipped', () => {
    const copy = { trialId: 't', label: 'a', seed: 1, directories: [resolve('runs/a'), resolve('')] }
    const skipped = [{ path: 'x', reason: 'damaged' }]
    const report = compareFound([foundTrial()], {}, { copies: [copy, { ...copy, difference: 'PER' }], skipped })
    expect(report.copies).toEqual([
      { ...copy, directories: ['runs/a', '.'], difference: null },
      { ...copy, directories: ['runs/a', '.'], difference: 'PER' },
    ])
    expect(report.skipped).toEqual(skipped)
  })
})
