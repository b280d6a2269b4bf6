import { describe, expect, it } from 'vitest'
import { undefinedBecause } from '../../../src/core/measured.js'
import { groupTrials, within } from '../../../src/report/analysis/comparison/variants.js'
import { statisticsTable } from '../../../src/stats/bootstrap.js'
import { comparedGroup, compareFound, type FoundOptions, foundTrial, sizedTrial } from '../found.js'
import { madeUpSpec } from '../made-up.js'

const cancelled = { status: 'cancelled' as const, metrics: {} }

describe('groups', () => {
  it('are of one task on the same data, in the order of the trials', () => {
    const other = (digests: { training: string; test: string }) => foundTrial({ label: 'b', record: { digests } })
    const tag = foundTrial({ label: 'c', spec: { ...madeUpSpec, task: { type: 'tag' } } as typeof madeUpSpec })
    const { groups } = compareFound([
      foundTrial({ label: 'a' }),
      other({ training: '4f3c5d7be0aa', test: 'x' }),
      other({ training: 'y', test: '9d2e6c1b3f08' }),
      tag,
    ])
    expect(groups.map(({ task, dataDigest, testDigest }) => [task, dataDigest, testDigest])).toEqual([
      ['transduce', '4f3c5d7be0aa', '9d2e6c1b3f08'],
      ['transduce', '4f3c5d7be0aa', 'x'],
      ['transduce', 'y', '9d2e6c1b3f08'],
      ['tag', '4f3c5d7be0aa', '9d2e6c1b3f08'],
    ])
    expect(groups.map(({ loss }) => loss.label)).toEqual(Array(4).fill('nats per token'))
    expect(compareFound([])).toMatchObject({ schemaVersion: 3, groups: [] })
  })

  it('skip trials with other numbers of test examples, and of a single one all', () => {
    const report = compareFound([
      foundTrial({ label: 'a', errors: [1, 2, 3] }),
      foundTrial({ label: 'b', errors: [1, 2] }),
      foundTrial({ label: 'c', errors: [3, 2, 1] }),
    ])
    expect(report.skipped).toEqual([
      { path: 'runs/cells/cells-b-1', reason: 'it has predictions of 2 test examples, not 3' },
    ])
    expect(report.groups[0]?.examples).toBe(3)
    expect(report.groups[0]?.variants.map(({ seeds }) => seeds)).toEqual([[1], [], [1]])
    const single = compareFound([foundTrial({ errors: [1] })])
    expect(single.skipped).toEqual([
      { path: 'runs/cells/cells-gru-1', reason: 'its test split has fewer than two examples' },
    ])
    expect(single.groups[0]).toMatchObject({ examples: 0, metrics: [], lengths: [] })
    const two = compareFound([foundTrial({ errors: [1, 2] })])
    expect(two.skipped).toEqual([])
    expect(two.groups[0]?.examples).toBe(2)
    expect(compareFound([foundTrial({ errors: [1, 2] }), foundTrial({ label: 'b', errors: [1] })]).skipped).toEqual([
      { path: 'runs/cells/cells-b-1', reason: 'it has predictions of 1 test examples, not 2' },
    ])
  })

  it('know how many test sources training has seen, where that was recorded', () => {
    const data = { read: 1, kept: { train: 1, dev: 1, test: 1 }, dropped: {}, unknownTokens: {}, cut: {} }
    const seen = (seenInTraining?: { test?: number }) =>
      comparedGroup([foundTrial({ record: { data: { ...data, ...(seenInTraining && { seenInTraining }) } } })])
        .seenInTraining
    expect(seen({ test: 7 })).toBe(7)
    expect(seen({})).toBe(0)
    expect(seen()).toEqual(undefinedBecause('it was not recorded for these test data'))
  })

  it('have the chosen metric first, else the first of the studies, else that of the specs', () => {
    const withWer = (label: string) => {
      const trial = foundTrial({ label })
      const record = { ...trial.record, spec: { ...trial.record.spec, metrics: [{ type: 'per' }, { type: 'wer' }] } }
      const wer = statisticsTable([
        [1, 1],
        [0, 1],
      ])
      return { ...trial, record, statistics: { ...trial.statistics, wer } } as typeof trial
    }
    const names = (options: Parameters<typeof compareFound>[1], lead?: string) =>
      compareFound([withWer('a'), withWer('b')], options, {
        leads: lead === undefined ? [] : [{ metric: lead }],
      } as object).groups[0]?.metrics.map(({ name }) => name)
    expect(names({})).toEqual(['per', 'wer'])
    expect(names({ metric: 'wer' })).toEqual(['wer', 'per'])
    expect(names({}, 'wer')).toEqual(['wer', 'per'])
    expect(names({ metric: 'per' }, 'wer')).toEqual(['per', 'wer'])
    expect(names({ metric: 'bleu' })).toEqual(['per', 'wer'])
    const asked = { metrics: [{ type: 'per' }, { type: 'wer' }] } as object
    expect(comparedGroup([foundTrial({ record: { spec: { ...madeUpSpec, ...asked } } })]).metrics).toHaveLength(1)
    // Under a metric that not all trials have, the others are left out.
    const [, wer] = comparedGroup([withWer('a'), foundTrial({ label: 'b' })]).metrics
    expect(wer?.values.map(({ variant }) => variant)).toEqual(['v1'])
  })
})

