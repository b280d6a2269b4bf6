// What is read of tokenizers' files that the goldens do not have: each rule of theirs by itself.
import { describe, expect, test } from 'vitest'
import { matches } from '../../src/core/checked-json.js'
import { byteSymbols, readBytePiece } from '../../src/data/tokenizers/subwords/byte-level.js'
import { subwordTokenizer } from '../../src/data/tokenizers/subwords/encode.js'
import { fromTokenizerJson } from '../../src/data/tokenizers/subwords/from-json.js'
import { fromSentencepiece } from '../../src/data/tokenizers/subwords/from-sentencepiece.js'
import { ownTextRules, plainScore, SubwordState, type TextRules } from '../../src/data/tokenizers/subwords/state.js'
import { textRulesOf } from '../../src/data/tokenizers/subwords/text-rules.js'
import { wordsOf } from '../../src/data/tokenizers/subwords/words.js'

const bpeModel = { type: 'BPE', vocab: { a: 0, b: 1, ab: 2 }, merges: ['a b'] }
const read = (model: object, more: object = {}) => fromTokenizerJson(JSON.stringify({ model, ...more }))

describe('the model of a tokenizer.json', () => {
  test('merges are texts or pairs', () => {
    const state = read(bpeModel)
    expect(state).toMatchObject({ pieces: ['a', 'b', 'ab'], merges: [[0, 1]] })
    expect(read({ ...bpeModel, merges: [['a', 'b']] })).toEqual(state)
    // The older files name no type.
    expect(read({ ...bpeModel, type: undefined })).toEqual(state)
  })

  test('a piece that begins or ends with a space stands in pairs alone', () => {
    const model = { type: 'BPE', vocab: { ' ': 0, b: 1, ' b': 2 }, merges: [[' ', 'b']] }
    expect(read(model)).toMatchObject({ pieces: [' ', 'b', ' b'], merges: [[0, 1]] })
  })

  test.each([{ continuing_subword_prefix: '##' }, { end_of_word_suffix: '</w>' }])('%j is refused', (marks) => {
    expect(read({ ...bpeModel, ...marks })).toBe('marks pieces within words or their ends')
  })

  test('marks that are nothing are none', () => {
    const state = read({ ...bpeModel, continuing_subword_prefix: '', end_of_word_suffix: null })
    expect(state).toEqual(read(bpeModel))
  })

  test('what else is not supported', () => {
    expect(read({ ...bpeModel, ignore_merges: true })).toBe('takes whole words without merging them (ignore_merges)')
    expect(read(bpeModel, { added_tokens: [{ content: 'x', special: false }] })).toBe(
      'has added tokens that are no special ones',
    )
  })

  test('special and unknown tokens are no pieces', () => {
    const vocab = { '<s>': 0, '<unk>': 1, a: 2, b: 3, ab: 4 }
    const special = { added_tokens: [{ content: '<s>', special: true }] }
    expect(read({ ...bpeModel, vocab, unk_token: '<unk>' }, special)).toEqual(read(bpeModel))
    const unigram = {
      type: 'Unigram',
      vocab: [
        ['<s>', 0],
        ['<unk>', 0],
        ['a', -1.5],
        ['', -2],
      ],
      unk_id: 1,
    }
    expect(read(unigram, special)).toMatchObject({ pieces: ['a'], scores: [-1.5] })
  })

  test('JSON that is damaged, or of something else', () => {
    expect(fromTokenizerJson('{"model": ')).toMatch(/^is no tokenizer.json, or is damaged: /)
    const damaged = 'is no tokenizer.json, or is damaged'
    expect(read({ type: 'BPE', vocab: { a: 0 } })).toBe(damaged)
    expect(read({ type: 'Unigram', vocab: [['a']] })).toBe(damaged)
    expect(read({ type: 'Unigram', vocab: [['a', -1]] }, { pre_tokenizer: { type: 'ByteLevel' } })).toBe(damaged)
    expect(fromTokenizerJson('{"model": []}')).toBe(damaged)
  })
})

