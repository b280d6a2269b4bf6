import { describe, expect, test } from 'vitest'
import { claimProblems, metricsOf } from '../../../../src/spec/plan/study/claims.js'
import type { Claim, LoadedSpec, Spec } from '../../../../src/spec/types.js'
import { variantOf, withEncoder } from '../resolved.js'

/** Taggers of other hidden sizes that validate every 30 of 100 steps. */
function tagger(hidden: number, more: Partial<Spec> = {}, encoder: object = {}): LoadedSpec {
  return variantOf(
    `h${hidden}`,
    { 'model.encoder.hidden': hidden },
    { ...withEncoder({ hidden, ...encoder }), ...more },
  )
}

const { train, metrics } = tagger(3).spec
const validating = (every: number): Partial<Spec> => ({ train: { ...train, validate: { ...train.validate, every } } })

const specs = [tagger(3), tagger(4)]

const problemsOf = (claim: Partial<Claim>, among: readonly LoadedSpec[] = specs) =>
  claimProblems([{ left: 'h3', right: 'h4', relation: 'better', ...claim }], among)

test('claims that can be judged', () => {
  expect(problemsOf({ metric: 'slot-f1' })).toEqual([])
  expect(problemsOf({ metric: 'slot-f1', relation: 'equivalent', margin: 0.1 })).toEqual([])
  expect(problemsOf({ curve: 'validation-loss' })).toEqual([])
  expect(problemsOf({ curve: 'training-loss', at: 'best' })).toEqual([])
  expect(claimProblems([], specs)).toEqual([])
})

test('each claim with its place', () => {
  const claim: Claim = { left: 'h3', right: 'h4', relation: 'better', metric: 'slot-f1' }
  const problems = claimProblems([claim, { ...claim, left: 'h5' }, { ...claim, metric: 'bleu' }], specs)
  expect(problems.map(({ path }) => path)).toEqual(['claims.1.left', 'claims.2.metric'])
})

test('equivalence needs a margin', () => {
  const message = 'equivalence needs a `margin`: the smallest difference of interest'
  expect(problemsOf({ metric: 'slot-f1', relation: 'equivalent' })).toEqual([{ path: 'claims.0', message }])
  expect(problemsOf({ curve: 'training-loss', relation: 'equivalent' })).toEqual([{ path: 'claims.0', message }])
})

test('either a metric or a curve', () => {
  const path = 'claims.0'
  expect(problemsOf({ metric: 'slot-f1', curve: 'training-loss' })).toEqual([
    { path, message: 'a claim has a `metric` or a `curve`, not both' },
  ])
  expect(problemsOf({ metric: 'nothing', curve: 'nothing' })).toHaveLength(1)
  expect(problemsOf({})).toEqual([{ path, message: 'a claim needs a `metric` (on test) or a `curve` (over steps)' }])
  expect(problemsOf({ metric: 'slot-f1', at: 'last' })).toEqual([
    { path: 'claims.0.at', message: '`at` applies to curves; a metric has one value on test' },
  ])
})

describe('a metric or a curve that there is', () => {
  test('in every variant of the study, for metrics', () => {
    const other = tagger(5, { metrics: metrics.slice(0, 1) })
    expect(metricsOf(specs)).toEqual(['token-accuracy', 'slot-f1'])
    expect(metricsOf([...specs, other])).toEqual(['token-accuracy'])
    expect(metricsOf([other, ...specs])).toEqual(['token-accuracy'])
    expect(metricsOf([])).toEqual([])
    expect(problemsOf({ metric: 'slot-f1' }, [...specs, other])).toEqual([
      {
        path: 'claims.0.metric',
        message: 'there is no metric `slot-f1`',
        expected: '`token-accuracy`',
        received: 'slot-f1',
      },
    ])
  })

  test('in the variants of both sides, for curves; in all where a side is wrong', () => {
    const other = tagger(5, { metrics: metrics.slice(0, 1) })
    const all = [...specs, other]
    expect(problemsOf({ curve: 'slot-f1' }, all)).toEqual([])
    expect(problemsOf({ curve: 'slot-f1', right: 'h5' }, all).map(({ path }) => path)).toEqual(['claims.0.curve'])
    expect(problemsOf({ curve: 'slot-f1', right: 'h6' }, all).map(({ path }) => path)).toEqual([
      'claims.0.right',
      'claims.0.curve',
    ])
    expect(problemsOf({ curve: 'validation-los', at: 7 })).toEqual([
      {
        path: 'claims.0.curve',
        message: 'there is no curve `validation-los`; did you mean `validation-loss`?',
        expected: '`validation-loss`, `training-loss`, `token-accuracy` or `slot-f1`',
        received: 'validation-los',
      },
    ])
  })
})

