import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { compare } from '../../../src/report/analysis/comparison/compare.js'
import { findTrials } from '../../../src/report/analysis/comparison/read.js'
import type { Claim } from '../../../src/spec/types.js'
import { twoSidedP } from '../../../src/stats/student.js'
import { type MadeUp, madeUpSpec, madeUpTrial } from '../made-up.js'
import { intervalOf, writeStudy } from '../study.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-settings-claims-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const rates = { gru: 0.08, lstm: 0.1, elman: 0.2 }
type Cell = keyof typeof rates
const trialOf = (cell: Cell, hidden: number, seed: number): MadeUp => {
  const encoder = { ...madeUpSpec.model.encoder, cell: { type: cell }, hidden } as unknown as NonNullable<
    typeof madeUpSpec.model.encoder
  >
  return madeUpTrial({
    label: `${cell}, hidden=${hidden}`,
    ...{ seed, study: 'cells', variant: { 'model.encoder.cell': cell, 'model.encoder.hidden': hidden } },
    spec: { ...madeUpSpec, seed, model: { ...madeUpSpec.model, encoder } },
    ...{ wrong: rates[cell] * (1 + 0.1 * seed) * (hidden === 32 ? 1.3 : 1), examples: 100, steps: 1000 },
  })
}
const seeds = [1, 2, 3]
const all = (Object.keys(rates) as Cell[]).flatMap((cell) =>
  [32, 64].flatMap((hidden) => seeds.map((seed) => trialOf(cell, hidden, seed))),
)
const gru = { 'model.encoder.cell': 'gru' }
const lstm = { 'model.encoder.cell': 'lstm' }
const elman = { 'model.encoder.cell': 'elman' }
const claim = (left: Claim['left'], right: Claim['right'], more: Partial<Claim> = {}): Claim => ({
  ...{ left, right, metric: 'per', relation: 'better' },
  ...more,
})

async function judge(claims: readonly Claim[], trials = all, options: { by?: string } = {}) {
  const directory = mkdtempSync(join(root, 'study-'))
  await writeStudy(directory, trials, { claims })
  return compare(await findTrials([directory]), { command: 'seqlab compare', ...options })
}

const rateOf = (cell: Cell, hidden: number, seed: number) =>
  trialOf(cell, hidden, seed).record.metrics.test?.per?.value ?? Number.NaN
const averages = (cell: Cell) => seeds.map((seed) => (rateOf(cell, 32, seed) + rateOf(cell, 64, seed)) / 2)
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const part = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1) / values.length