describe('normalizers and pre-tokenizers', () => {
  const mark = '▁'
  const rulesOf = (normalizer: unknown, preTokenizer?: unknown) => {
    const rules = textRulesOf(normalizer, preTokenizer)
    return typeof rules === 'string' ? rules : { ...rules.text, byteLevel: rules.byteLevel }
  }
  const plain = { spaces: 'kept', keepsMarks: true, prefix: 'never', words: 'none', byteLevel: false }
  const replace = (pattern: unknown, content: string) => ({ type: 'Replace', pattern, content })

  test.each<[string, unknown, object]>([
    ['none', null, {}],
    ['an empty sequence', { type: 'Sequence', normalizers: [] }, {}],
    ['lower case', { type: 'Lowercase' }, { steps: [{ lowercase: true }] }],
    ...['NFC', 'NFD', 'NFKC', 'NFKD'].map((form): [string, unknown, object] => [
      form,
      { type: form },
      { steps: [{ form }] },
    ]),
    [
      'steps in their order',
      { type: 'Sequence', normalizers: [{ type: 'NFKC' }, { type: 'Lowercase' }] },
      { steps: [{ form: 'NFKC' }, { lowercase: true }] },
    ],
    ['a mark before the text', { type: 'Prepend', prepend: mark }, { prefix: 'always' }],
    ['spaces as marks', replace({ String: ' ' }, mark), {}],
    ['one space at a time', replace({ Regex: ' {2,}' }, ' '), { spaces: 'collapsed' }],
    ['one mark at a time', replace({ Regex: ' {2,}' }, mark), { spaces: 'collapsed' }],
  ])('%s', (_, normalizer, changed) => {
    expect(rulesOf(normalizer)).toEqual({ ...plain, ...changed })
  })

  const kept: TextRules = { spaces: 'kept', prefix: 'never', words: 'none' }

  // As Lowercase().normalize_str of Hugging Face's tokenizers 0.23.3 has them.
  test.each([
    ['ΟΔΟΣ ΣΑΣ', 'οδοσ σασ'],
    ['İẞ', 'i\u0307ß'],
  ])('lower case is that of each character by itself: %s', (text, lower) => {
    expect(wordsOf({ ...kept, steps: [{ lowercase: true }] })(text)).toEqual([lower.replaceAll(' ', mark)])
  })

  test.each<[string, unknown]>([
    ['another prefix', { type: 'Prepend', prepend: 'x' }],
    ['spaces as something else', replace({ String: ' ' }, '_')],
    ['another text', replace({ String: 'x' }, mark)],
    ['spaces by nothing', replace({ Regex: ' {2,}' }, '')],
    ['another expression', replace({ Regex: 'x+' }, ' ')],
    ['no pattern', replace('x', ' ')],
    ['rules that are none', { type: 'Precompiled', precompiled_charsmap: 'AAAA' }],
    ['no rules', { type: 'Precompiled', precompiled_charsmap: null }],
  ])('%s is refused by its step', (_, normalizer) => {
    expect(rulesOf(normalizer)).toBe(`has a step that is not supported: ${JSON.stringify(normalizer).slice(0, 80)}`)
  })

  test('a sequence without its list, and steps that are none', () => {
    for (const step of [{ type: 'Sequence' }, { type: 'Sequence', normalizers: 'NFC' }, 'NFC', { type: 1 }, {}])
      expect(rulesOf(step)).toBe('is no tokenizer.json, or is damaged')
  })

  test.each<[unknown, object]>([
    [{ type: 'WhitespaceSplit' }, { spaces: 'all collapsed' }],
    [
      { type: 'ByteLevel', add_prefix_space: true },
      { keepsMarks: false, prefix: 'unless marked', words: 'gpt-2', byteLevel: true },
    ],
    [
      { type: 'ByteLevel', add_prefix_space: false, use_regex: false },
      { keepsMarks: false, prefix: 'never', words: 'none', byteLevel: true },
    ],
    [
      { type: 'Metaspace', replacement: mark },
      { prefix: 'unless marked', words: 'marks' },
    ],
    [{ type: 'Metaspace', replacement: mark, add_prefix_space: false }, { words: 'marks' }],
    [{ type: 'Metaspace', replacement: mark, prepend_scheme: 'never', add_prefix_space: true }, { words: 'marks' }],
    [
      { type: 'Metaspace', replacement: mark, prepend_scheme: 'always', split: false },
      { prefix: 'unless marked', words: 'none' },
    ],
  ])('%j', (preTokenizer, changed) => {
    expect(rulesOf(undefined, preTokenizer)).toEqual({ ...plain, ...changed })
  })

  test('a Metaspace of another mark', () => {
    expect(rulesOf(null, { type: 'Metaspace', replacement: '_' })).toMatch(/^has a step that is not supported: /)
  })
})

// The characters are those of GPT-2's table: Ġ (U+0120) is the space, Ċ (U+010A) the line end, Ã the byte C3, © the byte A9.
test('bytes as GPT-2 writes them', () => {
  expect(byteSymbols('▁the').join('')).toBe('Ġthe')
  expect(byteSymbols('é\n').join('')).toBe('Ã©Ċ')
  expect(byteSymbols('!~').join('')).toBe('!~')
  expect(byteSymbols('\u00a0\u00ad').join('')).toBe('ÂłÂŃ')
  expect(readBytePiece('Ġthe')).toBe('▁the')
  expect(readBytePiece('Ã©Ċ')).toBe('é\n')
  // Half a character, and a mark that the text itself has: bytes.
  expect(readBytePiece('aÃ')).toBe('<0x61><0xC3>')
  expect(readBytePiece(byteSymbols('\udc01').join(''))).toBe('<0xE2><0x96><0x81>')
})

