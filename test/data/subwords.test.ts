import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { joinTokens, wordMark } from '../../src/core/pieces.js'
import { subwordTokenizer } from '../../src/data/tokenizers/subwords/encode.js'
import { learnBpe } from '../../src/data/tokenizers/subwords/learn-bpe.js'

const goldens = JSON.parse(readFileSync('test/goldens/tokenizers/goldens.json', 'utf8'))
const lines: readonly string[] = goldens.lines
const training = lines.slice(0, 400).map((line) => line.replaceAll('▁', '_'))

test('BPE learns and encodes what the BPE of tokenizers does', () => {
  const characters = new Set(training.flatMap((line) => [...line.replaceAll(' ', wordMark)]))
  expect(characters.size).toBeLessThan(600)
  const state = learnBpe({ vocabularySize: 600, byteFallback: false }, training, 'data.sourceTokens')
  expect(state.merges?.map(([left, right]) => [state.pieces[left], state.pieces[right]])).toEqual(goldens.learnedBpe)
  expect(training.map(subwordTokenizer(state))).toEqual(goldens.learnedBpePieces)
})

test('pieces are joined to the text that they were cut from', () => {
  const state = learnBpe({ vocabularySize: 700, byteFallback: true }, training, 'data.sourceTokens')
  const tokenize = subwordTokenizer(state)
  for (const line of lines) expect(joinTokens(tokenize(line), wordMark)).toBe(line)
})