describe('the distance between copies', () => {
  const untied = { unroll: { type: 'untied', length: 4, merge: 'sum' } }
  const copies = [tagger(3, {}, untied), tagger(4, {}, untied)]
  const message = 'neither lower nor higher is better in copies-distance'

  test.each(['better', 'worse'] as const)('is not %s', (relation) => {
    const expected = '`lower`, `higher` or `equivalent`'
    expect(problemsOf({ curve: 'copies-distance', relation }, copies)).toEqual([
      { path: 'claims.0.relation', message, expected, received: relation },
    ])
  })

  test.each(['lower', 'higher', 'equivalent'] as const)('can be %s', (relation) => {
    expect(problemsOf({ curve: 'copies-distance', relation, margin: 1 }, copies)).toEqual([])
    expect(problemsOf({ curve: 'copies-distance', relation, margin: 1, at: 'last' }, copies)).toEqual([])
  })

  test('has no best value', () => {
    expect(problemsOf({ curve: 'copies-distance', relation: 'lower', at: 'best' }, copies)).toEqual([
      { path: 'claims.0.at', message, expected: '`mean`, `last` or a step', received: 'best' },
    ])
  })
})

describe('a step', () => {
  const at = (step: number, curve = 'slot-f1', among: readonly LoadedSpec[] = specs) =>
    problemsOf({ curve, at: step }, among)

  test('at which there is a validation: every 30th, and the last', () => {
    for (const step of [30, 60, 90, 100]) expect(at(step)).toEqual([])
    for (const step of [1, 37, 99, 100]) expect(at(step, 'training-loss')).toEqual([])
  })

  test.each([
    [1, '`30`'],
    [29, '`30`'],
    [31, '`30` or `60`'],
    [91, '`90` or `100`'],
    [101, '`100`'],
    [500, '`100`'],
  ])('%i is none of them', (step, expected) => {
    expect(at(step)).toEqual([
      { path: 'claims.0.at', message: `\`h3\` has no slot-f1 at step ${step}`, expected, received: `${step}` },
    ])
  })

  test('after a training of one step: that one', () => {
    const short = { train: { ...train, steps: 1 } }
    expect(at(2, 'slot-f1', [tagger(3, short), tagger(4, short)])[0]?.expected).toBe('`1`')
  })

  test('is reported of the first variant that lacks it', () => {
    const often = tagger(3, validating(1))
    expect(at(37, 'slot-f1', [often, tagger(4)]).map(({ message }) => message)).toEqual([
      '`h4` has no slot-f1 at step 37',
    ])
  })

  test('is accepted where training is counted in epochs', () => {
    const { steps: _, ...counted } = train
    const epochs = { train: { ...counted, epochs: 2 } }
    expect(at(37, 'slot-f1', [tagger(3, epochs), tagger(4, epochs)])).toEqual([])
  })

  test('of the training loss, at every second of 1,000 steps', () => {
    const long = { train: { ...train, steps: 1000 } }
    const among = [tagger(3, long), tagger(4, long)]
    expect(at(998, 'training-loss', among)).toEqual([])
    expect(at(997, 'training-loss', among)[0]?.expected).toBe('`996` or `998`')
  })
})

test('an effect that could be shown, and a spread that serves something', () => {
  const of = (more: Partial<Claim>) =>
    problemsOf({ metric: 'slot-f1', ...more }).map(({ path, message }) => [path, message])
  expect(of({ effect: 0.02, spread: 0.01 })).toEqual([])
  expect(of({ effect: 0.02, margin: 0.01 })).toEqual([])
  expect(of({ relation: 'equivalent', margin: 0.02, spread: 0.01 })).toEqual([])
  expect(of({ effect: 0.02, margin: 0.02 })).toEqual([
    [
      'claims.0.effect',
      'a difference of this effect would not be beyond the `margin`, so the claim could never be supported',
    ],
  ])
  expect(of({ relation: 'equivalent', margin: 0.02, effect: 0.02 })).toEqual([
    ['claims.0.effect', 'equivalence has its `margin` for the smallest difference that matters'],
  ])
  expect(of({ spread: 0.01 })).toEqual([
    ['claims.0.spread', '`spread` serves to tell the power for an `effect`, and there is none'],
  ])
})

