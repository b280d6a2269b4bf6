import { expect, test } from 'vitest'
import { repeatedClaims } from '../../../../src/spec/plan/study/repeated-claims.js'
import type { Claim } from '../../../../src/spec/types.js'
import { variantOf, withEncoder } from '../resolved.js'

const variant = (label: string, hidden: number, batchSize: number) => {
  const spec = withEncoder({ hidden })
  return variantOf(
    label,
    { 'model.encoder.hidden': hidden, 'train.batchSize': batchSize },
    { ...spec, train: { ...spec.train, batchSize } },
  )
}

const specs = [variant('z', 3, 2), variant('b', 3, 4), variant('c', 4, 2), variant('a', 4, 4)]
const claim: Claim = { left: 'z', right: 'c', relation: 'better', metric: 'slot-f1' }
/** Whether the second claims what the first does. */
const isAgain = (first: Partial<Claim>, second: Partial<Claim>) =>
  repeatedClaims(
    [
      { ...claim, ...first },
      { ...claim, ...second },
    ],
    specs,
    (path) => `at ${path}`,
  ).length > 0

test('the second of two claims is the one too many, and the first is named', () => {
  expect(repeatedClaims([claim, { ...claim, left: 'b' }, claim], specs, (path) => `at ${path}`)).toEqual([
    {
      path: 'claims.2',
      message: 'claims what `claims.0` (at claims.0) claims already',
      hint: 'Leave one of the two out: it would count twice.',
    },
  ])
})

test('exchanged sides with the opposite relation are the same claim', () => {
  const exchanged = { left: 'c', right: 'z' }
  expect(isAgain({}, { ...exchanged, relation: 'worse' })).toBe(true)
  expect(isAgain({}, { ...exchanged, relation: 'lower' })).toBe(true)
  expect(isAgain({}, { ...exchanged, relation: 'better' })).toBe(false)
  expect(isAgain({ relation: 'equivalent', margin: 0.1 }, { ...exchanged, relation: 'equivalent', margin: 0.1 })).toBe(
    true,
  )
  // A claim of a side against itself is no less one that stands twice.
  expect(isAgain({ right: 'z' }, { right: 'z' })).toBe(true)
  expect(isAgain({ right: 'z' }, { right: 'z', relation: 'worse' })).toBe(false)
})

test('another measure, place, margin or figure is another claim', () => {
  const curve = { metric: undefined, curve: 'validation-loss' } as unknown as Partial<Claim>
  expect(isAgain({}, { metric: 'token-accuracy' })).toBe(false)
  expect(isAgain({}, curve)).toBe(false)
  expect(isAgain(curve, { ...curve, curve: 'training-loss' })).toBe(false)
  expect(isAgain(curve, { ...curve, at: 'mean' })).toBe(true)
  expect(isAgain(curve, { ...curve, at: 'best' })).toBe(false)
  expect(isAgain({ ...curve, at: 'best' }, { ...curve, at: 'last' })).toBe(false)
  expect(isAgain({}, { margin: 0 })).toBe(true)
  expect(isAgain({}, { margin: 0.1 })).toBe(false)
  expect(isAgain({ right: 0.5 }, { right: 0.5 })).toBe(true)
  expect(isAgain({ right: 0.5 }, { right: 0.25 })).toBe(false)
  expect(isAgain({ right: 0.5 }, { right: 0.5, left: 'b' })).toBe(false)
  expect(isAgain({}, { effect: 0.1, spread: 0.2 })).toBe(true)
})

test('a side is the variants that it means, however they are named and ordered', () => {
  expect(isAgain({}, { left: { 'model.encoder.hidden': 3, 'train.batchSize': 2 } })).toBe(true)
  expect(isAgain({}, { left: { 'model.encoder.hidden': 3 } })).toBe(false)
  // All of hidden size 4 are c and a, in whichever order the labels stand.
  const four = { 'model.encoder.hidden': 4 }
  expect(isAgain({ left: four, right: 0.5 }, { left: { ...four }, right: 0.5 })).toBe(true)
  const settings = { 'model.encoder.hidden': 3, 'train.batchSize': 2 }
  expect(isAgain({ right: 0.5 }, { left: settings, right: 0.5 })).toBe(true)
  // Of what means no variant, what is written decides.
  expect(isAgain({ left: 'none' }, { left: 'none' })).toBe(true)
  expect(isAgain({ left: 'none' }, { left: 'nothing' })).toBe(false)
})
