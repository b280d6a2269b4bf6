import { describe, expect, it } from 'vitest'
import { undefinedBecause } from '../../../src/core/measured.js'
import { registrationText } from '../../../src/report/analysis/comparison/claims/registration.js'
import {
  type Equivalence,
  judge,
  type Sides,
  unsupportedText,
  verdictText,
} from '../../../src/report/analysis/comparison/claims/verdict.js'
import { compare } from '../../../src/report/analysis/comparison/compare.js'
import { curvesOf } from '../../../src/report/analysis/comparison/lines.js'
import type { Pair } from '../../../src/report/analysis/comparison/types.js'
import type { Claim } from '../../../src/spec/types.js'
import { everything } from '../../../src/stats/mean-interval.js'
import { type FoundOptions, foundTrial, foundTrials } from '../found.js'
import { madeUpSpec } from '../made-up.js'

const claim = (more: Partial<Claim>): Claim => ({ left: 'a', right: 'b', metric: 'per', relation: 'lower', ...more })

describe('a verdict', () => {
  interface Case extends Partial<Omit<Sides, 'pair'>> {
    readonly low?: number
    readonly high?: number
    readonly pair?: Partial<Pair>
    readonly equivalence?: Equivalence
  }
  const verdict = (of: Partial<Claim>, { low = 0, high = 0, pair: more = {}, equivalence, ...sides }: Case = {}) => {
    const pair: Pair = {
      ...{
        left: 'v1',
        right: 'v2',
        paired: 0,
        difference: (low + high) / 2,
        interval: { low, high },
        level: 0.95,
        p: 0.01,
      },
      ...{ adjustedP: 0.02, significant: low > 0 || high < 0, effectSize: 1, seedVariance: 1, exampleVariance: 1 },
      ...{ degreesOfFreedom: 3, ...more },
    }
    const between = {
      ...{
        estimate: pair.difference,
        seedVariance: 1,
        exampleVariance: 1,
        standardError: 1,
        degreesOfFreedom: 3,
        p: 0.01,
      },
      effectSize: 1,
    }
    return judge(
      claim(of),
      {
        ...{ title: 'PER', unit: 'number', better: 'lower', pair, between, swapped: false, family: 1, seeds: [3, 3] },
        ...{ overExamples: true, averaged: '', range: everything, ...sides },
      },
      equivalence,
    )
  }
  const decision = (...[of, sides]: Parameters<typeof verdict>) => verdict(of, sides).verdict

  it('is by the whole interval', () => {
    expect(decision({ relation: 'lower' }, { low: -3, high: -1 })).toBe('supported')
    expect(decision({ relation: 'lower' }, { low: -3, high: 1 })).toBe('undecided')
    expect(decision({ relation: 'lower' }, { low: 1, high: 3 })).toBe('contradicted')
    expect(decision({ relation: 'higher' }, { low: 1, high: 3 })).toBe('supported')
    const corrected = (family: number) => verdict({ relation: 'lower' }, { low: -3, high: -1, family }).evidence
    expect(corrected(1)).not.toContain('corrected')
    expect(corrected(2)).toContain(', corrected for 2 pairs')
    expect(decision({ relation: 'higher' }, { low: -3, high: -1 })).toBe('contradicted')
  })

  it('of better and worse depends on what is better', () => {
    const [below, above] = [
      { low: -3, high: -1 },
      { low: 1, high: 3 },
    ]
    expect(decision({ relation: 'better' }, below)).toBe('supported')
    expect(decision({ relation: 'worse' }, below)).toBe('contradicted')
    expect(decision({ relation: 'better' }, { ...above, better: 'higher' })).toBe('supported')
    expect(decision({ relation: 'worse' }, { ...below, better: 'higher' })).toBe('supported')
    expect(verdict({ relation: 'better' }, { ...below, better: undefined })).toEqual({
      ...{ verdict: 'undecided', evidence: 'neither lower nor higher is better in PER', test: null },
    })
    expect(decision({ relation: 'lower' }, { ...below, better: undefined })).toBe('supported')
  })

  it('turns the figures where the sides are swapped', () => {
    const { verdict: is, evidence, test } = verdict({ relation: 'higher' }, { low: -3, high: -1, swapped: true })
    expect(test).toEqual({
      ...{ unit: 'number', difference: 2, low: 1, high: 3, coverage: 0.95, p: 0.02, family: 1, seeds: [3, 3] },
    })
    expect(is).toBe('supported')
    expect(evidence).toBe('PER differs by +2 (95 % interval 1 to 3, p = 0.02)')
    expect(verdict({ relation: 'higher' }, { low: -3, high: -1 }).evidence).toBe(
      'PER differs by -2 (95 % interval -3 to -1, p = 0.02)',
    )
  })

  it('with a margin needs the whole interval beyond it, and is contradicted by one short of it', () => {
    const by = (margin: number, low: number, high: number) => decision({ relation: 'higher', margin }, { low, high })
    expect(by(1, 1, 3)).toBe('undecided')
    expect(by(1, 1.1, 3)).toBe('supported')
    expect(by(3, 1, 3)).toBe('undecided')
    expect(by(3.1, 1, 3)).toBe('contradicted')
    expect(by(3, -1, 1)).toBe('contradicted')
    // Short of a margin, significant or not.
    const open = { low: -2, high: 0.4, pair: { significant: false } }
    expect(decision({ relation: 'higher', margin: 0.5 }, open)).toBe('contradicted')
    expect(decision({ relation: 'higher', margin: 0.3 }, open)).toBe('undecided')
    expect(decision({ relation: 'higher' }, { low: -3, high: -1, pair: { significant: false } })).toBe('undecided')
    expect(decision({ relation: 'higher' }, { low: 1, high: 3, pair: { significant: false } })).toBe('undecided')
  })

  it('is none with one seed, and none without a variance', () => {
    expect(verdict({}, { pair: { seedVariance: undefinedBecause('one seed') } })).toEqual({
      ...{
        verdict: 'undecided',
        evidence: 'one seed per variant allows no conclusion about training runs',
        test: null,
      },
    })
    expect(verdict({}, { pair: { interval: undefinedBecause('no variance was observed') } })).toEqual({
      ...{ verdict: 'undecided', evidence: 'cannot be compared: no variance was observed', test: null },
    })
  })

  it('has the evidence: corrections, pairs, and what was sampled', () => {
    const evidence = (more: Case) => verdict({}, { low: -3, high: -1, ...more }).evidence
    const figures = 'PER differs by -2 (95 % interval -3 to -1, p = 0.02'
    expect(evidence({ family: 3 })).toBe(`${figures}, corrected for 3 pairs)`)
    expect(evidence({ pair: { paired: 3 } })).toBe(`${figures}, paired over 3 seeds of the same trained models)`)
    expect(evidence({ pair: { adjustedP: undefinedBecause('none') } })).toBe(
      'PER differs by -2 (95 % interval -3 to -1)',
    )
    expect(evidence({ overExamples: false })).toBe(
      `${figures}); tested over seeds only (3 seeds each), not over new examples`,
    )
    expect(evidence({ averaged: 'averaged over x', seeds: [2, 3] })).toBe(
      `${figures}); averaged over x (2 and 3 seeds)`,
    )
    expect(evidence({ averaged: 'averaged over x', overExamples: false, seeds: [1, 1] })).toBe(
      `${figures}); averaged over x; tested over seeds only (1 seed each), not over new examples`,
    )
  })

  it('of equivalence needs a margin, and a test within it', () => {
    const test = { p: 0.05, low: -2, high: -1, family: 1 }
    const whole = {
      ...{ unit: 'number', difference: -2, low: -3, high: -1, coverage: 0.95, p: 0.02, family: 1, seeds: [3, 3] },
    }
    const of = (margin: number | undefined, more: Case) =>
      verdict({ relation: 'equivalent', ...(margin !== undefined && { margin }) }, { low: -3, high: -1, ...more })
    expect(of(undefined, { equivalence: test })).toEqual({
      verdict: 'undecided',
      evidence: 'PER differs by -2 (95 % interval -3 to -1, p = 0.02); equivalence requires a margin',
      test: whole,
    })
    expect(of(4, {}).evidence).toMatch(/equivalence requires a margin$/)
    expect(of(4, { equivalence: test })).toEqual({
      verdict: 'supported',
      evidence: 'PER differs by -2 (90 % interval -2 to -1); within ± 4: p = 0.05 by two one-sided tests',
      test: { ...whole, low: -2, high: -1, coverage: 0.9, p: 0.05 },
    })
    expect(of(4, { equivalence: { ...test, p: 0.051 } }).verdict).toBe('undecided')
    expect(of(4, { equivalence: { ...test, family: 2 }, pair: { paired: 3 }, overExamples: false }).evidence).toBe(
      'PER differs by -2 (90 % interval -2 to -1, corrected for 2 claims, paired over 3 seeds of the same trained models); within ± 4: p = 0.05 by two one-sided tests; tested over seeds only (3 seeds each), not over new examples',
    )
    const beyond = of(0.9, { equivalence: { ...test, p: 0.9 } })
    expect(beyond).toEqual({
      verdict: 'contradicted',
      evidence: 'PER differs by -2 (95 % interval -3 to -1, p = 0.02); within ± 0.9: p = 0.9 by two one-sided tests',
      test: whole,
    })
    expect(of(1, { equivalence: { ...test, p: 0.9 } }).verdict).toBe('undecided')
    expect(of(0.9, { low: 1, high: 3, equivalence: { ...test, p: 0.9 } }).verdict).toBe('contradicted')
    expect(of(1, { low: 1, high: 3, equivalence: { ...test, p: 0.9 } }).verdict).toBe('undecided')
  })

  it('is one line, and what is not supported is counted', () => {
    const found = { verdict: 'supported', text: 'a lower than b', evidence: 'x' } as const
    const stated = (registered: { started: number; finished: number } | undefined) =>
      verdictText({ ...found, registered: registered ?? null, registration: registrationText(registered) })
    expect(stated({ started: 0, finished: 0 })).toBe('supported: a lower than b: x')
    expect(stated({ started: 4, finished: 3 })).toBe(
      'supported: a lower than b (added or changed after 3 trials had a result): x',
    )
    expect(stated({ started: 1, finished: 0 })).toBe(
      'supported: a lower than b (added or changed after training had begun (1 trial), before there was a result): x',
    )
    expect(stated(undefined)).toBe('supported: a lower than b (not in the ledger): x')
    expect(unsupportedText(0, 2)).toEqual([])
    expect(unsupportedText(1, 2)).toEqual(['1 of 2 claims is not supported'])
    expect(unsupportedText(2, 2)).toEqual(['2 of 2 claims are not supported'])
  })
})