describe('variants', () => {
  it('are the trials of one training and evaluation, under several seeds', () => {
    const trials = [
      sizedTrial(64, 1, { record: { timings: { train: 10, trainMs: 99, total: 99 } } }),
      sizedTrial(64, 2, { record: { timings: { trainMs: 20, total: 99 } } }),
      sizedTrial(64, 3, { record: { timings: { total: 60 } } }),
      sizedTrial(64, 4, { record: { ...cancelled, timings: { train: 900 } } }),
      sizedTrial(128, 1, { record: { timings: {}, parameters: 7 } }),
      sizedTrial(128, 2, { record: { evaluation: 'other' } }),
    ]
    const { variants } = comparedGroup(trials)
    expect(variants.map(({ study }) => study)).toEqual(['cells', 'cells', 'cells'])
    // (10 + 20 + 60) / 3: what was cancelled does not count.
    expect(
      variants.map(({ id, seeds, unfinished, trainMs, parameters }) => [id, seeds, unfinished, trainMs, parameters]),
    ).toEqual([
      ['v1', [1, 2, 3], 1, 30, 430_123],
      ['v2', [1], 0, null, 7],
      ['v3', [2], 0, 172_000, 430_123],
    ])
  })

  it('with equal labels have their study, else the start of their hashes, in their names', () => {
    const labels = (...trials: readonly FoundOptions[]) =>
      comparedGroup(trials.map(foundTrial)).variants.map(({ label }) => label)
    const record = (trainHash: string, evaluation = '5b7d1c3a') => ({ trainHash, evaluation })
    expect(labels({ label: 'a', record: record('h1') }, { label: 'b', record: record('h2') })).toEqual(['a', 'b'])
    expect(
      labels({ label: 'a', study: 's', record: record('h1') }, { label: 'a', study: 't', record: record('h2') }),
    ).toEqual(['a (s)', 'a (t)'])
    expect(
      labels({ label: 'a', record: record('0123456789') }, { label: 'a', record: record('abcdefghij', 'klmnopqrst') }),
    ).toEqual(['a (cells) 012345/5b7d1c', 'a (cells) abcdef/klmnop'])
  })

  it('have the settings that differ, and the values of the grid', () => {
    const trials = [sizedTrial(64, 1, {}, { batchSize: 16 }), sizedTrial(128, 1, {}, { batchSize: 32, clipNorm: 2 })]
    const group = comparedGroup(trials)
    expect(group.differing).toEqual(['model.encoder.hidden', 'train.batchSize', 'train.clipNorm'])
    expect(group.factors).toEqual(['model.encoder.hidden'])
    expect(group.columns).toEqual(['model.encoder.hidden', 'train.batchSize', 'train.clipNorm'])
    expect(group.variants[0]?.settings).toEqual({
      'model.encoder.hidden': 64,
      'train.batchSize': 16,
      'train.clipNorm': 1,
    })
    const all = comparedGroup(trials, { onlyChanged: false })
    expect(all.columns.length).toBeGreaterThan(20)
    expect(all.columns).toContain('train.optimizer')
    expect(all.differing).toEqual(all.columns)
    expect(all.variants[0]?.settings['train.optimizer']).toBe('adam')
    // A setting that one variant lacks is null.
    const { clipNorm: _, ...train } = madeUpSpec.train
    const bare = foundTrial({ label: 'bare', variant: {}, spec: { ...madeUpSpec, train } as typeof madeUpSpec })
    expect(comparedGroup([foundTrial({ label: 'a', variant: {} }), bare]).variants[1]?.settings).toEqual({
      'train.clipNorm': null,
    })
  })

  it('have at most six columns, first what the grid varies, without the options of that', () => {
    const train = (at: number) => ({
      ...{
        steps: at,
        batchSize: at,
        clipNorm: at,
        optimizer: { type: 'adam', learningRate: at, beta1: at, beta2: at },
      },
    })
    const of = (at: number) => sizedTrial(64, 1, { label: String(at), variant: { 'train.optimizer': at } }, train(at))
    const group = comparedGroup([of(1), of(2)])
    expect(group.columns).toEqual(['train.optimizer', 'train.batchSize', 'train.steps', 'train.clipNorm'])
    const wide = (at: number) =>
      sizedTrial(at, 1, { label: String(at), variant: { a: at, b: at, c: at, d: at, same: 1 } }, train(at))
    expect(comparedGroup([wide(1), wide(2)]).columns).toEqual([
      'a',
      'b',
      'c',
      'd',
      'model.encoder.hidden',
      'train.optimizer.learningRate',
    ])
    expect(within('a.b', ['a'])).toBe(true)
    expect(within('a', ['a'])).toBe(true)
    expect(within('ab', ['a'])).toBe(false)
  })

  it('show of the factors those that a study asks for', () => {
    const of = (at: number) =>
      sizedTrial(at, 1, { label: String(at), variant: { 'model.encoder.hidden': at, seeded: at } })
    const [group] = groupTrials([of(1), of(2)], { onlyChanged: true, shown: ['seeded'] })
    expect(group).toMatchObject({
      factors: ['seeded'],
      varied: ['model.encoder.hidden', 'seeded'],
      columns: ['seeded'],
    })
    const leads = [{ by: ['seeded'] }]
    const [led] = compareFound([of(1), of(2)], {}, { leads } as object).groups
    expect(led?.factors).toEqual(['seeded'])
  })
})

