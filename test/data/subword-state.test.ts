import { expect, test } from 'vitest'
import { stateProblem } from '../../src/data/tokenizers/subwords/check-state.js'
import { learnBpe } from '../../src/data/tokenizers/subwords/learn-bpe.js'
import { ownTextRules, type SubwordState } from '../../src/data/tokenizers/subwords/state.js'

const common = { byteFallback: false, fuseUnknown: true, text: ownTextRules } as const
const bpe = (more: Partial<SubwordState> = {}): SubwordState => ({
  ...{ algorithm: 'bpe', pieces: ['a', 'b', 'ab', 'abb'], ...common },
  merges: [
    [0, 1],
    [2, 1],
  ],
  ...more,
})
const unigram = (more: Partial<SubwordState> = {}): SubwordState => ({
  ...{ algorithm: 'unigram', pieces: ['a', 'b', 'ab'], scores: [-1, -2, -3], ...common },
  ...more,
})

test('what was learned is sound', () => {
  expect(stateProblem(bpe())).toBeUndefined()
  expect(stateProblem(bpe({ scores: [1, 2, 3, 4] }))).toBeUndefined()
  expect(stateProblem(unigram())).toBeUndefined()
  expect(stateProblem(learnBpe({ byteFallback: true }, ['ab ab abc'], ''))).toBeUndefined()
})

test.each<[string, SubwordState, string]>([
  ['a piece twice', unigram({ pieces: ['a', 'b', 'a'] }), 'has the piece "a" twice'],
  ['a long one', unigram({ pieces: ['x'.repeat(50), 'x'.repeat(50), 'a'] }), `has the piece "${'x'.repeat(40)}" twice`],
  ['no scores', { algorithm: 'unigram', pieces: ['a'], ...common }, 'has no scores of its pieces'],
  ['a score too few', unigram({ scores: [-1, -2] }), 'has 2 scores for 3 pieces'],
  ['a score too many, of BPE too', bpe({ scores: [1, 2, 3, 4, 5] }), 'has 5 scores for 4 pieces'],
  ['a first half that is none', bpe({ merges: [[4, 1]] }), 'has a merge of pieces that it does not have (step 1)'],
  ['a second half that is none', bpe({ merges: [[0, 9]] }), 'has a merge of pieces that it does not have (step 1)'],
  [
    'a whole that is none',
    bpe({
      merges: [
        [0, 1],
        [1, 0],
      ],
    }),
    'has a merge of pieces that it does not have (step 2)',
  ],
  [
    'rules that are none',
    unigram({ text: { ...ownTextRules, steps: [{ charsmap: 'AAAA' }] } }),
    'has normalisation rules that cannot be read',
  ],
])('%s', (_, state, problem) => {
  expect(stateProblem(state)).toBe(problem)
})
