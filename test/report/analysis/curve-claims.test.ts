import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { compare } from '../../../src/report/analysis/comparison/compare.js'
import { findTrials } from '../../../src/report/analysis/comparison/read.js'
import type { Claim } from '../../../src/spec/types.js'
import type { MetricsLine } from '../../../src/train/types.js'
import { type MadeUp, madeUpTrial } from '../made-up.js'
import { writeStudy } from '../study.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-curve-claims-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

type Values = readonly (readonly [step: number, loss: number])[]

function validations(values: Values, more: (step: number) => { per?: number; copies?: number } = () => ({})) {
  return values.map(([step, loss]): MetricsLine => {
    const { per = loss / 10, copies } = more(step)
    const distance = copies === undefined ? {} : { copiesDistance: copies }
    return { kind: 'validation', step, loss, metrics: { per }, best: false, ...distance }
  })
}

const range3 = (level: number): Values => [100, 200, 400].map((step) => [step, level])

function trial(label: string, seed: number, lines: readonly MetricsLine[]): MadeUp {
  return { ...madeUpTrial({ label, seed, variant: { scorer: label }, study: 'curves', examples: 20 }), lines }
}

// Mean over steps 100 to 400 of the first: (3 · 100 + 1.5 · 200) / 300 = 2; of its seeds 2, 3, 4.
const falling = [0, 1, 2].map((up) =>
  trial(
    'falling',
    up + 1,
    validations([
      [100, 4 + up],
      [200, 2 + up],
      [400, 1 + up],
    ]),
  ),
)
// Flat, and recorded at other steps.
const flat = (label: string, levels: readonly number[]) =>
  levels.map((level, at) =>
    trial(
      label,
      at + 1,
      validations([
        [100, level],
        [400, level],
      ]),
    ),
  )

async function judge(trials: readonly MadeUp[], ...claims: readonly Claim[]) {
  const directory = mkdtempSync(join(root, 'study-'))
  await writeStudy(directory, trials, { claims })
  return compare(await findTrials([directory]), { command: 'seqlab compare' })
}

const claim = (more: Partial<Claim>): Claim => ({
  left: 'falling',
  right: 'flat',
  curve: 'validation-loss',
  relation: 'better',
  ...more,
})