describe('--by', () => {
  it('makes a variant of each value, numbers by size, and says what else differs within', () => {
    const trials = [
      sizedTrial(128, 1, {}, { batchSize: 16 }),
      sizedTrial(64, 1, {}, { batchSize: 16 }),
      sizedTrial(1000, 2, {}, { batchSize: 32 }),
      sizedTrial(64, 2, {}, { batchSize: 32 }),
    ]
    const group = comparedGroup(trials, { by: 'model.encoder.hidden' })
    expect(group.variants.map(({ id, label, seeds }) => [id, label, seeds])).toEqual([
      ['v1', 'hidden = 64', [1, 2]],
      ['v2', 'hidden = 128', [1]],
      ['v3', 'hidden = 1000', [2]],
    ])
    expect(group).toMatchObject({
      mixed: ['train.batchSize'],
      columns: ['model.encoder.hidden'],
      averaged: false,
      seedWord: 'run',
    })
    expect(group.variants[0]?.settings).toEqual({ 'model.encoder.hidden': 64 })
    expect(comparedGroup(trials)).toMatchObject({ mixed: [], seedWord: 'seed' })
  })

  it('averages over the other settings seed by seed, where every value has two seeds of all of them', () => {
    // Errors in 20 tokens: PER of a pair of settings is the mean of the two.
    const of = (hidden: number, batchSize: number, seed: number, errors: number) =>
      sizedTrial(
        hidden,
        seed,
        {
          ...{ label: `${hidden}/${batchSize}`, errors: [errors, errors] },
          variant: { 'model.encoder.hidden': hidden, 'train.batchSize': batchSize },
        },
        { batchSize },
      )
    const full = [
      ...[of(64, 16, 1, 1), of(64, 16, 2, 2), of(64, 32, 1, 3), of(64, 32, 2, 4)],
      ...[of(128, 16, 1, 5), of(128, 16, 2, 6), of(128, 32, 1, 7), of(128, 32, 2, 9)],
    ]
    const values = (trials: typeof full) => {
      const group = comparedGroup(trials, { by: 'model.encoder.hidden' })
      return [
        group.averaged,
        group.seedWord,
        ...(group.metrics[0]?.values.map(({ seeds, perSeed }) => [seeds, perSeed]) ?? []),
      ]
    }
    const near = (...all: readonly number[]) => all.map((value) => expect.closeTo(value, 12))
    expect(values(full)).toEqual([true, 'seed', [[1, 2], near(0.2, 0.3)], [[1, 2], near(0.6, 0.75)]])
    // What only one value has is left out of the averages.
    expect(values([...full, of(128, 48, 1, 9), of(128, 48, 2, 9)])).toEqual([
      ...[true, 'seed', [[1, 2], near(0.2, 0.3)], [[1, 2], near(0.6, 0.75)]],
    ])
    // With one shared seed each run is a value.
    expect(values(full.filter(({ record }) => record.label !== '64/32' || record.seed === 1))).toEqual([
      ...[false, 'run', [[1, 2, 1], near(0.1, 0.2, 0.3)], [[1, 2, 1, 2], near(0.5, 0.6, 0.7, 0.9)]],
    ])
    // Nothing shared: all of each.
    expect(
      values([
        of(64, 16, 1, 1),
        of(64, 16, 2, 2),
        of(64, 8, 1, 3),
        of(64, 8, 2, 2),
        of(128, 32, 1, 3),
        of(128, 32, 2, 4),
      ]),
    ).toEqual([...[true, 'seed', [[1, 2], near(0.2, 0.2)], [[1, 2], near(0.3, 0.4)]]])
  })

  it('leaves claims to the variants', () => {
    const claims = [
      {
        folder: 'runs/cells',
        claim: { left: 'hidden=64', right: 'hidden=128', metric: 'per', relation: 'lower' as const },
      },
    ]
    const trials = [1, 2, 3].flatMap((seed) => [
      sizedTrial(64, seed, { errors: [0, seed] }),
      sizedTrial(128, seed, { errors: [9, 9 - seed] }),
    ])
    const report = compareFound(trials, { by: 'train.batchSize' }, { claims })
    expect(report.groups[0]?.variants.map(({ label }) => label)).toEqual(['batchSize = 128'])
    expect(report.claims[0]?.leftVariants).toEqual(['hidden=64'])
  })
})