describe('the sides of a claim', () => {
  const encoder = madeUpSpec.model.encoder
  const trialOf = (cell: string, hidden: number, seed: number, errors: readonly number[], more: FoundOptions = {}) =>
    foundTrial({
      ...{ label: `${cell}, hidden=${hidden}`, seed, errors },
      variant: { 'model.encoder.cell': cell, 'model.encoder.hidden': hidden },
      spec: {
        ...madeUpSpec,
        model: { ...madeUpSpec.model, encoder: { ...encoder, cell: { type: cell }, hidden } },
      } as typeof madeUpSpec,
      ...more,
    })
  const study = [1, 2, 3].flatMap((seed) =>
    ['gru', 'lstm', 'elman'].flatMap((cell, at) =>
      [32, 64].map((hidden) => trialOf(cell, hidden, seed, [3 * at, 3 * at + (hidden === 32 ? seed : seed % 2)])),
    ),
  )
  const judged = (claims: readonly Claim[], trials = study, studies: readonly string[] = ['cells']) =>
    compare(
      foundTrials(trials, {
        claims: studies.flatMap((name) => claims.map((one) => ({ claim: one, folder: `runs/${name}` }))),
      }),
      {
        command: 'seqlab compare',
      },
    ).claims
  const gru = { 'model.encoder.cell': 'gru' }
  const elman = { 'model.encoder.cell': 'elman' }

  it('are variants by their labels; what is not there is named', () => {
    const [found] = judged([claim({ left: 'gru, hidden=32', right: 'elman, hidden=32' })])
    expect(found).toMatchObject({
      leftVariants: ['gru, hidden=32'],
      rightVariants: ['elman, hidden=32'],
      averagedOver: [],
      verdict: 'supported',
    })
    // PER of seeds 1 to 3 under gru is 1, 2, 3 and under elman 13, 14, 15 of 20.
    expect(found?.evidence).toContain('PER differs by -60.0 points')
    expect(found?.evidence).toContain('corrected for 15 pairs')
    const [swapped] = judged([claim({ left: 'elman, hidden=32', right: 'gru, hidden=32' })])
    expect(swapped?.evidence).toContain('PER differs by +60.0 points')
    expect(swapped?.verdict).toBe('contradicted')
    expect(judged([claim({ left: 'x', right: 'gru, hidden=32' })])[0]?.evidence).toMatch(/^no group has both variants/)
    const [missing] = judged([claim({ left: 'gru, hidden=32', right: 'x' })])
    expect(missing).toMatchObject({ verdict: 'undecided', leftVariants: [], rightVariants: [] })
    expect(missing?.evidence).toMatch(/^no group has both variants; available: gru, hidden=32, gru, hidden=64, lstm/)
    expect(judged([claim({})], [])[0]?.evidence).toBe('no group has both variants; available: none')
  })

  it('may not have a variant in common, and are looked for in every group', () => {
    expect(judged([claim({ left: gru, right: 'gru, hidden=32' })])[0]).toMatchObject({
      ...{ verdict: 'undecided', evidence: 'both sides have variants in common', leftVariants: [] },
    })
    const elsewhere = trialOf('gru', 32, 9, [1, 2], { record: { digests: { training: 'x', test: 'x' } } })
    expect(
      judged([claim({ left: 'gru, hidden=32', right: 'elman, hidden=32' })], [elsewhere, ...study])[0]?.verdict,
    ).toBe('supported')
  })

  it('may be values of the one factor that the grid varies', () => {
    const single = [1, 2, 3].flatMap((seed) =>
      [32, 64].map((hidden) =>
        foundTrial({ ...{ label: `hidden=${hidden}`, seed }, variant: { 'model.encoder.hidden': hidden } }),
      ),
    )
    expect(judged([claim({ left: '32', right: '64' })], single)[0]).toMatchObject({
      ...{ leftVariants: ['hidden=32'], rightVariants: ['hidden=64'] },
    })
    expect(judged([claim({ left: 'gru', right: 'elman' })])[0]?.evidence).toContain('no group has both variants')
  })

  it('are averaged over what they do not name', () => {
    const [found] = judged([claim({ left: gru, right: elman })])
    // Seed by seed (1 + 1) / 2, (2 + 0) / 2, (3 + 1) / 2 of 20 against 12 more.
    expect(found).toMatchObject({
      ...{ verdict: 'supported', leftVariants: ['gru, hidden=32', 'gru, hidden=64'] },
      averagedOver: [{ path: 'model.encoder.hidden', values: ['32', '64'] }],
    })
    expect(found?.evidence).toMatch(
      /^PER differs by -60\.0 points \(95 % interval .*, corrected for 3 pairs\); averaged over model\.encoder\.hidden \(32, 64\), seed by seed \(3 seeds each\)$/,
    )
    const named = { ...gru, 'model.encoder.hidden': 32 }
    const [one] = judged([claim({ left: named, right: { ...elman, 'model.encoder.hidden': 32 } })])
    expect(one?.averagedOver).toEqual([])
    expect(one?.evidence).toContain('corrected for 15 pairs')
  })

  it('leave out variants without a counterpart, and seeds that not every setting has', () => {
    const without = (label: string, seed?: number) =>
      study.filter(({ record }) => record.label !== label || (seed !== undefined && record.seed !== seed))
    const [unmatched] = judged([claim({ left: gru, right: elman })], without('gru, hidden=32'))
    expect(unmatched?.leftVariants).toEqual(['gru, hidden=64'])
    expect(unmatched?.evidence).toMatch(
      /points .*; without elman, hidden=32, which only one side has \(3 seeds each\)$/,
    )
    const [fewer] = judged([claim({ left: gru, right: elman })], without('gru, hidden=32', 2))
    expect(fewer?.evidence).toContain(
      'averaged over model.encoder.hidden (32, 64), seed by seed; without the seeds that not every setting has (2 and 3 seeds)',
    )
    const nothing = study.filter(({ record }) => ['gru, hidden=32', 'elman, hidden=64'].includes(record.label))
    expect(judged([claim({ left: gru, right: elman })], nothing)[0]?.evidence).toBe(
      'no setting that neither side names has finished trials on both sides',
    )
    const apart = study
      .filter(({ record: { label, seed } }) => label !== 'gru, hidden=32' || seed === 1)
      .filter(({ record: { label, seed } }) => label !== 'gru, hidden=64' || seed === 2)
    expect(judged([claim({ left: gru, right: elman })], apart)[0]?.evidence).toBe(
      'no seed has finished under every setting that a side is averaged over',
    )
  })

  it('of several variants of one setting are averaged over these', () => {
    const varied = ['gru', 'lstm'].flatMap((cell) =>
      [1, 2].flatMap((seed) =>
        [1, 2].map((at) => trialOf(cell, 32, seed, [at, cell === 'gru' ? seed : 9], { label: `${cell} ${at}` })),
      ),
    )
    const [found] = judged([claim({ left: gru, right: { 'model.encoder.cell': 'lstm' } })], varied)
    expect(found?.evidence).toMatch(/; averaged over the variants of a side, seed by seed \(2 seeds each\)$/)
  })

  it('need the metric', () => {
    const none = 'no trial has a test wer; available: per'
    expect(judged([claim({ left: 'gru, hidden=32', right: 'lstm, hidden=32', metric: 'wer' })])[0]?.evidence).toBe(none)
    expect(judged([claim({ left: gru, right: elman, metric: 'wer' })])[0]?.evidence).toBe(none)
  })

  it('need a value of both, or the reason is said', () => {
    const empty = (more: FoundOptions = {}) =>
      [1, 2].map((seed) => {
        const trial = trialOf('elman', 32, seed, [1, 2], more)
        return { ...trial, statistics: { per: { ...trial.statistics.per, data: new Float64Array(4) } } } as typeof trial
      })
    const rest = study.filter(({ record }) => record.label !== 'elman, hidden=32')
    const pair = claim({ left: 'gru, hidden=32', right: 'elman, hidden=32' })
    expect(judged([pair], [...rest, ...empty()])[0]?.evidence).toMatch(
      /^the PER of one of the two variants cannot be compared: undefined for seed 1: /,
    )
    expect(judged([claim({ left: gru, right: elman })], [...rest, ...empty()])[0]?.evidence).toMatch(
      /^undefined for seed 1: /,
    )
    const failed = empty({ record: { status: 'failed', metrics: {} } })
    expect(judged([pair], [...rest, ...failed])[0]?.evidence).toBe('one of the two variants has no completed trial')
    // Of the averages a variant without a finished trial is left out.
    expect(judged([claim({ left: gru, right: elman })], [...rest, ...failed])[0]?.evidence).toContain(
      'without gru, hidden=32, which only one side has',
    )
  })

  it('are judged once, however many studies state the same', () => {
    const again = study.map((trial) => ({
      ...trial,
      names: [
        ...trial.names,
        { study: 'other', folder: 'runs/other', label: trial.record.label, variant: trial.record.variant },
      ],
    }))
    const claims = [claim({ left: 'gru, hidden=32', right: 'elman, hidden=32' })]
    expect(judged(claims, again, ['cells', 'other'])).toHaveLength(1)
    expect(judged(claims, again, ['cells', 'unknown'])).toHaveLength(2)
    expect(judged([...claims, claim({ left: 'gru, hidden=64', right: 'elman, hidden=64' })], again)).toHaveLength(2)
  })

  it('are equivalent within a margin, corrected among the claims over the same metric', () => {
    const margin = (left: string, right: string, of: number, more: Partial<Claim> = {}) =>
      claim({ left, right, relation: 'equivalent', margin: of, ...more })
    const [first, second] = judged([
      margin('gru, hidden=64', 'gru, hidden=32', 0.9),
      margin('gru, hidden=32', 'lstm, hidden=32', 0.9),
    ])
    expect(first?.text).toBe('gru, hidden=64 equivalent to gru, hidden=32 in PER (margin 90.0 points)')
    expect(first?.verdict).toBe('supported')
    for (const one of [first, second]) expect(one?.evidence).toContain('corrected for 2 claims')
    const [alone] = judged([
      margin('gru, hidden=64', 'gru, hidden=32', 0.9),
      claim({ left: 'gru, hidden=64', right: 'gru, hidden=32' }),
    ])
    expect(alone?.evidence).not.toContain('corrected for')
    expect(alone?.evidence).toMatch(/^PER differs by -6\.7 points \(90 % interval -[\d.]+ to \d/)
    // Each statistic of a curve is a family of its own, too.
    const lines = (seed: number, hidden: number) =>
      [1, 2].map((step) => ({
        ...{ kind: 'validation' as const, step, metrics: {}, best: false },
        loss: seed / step + hidden / 1000,
      }))
    const withCurves = study.map((trial) => ({
      ...trial,
      ...curvesOf(lines(trial.record.seed, Number(trial.record.variant['model.encoder.hidden']))),
    }))
    const over = (at: 'best' | 'last' | undefined, right = 'gru, hidden=32') => ({
      ...{ left: 'gru, hidden=64', right, relation: 'equivalent' as const, margin: 9 },
      ...{ curve: 'validation-loss', ...(at && { at }) },
    })
    const families = (...claims: readonly Claim[]) =>
      judged(claims, withCurves).map(({ evidence }) => /corrected for \d claims/.exec(evidence)?.[0])
    const none = undefined
    expect(families(margin('gru, hidden=64', 'gru, hidden=32', 0.9), over('best'), over('last'), over(none))).toEqual([
      ...[none, none, none, none],
    ])
    const both = 'corrected for 2 claims'
    expect(families(over('best'), over('best', 'lstm, hidden=32'), over('last'))).toEqual([both, both, none])
    const [turned] = judged([margin('gru, hidden=32', 'gru, hidden=64', 0.9)])
    expect(turned?.evidence).toMatch(/^PER differs by \+6\.7 points \(90 % interval -\d[\d.]* to \d/)
    const ends = (text = '') => /interval (-?[\d.]+) to (-?[\d.]+)/.exec(text)?.slice(1).map(Number) ?? []
    expect(ends(turned?.evidence)).toEqual(
      ends(alone?.evidence)
        .map((end) => -end)
        .reverse(),
    )
    const [open] = judged([claim({ left: 'gru, hidden=64', right: 'gru, hidden=32', relation: 'equivalent' })])
    expect(open?.evidence).toMatch(/equivalence requires a margin$/)
  })

  it('are stated as they were', () => {
    const [found, curve] = judged([
      claim({ left: gru, right: elman, margin: 0.1 }),
      { left: gru, right: elman, curve: 'validation-loss', relation: 'better' },
    ])
    expect(found).toMatchObject({
      ...{ left: gru, right: elman, metric: 'per', curve: null, at: null, relation: 'lower', margin: 0.1 },
      text: 'gru lower than elman in PER (margin 10.0 points)',
    })
    expect(curve).toMatchObject({
      metric: null,
      curve: 'validation-loss',
      at: 'mean',
      margin: null,
      text: 'gru better than elman in mean validation loss',
    })
    expect(curve?.evidence).toBe('seed 1 of gru, hidden=32 has no validation loss')
  })
})
