import { expect, test } from 'vitest'
import { matchOf, matchProblems } from '../../../../src/spec/plan/study/match-options.js'
import { loadedFrom, taggerText, transducerText } from '../loaded.js'

const specs = [loadedFrom(transducerText), loadedFrom(taggerText)]
const problemsOf = (by: readonly string[], paths: readonly string[] = []) =>
  matchProblems({ match: { parameters: 'first', by: [...by] } } as Parameters<typeof matchProblems>[0], paths, specs)

test('a size that some variants have is one', () => {
  expect(problemsOf(['model.target.representation.size'])).toEqual([])
  // That it is no size is found by changing it.
  expect(problemsOf(['model.context.scorer.type'])).toEqual([])
  expect(problemsOf(['model.encoder.hidden', 'model.decoder.hidden'])).toEqual([])
})

test('one that none has is placed, with the nearest name', () => {
  expect(problemsOf(['model.encoder.hidden', 'model.encoder.hiden'])).toMatchObject([
    { path: 'match.by.1', message: 'there is no size `model.encoder.hiden`; did you mean `model.encoder.hidden`?' },
  ])
})

test('one that the grid varies is not solved for', () => {
  expect(problemsOf(['model.encoder.hidden'], ['model.encoder.hidden'])).toEqual([
    { path: 'match', message: '`model.encoder.hidden` cannot be both varied by the grid and solved for' },
  ])
})

test('without paths the hidden sizes are solved for', () => {
  expect(matchOf({ match: 'parameters' } as Parameters<typeof matchOf>[0])).toEqual({
    parameters: 'first',
    by: ['model.encoder.hidden', 'model.decoder.hidden'],
  })
  expect(matchOf({} as Parameters<typeof matchOf>[0])).toBeUndefined()
})