describe('a claim over a curve', () => {
  it("is judged by Welch's test of the seeds' means over steps", async () => {
    const { claims, method } = await judge([...falling, ...flat('flat', [5, 7, 9])], claim({}))
    // Means 3 and 7, s² 1 and 4: se² = 1/3 + 4/3, df = (5/3)² / ((1/9)/2 + (16/9)/2) = 50/17.
    // SciPy 1.17.1: t.ppf(0.975, 50/17) · sqrt(5/3) = 4.15540; ttest_ind(..., equal_var=False) has p = 0.054787.
    expect(claims).toEqual([
      {
        left: 'falling',
        right: 'flat',
        leftVariants: ['falling'],
        rightVariants: ['flat'],
        averagedOver: [],
        metric: null,
        curve: 'validation-loss',
        at: 'mean',
        relation: 'better',
        margin: null,
        effect: null,
        registered: null,
        registration: 'not in the ledger',
        text: 'falling better than flat in mean validation loss',
        verdict: 'undecided',
        evidence:
          'mean validation loss over steps 100 to 400 differs by -4.000 nats (95 % interval -8.155 to 0.155, p = 0.055); tested over seeds only (3 seeds each), not over new examples',
        test: {
          unit: 'nats',
          difference: -4,
          low: expect.closeTo(-8.1554, 4),
          high: expect.closeTo(0.1554, 4),
          coverage: 0.95,
          p: expect.closeTo(0.054787, 6),
          family: 1,
          seeds: [3, 3],
        },
      },
    ])
    expect(method.join()).toContain('Seeds are the sampling unit')
  })

  it('is supported, contradicted or equivalent by the same figures, whichever side is left', async () => {
    // Means 3 and 17: -14 ± 4.15540, p = 0.0018327; TOST at ± 20: t.cdf((14 - 20) / sqrt(5/3), 50/17) = 0.0098099.
    const { claims } = await judge(
      [...falling, ...flat('flat', [15, 17, 19])],
      claim({ margin: 9 }),
      claim({ left: 'flat', right: 'falling', relation: 'worse' }),
      claim({ relation: 'higher' }),
      claim({ margin: 10 }),
      claim({ relation: 'equivalent', margin: 20 }),
      claim({ relation: 'equivalent', margin: 9 }),
    )
    expect(claims.map(({ verdict }) => verdict)).toEqual([
      'supported',
      'supported',
      'contradicted',
      'undecided',
      'supported',
      'contradicted',
    ])
    expect(claims[0]?.evidence).toContain('-14.000 nats (95 % interval -18.155 to -9.845, p = 0.0018)')
    expect(claims[1]?.evidence).toContain('+14.000 nats (95 % interval 9.845 to 18.155, p = 0.0018)')
    // Two claims of equivalence over one curve are corrected together: 2 · 0.0098099, and t.ppf(0.975, 50/17) again.
    expect(claims[4]?.evidence).toContain(
      '(90 % interval -18.155 to -9.845, corrected for 2 claims); within ± 20.000 nats: p = 0.02 by two one-sided tests',
    )
  })

  it("may compare with a figure: Student's test of one sample, corrected for all figures of the measure", async () => {
    // Means 2, 3, 4: less 7 is -4 with t = -4 sqrt(3), less 5 is -2 with t = -2 sqrt(3); two degrees, where
    // p = 1 - |t| / sqrt(2 + t²): 0.020204 and 0.074180. Tables: t_{0.9875, 2} = 6.2053, t_{0.975, 2} = 4.3027.
    const { claims } = await judge(
      falling,
      claim({ right: 7, relation: 'lower' }),
      claim({ right: 5, relation: 'lower' }),
      claim({ right: 7, relation: 'higher' }),
      claim({ left: 'nobody', right: 7, relation: 'higher' }),
    )
    expect(claims.map(({ verdict }) => verdict)).toEqual(['undecided', 'undecided', 'undecided', 'undecided'])
    const { claims: two } = await judge(
      falling,
      claim({ right: 7, relation: 'lower' }),
      claim({ right: 5, relation: 'better' }),
    )
    expect(two.map(({ verdict }) => verdict)).toEqual(['supported', 'undecided'])
    expect(two[0]).toMatchObject({
      right: 7,
      rightVariants: [],
      text: 'falling lower than 7.000 nats in mean validation loss',
    })
    expect(two[0]?.evidence).toBe(
      'mean validation loss over steps 100 to 400 differs by -4.000 nats (95 % interval -7.583 to -0.417, p = 0.04, corrected for 2 figures); tested over seeds only (3 seeds), not over new examples',
    )
    expect(two[1]?.evidence).toContain('-2.000 nats (95 % interval -4.484 to 0.484, p = 0.074')
    expect(claims[3]?.evidence).toBe('no group has the variant; available: falling')
  })

  it('is corrected for every pair of the variants that have the curve', async () => {
    const { claims } = await judge([...falling, ...flat('flat', [15, 17, 19]), ...flat('third', [1, 2, 6])], claim({}))
    // The smallest of three: 3 · 0.0018327, and its interval at 0.05 / 3.
    expect(claims[0]?.evidence).toContain('p = 0.0055, corrected for 3 pairs')
    expect(claims[0]?.verdict).toBe('supported')
  })

  it('may be about another number than the mean', async () => {
    const per = (label: string, levels: readonly number[]) =>
      levels.map((level, at) =>
        trial(
          label,
          at + 1,
          validations(range3(level), (step) => ({ per: (level + (step === 200 ? 1 : 0)) / 100 })),
        ),
      )
    const { claims } = await judge(
      [...per('falling', [1, 2, 3]), ...per('flat', [11, 13, 15])],
      claim({ curve: 'per', at: 'best' }),
      claim({ curve: 'per', at: 'last' }),
      claim({ curve: 'per', at: 200 }),
      claim({ curve: 'per', at: 300 }),
      claim({ curve: 'copies-distance', relation: 'lower' }),
    )
    expect(claims.map(({ text }) => text)).toEqual([
      'falling better than flat in best dev PER',
      'falling better than flat in last dev PER',
      'falling better than flat in dev PER at step 200',
      'falling better than flat in dev PER at step 300',
      'falling lower than flat in mean distance between untied copies',
    ])
    expect(claims.map(({ verdict }) => verdict)).toEqual([...Array(3).fill('supported'), 'undecided', 'undecided'])
    expect(claims[2]?.evidence).toContain('dev PER at step 200 differs by -11.0 points')
    expect(claims[3]?.evidence).toBe(
      'seed 1 of falling has no dev PER at step 300 (its curve has 3 values from step 100 to 400)',
    )
    expect(claims[4]?.evidence).toBe('seed 1 of falling has no distance between untied copies')
  })

  it('over how far copies drift has a lower and a higher, but no better', async () => {
    const drifting = (label: string, speeds: readonly number[]) =>
      speeds.map((speed, at) =>
        trial(
          label,
          at + 1,
          validations(range3(1), (step) => ({ copies: speed * step })),
        ),
      )
    const { claims } = await judge(
      [...drifting('falling', [1, 2, 3]), ...drifting('flat', [11, 13, 15])],
      claim({ curve: 'copies-distance', relation: 'lower', at: 'last' }),
      claim({ curve: 'copies-distance', relation: 'better' }),
    )
    expect(claims.map(({ verdict }) => verdict)).toEqual(['supported', 'undecided'])
    // 2 · 400 - 13 · 400.
    expect(claims[0]?.evidence).toContain('last distance between untied copies differs by -4,400')
    expect(claims[1]?.evidence).toContain('neither lower nor higher is better in mean distance between untied copies')
  })

  it('has a mean over the steps that all trials have: curves that end early shorten it for all', async () => {
    const early = [1, 2, 4].map((level, at) =>
      trial(
        'flat',
        at + 1,
        validations([
          [100, level],
          [200, level],
        ]),
      ),
    )
    const { claims } = await judge([...falling, ...early], claim({}))
    // Over steps 100 to 200 the falling ones are (4 + 2) / 2 = 3, 4, 5: 4 - 7/3.
    expect(claims[0]?.evidence).toContain('mean validation loss over steps 100 to 200 differs by +1.667 nats')
  })

  it('is undecided with one seed', async () => {
    const { claims } = await judge([...falling.slice(0, 1), ...flat('flat', [5, 7])], claim({}))
    expect(claims[0]).toMatchObject({
      verdict: 'undecided',
      evidence: 'one seed per variant allows no conclusion about training runs',
    })
  })
})
