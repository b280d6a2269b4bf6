import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { joinTokens, wordMark } from '../../src/core/pieces.js'
import { readBytePiece } from '../../src/data/tokenizers/subwords/byte-level.js'
import { subwordTokenizer } from '../../src/data/tokenizers/subwords/encode.js'
import { fromTokenizerJson } from '../../src/data/tokenizers/subwords/from-json.js'
import { fromSentencepiece } from '../../src/data/tokenizers/subwords/from-sentencepiece.js'
import { learnBpe } from '../../src/data/tokenizers/subwords/learn-bpe.js'
import { learnUnigram } from '../../src/data/tokenizers/subwords/learn-unigram.js'

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

describe.each(['unigram.model', 'bpe.model'])('%s of sentencepiece', (name) => {
  test('cuts as sentencepiece does', () => {
    const state = fromSentencepiece(readFileSync(`test/goldens/tokenizers/${name}`))
    if (typeof state === 'string') throw new RangeError(state)
    const tokenize = subwordTokenizer(state)
    for (const [at, line] of lines.entries()) expect(tokenize(line)).toEqual(goldens.pieces[name][at])
  })
})

/** A piece as GPT-2's table writes it. */
const gpt2 = readBytePiece

test.each(['byte-level.json', 'metaspace.json', 'unigram.json'])('%s: cuts as tokenizers does', (name) => {
  const state = fromTokenizerJson(readFileSync(`test/goldens/tokenizers/${name}`, 'utf8'))
  if (typeof state === 'string') throw new RangeError(state)
  const tokenize = subwordTokenizer(state)
  const known = new Set(state.pieces)
  const named = (piece: string) => (state.byteLevel === true || known.has(piece) ? piece : '<unk>')
  const theirs = (piece: string) => (state.byteLevel === true ? gpt2(piece) : known.has(piece) ? piece : '<unk>')
  for (const [at, line] of lines.entries())
    expect(tokenize(line).map(named)).toEqual(goldens.pieces[name][at].map(theirs))
})

const learners = { bpe: learnBpe, unigram: learnUnigram }

describe.each(Object.entries(learners))('%s', (_, learn) => {
  test('what is cut is joined to what it was, whatever the text', () => {
    const tokenize = subwordTokenizer(learn({ vocabularySize: 450, byteFallback: true }, training, 'data.sourceTokens'))
    const texts = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom(...'▁ a<0x41>ä訳\t') }))
    fc.assert(
      fc.property(texts, (text) => {
        expect(joinTokens(tokenize(text), wordMark)).toBe(text)
      }),
      // Its second half in UTF-16 is what stands for a mark that the text has.
      { examples: [['\u{1bc01}'], ['▁\u{1bc01}▁']] },
    )
  })

  test('learns the same whatever the order of the texts', () => {
    const options = { vocabularySize: 420, byteFallback: true }
    expect(learn(options, training.toReversed(), '')).toEqual(learn(options, training, ''))
  })

  test('a size that cannot be had is refused with what could be', () => {
    const texts = ['ab ab', 'ba', 'abab', 'aabb ab']
    const fit = { byteFallback: false }
    const most = learn(fit, texts, '').pieces.length
    expect(learn({ ...fit, vocabularySize: most }, texts, '').pieces).toHaveLength(most)
    const refusal = (more: object) => () => learn({ ...fit, ...more }, texts, 'data.sourceTokens')
    expect(refusal({ vocabularySize: most + 1 })).toThrow(
      `data.sourceTokens.vocabularySize: so many pieces cannot be learned from the training texts; expected at most ${most}, received ${most + 1}`,
    )
    expect(refusal({ vocabularySize: 200, byteFallback: true })).toThrow(
      'data.sourceTokens.vocabularySize: there are more characters than pieces; expected at least 259 (256 bytes and 3 characters of the training texts), received 200',
    )
  })

  test('special symbols and bytes as they are written are no pieces', () => {
    const { pieces } = learn({ byteFallback: false }, Array(50).fill('<unk> <pad> <0x41> <eos>'), '')
    for (const reserved of ['<unk>', '<pad>', '<0x41>', '<eos>']) expect(pieces).not.toContain(reserved)
  })

  test('without bytes a character that training does not have is unknown, and stays what it is', () => {
    const tokenize = subwordTokenizer(learn({ byteFallback: false }, ['ab ab ab'], ''))
    expect(tokenize('ab xyab').join(' ')).toMatch(/ xy /)
  })
})