describe('a claim by settings', () => {
  it('is over a whole factor, averaged over the others seed by seed, and says so', async () => {
    const { claims, method } = await judge([claim(gru, elman)])
    const [verdict] = claims
    const percent = (100 * (mean(averages('gru')) - mean(averages('elman')))).toFixed(1)
    expect(verdict?.text).toBe('gru better than elman in PER')
    expect(verdict?.evidence).toContain(`PER differs by ${percent} points`)
    expect(verdict?.evidence).toContain('corrected for 3 pairs')
    expect(verdict?.evidence).toContain('averaged over model.encoder.hidden (32, 64), seed by seed (3 seeds each)')
    expect(verdict?.verdict).toBe('supported')
    expect(verdict?.leftVariants).toEqual(['gru, hidden=32', 'gru, hidden=64'])
    expect(verdict?.rightVariants).toEqual(['elman, hidden=32', 'elman, hidden=64'])
    expect(verdict?.averagedOver).toEqual([{ path: 'model.encoder.hidden', values: ['32', '64'] }])
    expect(method.join(' ')).toContain('Other settings are taken as fixed')
  })

  it('has the figures of `--by`, whose levels are averaged in the same way', async () => {
    const { groups, claims } = await judge([claim(gru, lstm)], all, { by: 'model.encoder.cell' })
    const [group] = groups
    expect(group?.averaged).toBe(true)
    expect(group?.seedWord).toBe('seed')
    const values = group?.metrics[0]?.values
    for (const [at, cell] of (['gru', 'lstm', 'elman'] as const).entries()) {
      expect(values?.[at]?.seeds).toEqual(seeds)
      for (const [place, value] of averages(cell).entries()) expect(values?.[at]?.perSeed[place]).toBeCloseTo(value, 12)
    }
    const pair = group?.metrics[0]?.pairs[0]
    const [a, b] = [part(averages('gru')), part(averages('lstm'))]
    const examples = pair?.exampleVariance ?? Number.NaN
    const degrees = (a + b + examples) ** 2 / (a ** 2 / 2 + b ** 2 / 2 + examples ** 2 / 99)
    expect(pair?.seedVariance).toBeCloseTo(a + b, 12)
    expect(pair?.degreesOfFreedom).toBeCloseTo(degrees, 8)
    expect(pair?.p).toBeCloseTo(twoSidedP((pair?.difference ?? 0) / Math.sqrt(a + b + examples), degrees), 9)
    const digits = (value: number) => (100 * value).toFixed(1)
    const { low, high } = intervalOf(pair)
    expect(claims[0]?.evidence).toContain(`95 % interval ${digits(low)} to ${digits(high)}`)
    expect(claims[0]?.evidence).toContain('corrected for 3 pairs')
  })

  it('is as by labels where the settings name single variants', async () => {
    const by = (cell: Cell) => ({ 'model.encoder.cell': cell, 'model.encoder.hidden': 64 })
    const { claims } = await judge([claim(by('gru'), by('elman')), claim('gru, hidden=64', 'elman, hidden=64')])
    expect(claims[0]?.evidence).toBe(claims[1]?.evidence)
    expect(claims[0]?.text).toBe('gru, hidden=64 better than elman, hidden=64 in PER')
  })

  it('may be about curves and equivalence', async () => {
    const { claims } = await judge([
      claim(gru, elman, { relation: 'equivalent', margin: 0.5 }),
      { left: gru, right: lstm, curve: 'validation-loss', at: 'last', relation: 'better' },
    ])
    expect(claims[0]?.verdict).toBe('supported')
    expect(claims[0]?.evidence).toContain('averaged over model.encoder.hidden (32, 64), seed by seed')
    // The made-up curves depend on the seed alone.
    expect(claims[1]?.evidence).toContain('last validation loss differs by +0.000 nats')
    expect(claims[1]?.evidence).toContain('tested over seeds only (3 seeds each), not over new examples')
  })

  it('leaves out what only one side has, and seeds that not every setting has', async () => {
    const isThere = ({ record }: MadeUp) =>
      !(record.label === 'elman, hidden=32') && !(record.label === 'gru, hidden=64' && record.seed === 2)
    const { claims } = await judge([claim(gru, elman), claim(gru, lstm)], all.filter(isThere))
    expect(claims[0]?.evidence).toContain('without gru, hidden=32, which only one side has')
    expect(claims[0]?.leftVariants).toEqual(['gru, hidden=64'])
    expect(claims[1]?.evidence).toContain('without the seeds that not every setting has (2 and 3 seeds)')
  })

  it('is undecided where nothing matches', async () => {
    const isThere = ({ record }: MadeUp) => ['gru, hidden=64', 'elman, hidden=32'].includes(record.label)
    const alone = await judge([claim(gru, elman)], all.filter(isThere))
    // Each side is one variant here, and the sides differ in hidden too: not what the claim says.
    expect(alone.claims[0]).toMatchObject({ verdict: 'undecided' })
    expect(alone.claims[0]?.evidence).toContain('no setting that neither side names has finished trials on both sides')
    const oneSeed = await judge(
      [claim(gru, elman)],
      all.filter(({ record }) => record.seed === 1),
    )
    expect(oneSeed.claims[0]).toMatchObject({ verdict: 'undecided' })
  })
})