describe('figures in the scale of the metric', () => {
  const told = (claim: Partial<Claim>) =>
    problemsOf(claim).map(({ path, expected, received, hint }) => [path, expected, received, hint])

  test('are those that it can have, on test and as a curve', () => {
    for (const right of [0, 0.53, 0.99]) expect(told({ right, metric: 'slot-f1' })).toEqual([])
    const wrong = [['claims.0.right', '0 to 1', '53', "In the metric's own scale it is 0.53."]]
    expect(told({ right: 53, metric: 'slot-f1' })).toEqual(wrong)
    expect(told({ right: 53, curve: 'slot-f1' })).toEqual(wrong)
    expect(told({ right: -1, metric: 'slot-f1' })).toEqual([['claims.0.right', '0 to 1', '-1', undefined]])
    // A loss has no upper end.
    expect(told({ right: 53, curve: 'validation-loss' })).toEqual([])
  })

  test('leave room for what is claimed', () => {
    const never = (more: Partial<Claim>) => problemsOf({ metric: 'slot-f1', ...more })[0]?.message
    expect(never({ right: 1, relation: 'better' })).toBe(
      'slot-f1 cannot be higher than 1, so the claim could never be supported',
    )
    expect(never({ right: 0, relation: 'worse' })).toContain('slot-f1 cannot be lower than 0')
    expect(never({ right: 0.75, relation: 'higher', margin: 0.25 })).toBe(
      'slot-f1 cannot be higher than 0.75 by more than the `margin` of 0.25, so the claim could never be supported',
    )
    expect(never({ right: 0.25, relation: 'lower', margin: 0.5 })).toContain('cannot be lower than 0.25')
    const room = (more: Partial<Claim>) => problemsOf({ metric: 'slot-f1', ...more })[0]?.expected
    expect(room({ right: 0.75, relation: 'higher', margin: 0.25 })).toBe('below 0.75')
    expect(room({ right: 0.25, relation: 'lower', margin: 0.5 })).toBe('above 0.5')
    expect(room({ right: 1, relation: 'better' })).toBe('below 1')
    // A perplexity is 1 at least: 1.2 leaves 0.2.
    const among = [3, 4].map((hidden) => tagger(hidden, { metrics: [{ type: 'perplexity' }] }))
    const perplexity = (margin: number) =>
      problemsOf({ metric: 'perplexity', right: 1.2, relation: 'lower', margin }, among).map(({ expected }) => expected)
    expect([perplexity(0.1), perplexity(0.3)]).toEqual([[], ['above 1.3']])
    // Lower than 0.5 by more than 0.4 leaves 0 to 0.1.
    expect(told({ right: 0.5, metric: 'slot-f1', relation: 'lower', margin: 0.4 })).toEqual([])
    expect(told({ right: 0.75, metric: 'slot-f1', relation: 'higher', margin: 0.2 })).toEqual([])
    for (const right of [0, 1])
      expect(told({ right, metric: 'slot-f1', relation: 'equivalent', margin: 0.1 })).toEqual([])
    expect(told({ right: 0, metric: 'slot-f1' })).toEqual([])
    expect(told({ right: 1, curve: 'slot-f1', relation: 'worse' })).toEqual([])
  })

  test('are differences below the width of its range', () => {
    const equal = { metric: 'slot-f1', relation: 'equivalent' } as const
    const hint = "In the metric's own scale 5 points are 0.05."
    expect(told({ ...equal, margin: 0.99 })).toEqual([])
    expect(told({ ...equal, margin: 1 })).toEqual([['claims.0.margin', 'below 1', '1', undefined]])
    expect(told({ ...equal, margin: 5 })).toEqual([['claims.0.margin', 'below 1', '5', hint]])
    expect(told({ ...equal, margin: 0.05, spread: 5 })).toEqual([['claims.0.spread', 'below 1', '5', hint]])
    expect(told({ curve: 'slot-f1', effect: 5 })).toEqual([['claims.0.effect', 'below 1', '5', hint]])
    expect(told({ curve: 'validation-loss', effect: 5 })).toEqual([])
    expect(problemsOf({ ...equal, margin: 5 })[0]?.message).toBe(
      '5 is not below the width of what slot-f1 can be, 0 to 1',
    )
  })
})