test('a state is one of the four forms, and has no other steps', () => {
  const state = (step: object) => ({
    ...{ algorithm: 'bpe', pieces: ['a'], byteFallback: false, fuseUnknown: true },
    text: { ...ownTextRules, steps: [step] },
  })
  for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'])
    expect([form, matches(SubwordState, state({ form }))]).toEqual([form, true])
  expect(matches(SubwordState, state({ lowercase: true }))).toBe(true)
  expect(matches(SubwordState, state({ charsmap: 'AAAA' }))).toBe(true)
  expect(matches(SubwordState, state({ form: 'NFX' }))).toBe(false)
  expect(matches(SubwordState, state({ lowercase: false }))).toBe(false)
})

test('a score of -0 is 0, and others stay', () => {
  expect(Object.is(plainScore(-0), 0)).toBe(true)
  expect([plainScore(-1.5), plainScore(1)]).toEqual([-1.5, 1])
})

describe('a sentencepiece model, field by field (sentencepiece_model.proto)', () => {
  /** A length or number of less than 128 is one byte. */
  const bytesField = (number: number, bytes: Uint8Array | readonly number[]) =>
    number < 16
      ? [number * 8 + 2, bytes.length, ...bytes]
      : [((number * 8 + 2) % 128) + 128, Math.floor((number * 8 + 2) / 128), bytes.length, ...bytes]
  const numberField = (number: number, value: number) =>
    number < 16 ? [number * 8, value] : [((number * 8) % 128) + 128, Math.floor((number * 8) / 128), value]
  const floatField = (number: number, value: number) => [
    number * 8 + 5,
    ...new Uint8Array(Float32Array.of(value).buffer),
  ]
  const piece = (text: string, score: number, type?: number) =>
    bytesField(1, [
      ...bytesField(1, new TextEncoder().encode(text)),
      ...floatField(2, score),
      ...(type === undefined ? [] : numberField(3, type)),
    ])
  const model = (pieces: readonly number[], trainer: readonly number[] = [], normalizer: readonly number[] = []) =>
    fromSentencepiece(Uint8Array.from([...pieces, ...bytesField(2, trainer), ...bytesField(3, normalizer)]))
  const two = [...piece('▁a', -1), ...piece('b', -2.5)]

  test('what a file leaves out is as the format has it', () => {
    expect(model(two)).toEqual({
      ...{ algorithm: 'unigram', pieces: ['▁a', 'b'], scores: [-1, -2.5], byteFallback: false, fuseUnknown: true },
      text: { spaces: 'collapsed', keepsMarks: true, prefix: 'always', words: 'marks' },
    })
  })

  test('what it says', () => {
    const given = model(
      two,
      [...numberField(3, 2), ...numberField(35, 1)],
      [...numberField(3, 0), ...numberField(4, 0)],
    )
    expect(given).toMatchObject({ algorithm: 'bpe', byteFallback: true, text: { prefix: 'never', spaces: 'kept' } })
  })

  test('unknown and control symbols are no pieces; bytes are', () => {
    const state = model([...piece('<unk>', 0, 2), ...piece('<s>', 0, 3), ...piece('<0x41>', -9, 6), ...two])
    expect(state).toMatchObject({ pieces: ['<0x41>', '▁a', 'b'], scores: [-9, -1, -2.5] })
  })

  test('pieces that go across words: words are not cut apart first', () => {
    const across = model([...two, ...piece('a▁b', -3)])
    expect(across).toMatchObject({ text: { words: 'none' } })
    if (typeof across === 'string') throw new RangeError(across)
    // What no piece has is one unknown token.
    expect(subwordTokenizer(across)('x a b')).toEqual(['▁x▁', 'a▁b'])
  })

  test.each<[string, string | object, string]>([
    [
      'a piece of its user',
      model([...two, ...piece('x', 0, 4)]),
      'has pieces of its user, or unused ones, which are not supported',
    ],
    [
      'an unused piece',
      model([...two, ...piece('x', 0, 5)]),
      'has pieces of its user, or unused ones, which are not supported',
    ],
    ['a score that is no number', model(piece('a', Number.NaN)), 'is no sentencepiece model, or is damaged'],
    ['an infinite score', model(piece('a', Number.NEGATIVE_INFINITY)), 'is no sentencepiece model, or is damaged'],
    ['a piece of nothing', model(piece('', 0)), 'is no sentencepiece model, or is damaged'],
    [
      'words',
      model(two, numberField(3, 3)),
      'is a sentencepiece model of words or characters: use whitespace or characters',
    ],
    ['marks at the ends', model(two, numberField(24, 1)), 'marks the ends of words, not their beginnings'],
    ['spaces without a mark', model(two, [], numberField(5, 0)), 'leaves spaces as they are, without a mark'],
    ['damaged rules', model(two, [], bytesField(2, [1, 2, 3])), 'has damaged normalisation rules'],
    ['rules that are a number', model(two, [], numberField(2, 1)), 'has damaged normalisation rules'],
  ])('%s', (_, state, why) => {
    expect(state).toBe(why)
  })
})
