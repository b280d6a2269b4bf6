import { describe, expect, it } from 'vitest'
import type { Machine } from '../../../../src/core/machine.js'
import { compareFound, foundTrial, sizedTrial } from '../../found.js'

describe('versions', () => {
  const on = (label: string, machine: Partial<Machine>) =>
    foundTrial({
      label,
      record: { machine: { ...{ model: 'X', architecture: 'x64', platform: 'linux' }, ...machine } },
    })
  const instructionsOf = (...trials: ReturnType<typeof foundTrial>[]) => compareFound(trials).versions.instructions

  it('have the levels of instructions where trials were computed with several', () => {
    expect(instructionsOf(on('a', { instructions: 'avx2' }), on('b', { instructions: 'avx512f' }))).toEqual([
      'avx2',
      'avx512f',
    ])
    // Where the system does not tell, the architecture stands for it.
    expect(instructionsOf(on('a', { instructions: 'avx2' }), on('b', {}), on('c', {}))).toEqual(['avx2', 'x64'])
  })

  it('have those of other machines that computed some of the steps', () => {
    expect(instructionsOf(on('a', { instructions: 'avx2', earlier: ['avx512f'] }))).toEqual(['avx2', 'avx512f'])
  })

  it('say nothing of instructions where there is one level, or none is known', () => {
    expect(instructionsOf(on('a', { instructions: 'avx2' }), on('b', { instructions: 'avx2' }))).toBeUndefined()
    expect(instructionsOf(on('a', { instructions: 'avx2' }), foundTrial({ label: 'b' }))).toBeUndefined()
    expect(instructionsOf(foundTrial())).toBeUndefined()
  })

  it('are each there once, in the order of the trials', () => {
    const of = (label: string, node: string) =>
      foundTrial({ label, record: { versions: { node }, engine: 'compiled' } })
    expect(compareFound([of('a', '22'), of('b', '20'), of('c', '22')]).versions).toEqual({
      node: ['22', '20'],
      engine: ['compiled'],
    })
  })
})

describe('a comparison', () => {
  const trials = [1, 2, 3].flatMap((seed) => [
    sizedTrial(64, seed, { errors: [0, seed, 2] }),
    sizedTrial(128, seed, { errors: [9, 9 - seed, 4] }),
  ])

  it('is the same each time: without a seed the bootstrap has the seed 1', () => {
    const metricsOf = (options: Parameters<typeof compareFound>[1]) => compareFound(trials, options).groups[0]?.metrics
    expect(metricsOf({})).toEqual(metricsOf({ seed: 1 }))
    expect(metricsOf({})).not.toEqual(metricsOf({ seed: 2 }))
  })

  it('has claims and published figures of the variants, whatever it groups by', () => {
    const claims = [
      {
        folder: 'runs/cells',
        claim: { left: 'hidden=64', right: 'hidden=128', metric: 'per', relation: 'lower' as const },
      },
    ]
    const figure = { of: 'hidden=64', metric: 'per', value: 0.1 }
    const published = [{ figure, source: 'Ada 1843', folder: 'runs/cells' }]
    const report = compareFound(trials, { by: 'train.batchSize' }, { claims, published })
    expect(report.groups[0]?.variants.map(({ label }) => label)).toEqual(['batchSize = 128'])
    expect(report.claims.map(({ leftVariants }) => leftVariants)).toEqual([['hidden=64']])
    // The mean of 3, 4 and 5 errors in 30 tokens.
    expect(report.published[0]).toMatchObject({ variants: 1, seeds: 3, ours: expect.closeTo(4 / 30, 10) })
    const alone = compareFound(trials, { by: 'train.batchSize' }, { published })
    expect(alone.published).toEqual(report.published)
  })

  it('has the metric and the factors that the first of the studies asks for', () => {
    const of = (at: number) => sizedTrial(at, 1, { variant: { 'model.encoder.hidden': at, seeded: at } })
    const leads = [{ by: ['seeded'] }, { by: ['model.encoder.hidden'] }]
    expect(compareFound([of(1), of(2)], {}, { leads }).groups[0]?.factors).toEqual(['seeded'])
    expect(compareFound([of(1), of(2)]).groups[0]?.factors).toEqual(['model.encoder.hidden', 'seeded'])
  })
})