describe('a metric that the sides measure in two ways', () => {
  const slots = (count: 'conlleval' | 'strict') => ({
    metrics: [{ type: 'slot-f1' as const, scheme: 'auto' as const, count, outside: 'O' }],
  })
  const [lenient, strict] = [tagger(3, slots('conlleval')), tagger(4, slots('strict'))]
  const hint = 'Claim it of variants that measure it under the same options.'
  const message =
    'the sides measure `slot-f1` in two ways, slot-f1 (count: conlleval) and slot-f1 (count: strict), which are not compared with each other'

  test('is refused on test and as a curve, and so is a side that is an average over both', () => {
    const among = [lenient, strict]
    expect(problemsOf({ metric: 'slot-f1' }, among)).toEqual([{ path: 'claims.0.metric', message, hint }])
    expect(problemsOf({ curve: 'slot-f1' }, among)).toEqual([{ path: 'claims.0.curve', message, hint }])
    const averaged = { left: { 'task.type': 'tag' }, right: 0.5, metric: 'slot-f1' }
    expect(problemsOf(averaged, among)).toEqual([{ path: 'claims.0.metric', message, hint }])
    expect(problemsOf({ curve: 'validation-loss' }, among)).toEqual([])
  })

  test('may be more than two', () => {
    const third = {
      ...tagger(5, {
        metrics: [{ type: 'slot-f1' as const, scheme: 'none' as const, count: 'strict' as const, outside: 'O' }],
      }),
    }
    const averaged = { left: { 'task.type': 'tag' }, right: 0.5, metric: 'slot-f1' }
    expect(problemsOf(averaged, [lenient, strict, third])[0]?.message).toBe(
      'the sides measure `slot-f1` in 3 ways, slot-f1 (scheme: auto, count: conlleval), slot-f1 (scheme: auto, count: strict) and slot-f1 (scheme: none, count: strict), which are not compared with each other',
    )
  })

  test('is not told of sides that mean no variant', () => {
    const problems = problemsOf({ left: 'h5', metric: 'slot-f1' }, [lenient, strict])
    expect(problems.map(({ path }) => path)).toEqual(['claims.0.left'])
    const averaged = problemsOf({ left: 'h5', right: { 'task.type': 'tag' }, metric: 'slot-f1' }, [lenient, strict])
    expect(averaged.map(({ path }) => path)).toEqual(['claims.0.left'])
  })

  test('is none where other variants alone have it otherwise', () => {
    const other = { ...tagger(3, slots('strict')), label: 'other' }
    expect(problemsOf({ metric: 'slot-f1' }, [lenient, tagger(4, slots('conlleval')), other])).toEqual([])
  })

  test('is one curve of the same training, which the first variant records', () => {
    const again = { ...tagger(3, slots('strict')), label: 'h4' }
    expect(problemsOf({ curve: 'slot-f1' }, [lenient, again])).toEqual([])
    expect(problemsOf({ metric: 'slot-f1' }, [lenient, again])).toEqual([{ path: 'claims.0.metric', message, hint }])
  })
})

describe('where it is not known which variants there are', () => {
  const problems = (claim: Partial<Claim>) =>
    claimProblems([{ left: 'h3', right: 'h9', relation: 'better', ...claim }], undefined)

  test('a claim is judged by itself alone', () => {
    expect(problems({ metric: 'bleu' })).toEqual([])
    expect(problems({ metric: 'slot-f1', right: 53 })).toEqual([])
    expect(problems({ curve: 'nothing' })).toEqual([])
    expect(problems({ metric: 'slot-f1', relation: 'equivalent' }).map(({ path }) => path)).toEqual(['claims.0'])
    expect(problems({}).map(({ path }) => path)).toEqual(['claims.0'])
  })
})
