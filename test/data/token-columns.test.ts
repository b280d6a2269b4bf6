import { expect, test } from 'vitest'
import { conlluSentences } from '../../src/data/reading/conllu.js'
import { sentenceTokens, taggedSentences } from '../../src/data/reading/token-columns.js'

const read = (text: string) => taggedSentences(text.split('\n'), 'f')
const pairs = (text: string) => read(text).filter(({ leftOut }) => leftOut === undefined)

test('with tabs, tokens may have spaces of any kind in them, or be nothing else', () => {
  expect(pairs('San Marino\tB-X\n5\u00a0000\tB-N\n\u3000\tO\n \tO')).toEqual([
    { source: ['San Marino', '5\u00a0000', '\u3000', ' '], target: ['B-X', 'B-N', 'O', 'O'], where: 'f:1' },
  ])
})

test('without tabs, only spaces separate columns', () => {
  expect(pairs('5\u00a0000   NUM  B-N\n\u3000 SYM O')).toEqual([
    { source: ['5\u00a0000', '\u3000'], target: ['B-N', 'O'], where: 'f:1' },
  ])
})

test('a comment begins with # and lacks the columns; a token # stays a token', () => {
  const text = '# id = 7\n#\tO\n#tag\tO\nmore\tO\n#\n\n# a b\nend\tO'
  expect(read(text)).toEqual([
    ...[1, 5].map((line) => ({ source: '', target: '', where: `f:${line}`, leftOut: 'comment line' })),
    { source: ['#', '#tag', 'more'], target: ['O', 'O', 'O'], where: 'f:2' },
    { source: '', target: '', where: 'f:7', leftOut: 'comment line' },
    { source: ['end'], target: ['O'], where: 'f:8' },
  ])
  expect(pairs('# # I-NP\n500 CD I-NP\n# about five words in here').map(({ source }) => source)).toEqual([['#', '500']])
})

test('-DOCSTART- begins a document, and is no token', () => {
  const text = '-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\n-DOCSTART- -X- O O\nrejects VBZ B-VP O'
  expect(pairs(text).map(({ source }) => source)).toEqual([['EU'], ['rejects']])
  expect(read(text).flatMap(({ leftOut }) => leftOut ?? [])).toEqual(['-DOCSTART- line', '-DOCSTART- line'])
})

test.each([
  [
    'a line of other columns',
    'a\tO\nSan Marino\tcity\tO\nb\tO',
    'f:2: the line has a wrong number of columns; expected 2',
  ],
  ['a space for a tab', 'a\tO\nSan Marino O\nb\tO', 'f:2: the line has a wrong number of columns; expected 2'],
  ['an empty token', 'a\tO\n\tO', 'f:2: the token is empty'],
  ['an empty tag', 'a\tO\nb\t', 'f:2: the tag is empty'],
  ['a space that is no separator', 'a\u3000O', 'f:1: the line has no tag'],
])('%s is refused', (_, text, message) => {
  expect(() => read(text)).toThrow(message)
})

const tokensOf = (text: string) => pairs(text).map(({ source }) => source)

test('spaces around columns are none of them; a line of spaces and tabs is blank', () => {
  expect(pairs(' a  O \n\t\nb\tO')).toEqual([
    { source: ['a'], target: ['O'], where: 'f:1' },
    { source: ['b'], target: ['O'], where: 'f:3' },
  ])
})

test('with tabs, a comment may have as many words as there are columns', () => {
  expect(tokensOf('# x\na\tO\n\nb\tO')).toEqual([['a'], ['b']])
  expect(tokensOf('# x\na O')).toEqual([['#', 'a']])
})

test('columns are counted in lines that are neither comments nor the beginnings of documents', () => {
  expect(tokensOf('# a b\n# c d\na O')).toEqual([['a']])
  expect(tokensOf('-DOCSTART- -X- -X- O\n\n-DOCSTART- -X- -X- O\n\na O')).toEqual([['a']])
  expect(tokensOf('#a O\n#b O')).toEqual([['#a', '#b']])
  expect(tokensOf('#a X O\n#b X O')).toEqual([['#a', '#b']])
  expect(tokensOf('#\n#\n#a X O')).toEqual([['#a']])
  expect(tokensOf('-DOCSTART- -X- -X- O\n\n#a O')).toEqual([['#a']])
  expect(() => read('b O\na\na')).toThrow('f:2: the line has no tag')
})

test('the columns are as many as most lines have; of equally many those of the first', () => {
  expect(() => read('a O\nb X O\nc X O')).toThrow(
    'f:1: the line has a wrong number of columns; expected 3, as most lines have, received 2 in "a O"',
  )
  expect(() => read('a O\nb X O')).toThrow('f:2: the line has a wrong number of columns; expected 2')
  expect(() => read('a\tX\t')).toThrow('f:1: the tag is empty, received "a\\tX\\t"')
  expect(pairs('a\t\tO')[0]).toMatchObject({ source: ['a'], target: ['O'] })
})

test('of a long line its beginning is shown', () => {
  const [long, shown] = ['x'.repeat(70), 'x'.repeat(60)]
  expect(() => read(`a O\n${long}`)).toThrow(`expected a token and its tag, or a blank line, received "${shown}"`)
  expect(() => read(`a O\n${long} b O\na O`)).toThrow(`received 3 in "${shown}"`)
  expect(() => read(`${long}\t`)).toThrow(`f:1: the tag is empty, received "${shown}"`)
  expect(() => read(`1 ${long} O\n2 b O`)).toThrow(`received "1 ${shown.slice(2)}"`)
})

test('numbers in the first column are tokens, unless all of them count the tokens of sentences', () => {
  expect(tokensOf('1 N\n2 N\n3 N')).toEqual([['1', '2', '3']])
  expect(tokensOf('a X O\n1 X O\n2 X O')).toEqual([['a', '1', '2']])
  expect(tokensOf('1 X O\n\n1 X O')).toEqual([['1'], ['1']])
  expect(tokensOf('1 X O\n2 X O\n7 X O')).toEqual([['1', '2', '7']])
  expect(tokensOf('2 X O\n3 X O')).toEqual([['2', '3']])
  for (const counted of ['0 a O\n1 b O\n2 c O\n\n0 d O', '1 a O\n1.1 b O\n2 c O', '1-2 ab O\n1 a O\n2 b O']) {
    expect(() => read(counted)).toThrow('f:1: the first column numbers the tokens of each sentence')
  }
})

test('what to do about columns that number tokens', () => {
  const problemOf = (text: string) => {
    try {
      return read(text)
    } catch (error) {
      return error
    }
  }
  expect(problemOf('\n1 a O\n2 b O')).toMatchObject({
    message:
      'f:2: the first column numbers the tokens of each sentence; expected the token in the first column, and its tag in the last, received "1 a O"',
    hint: 'choose the column of the token: tokenColumn: 2',
    problems: [{ place: { file: 'f', line: 2 } }],
  })
  expect(problemOf('# text = a\n1 a O\n2 b O')).toMatchObject({
    hint: 'choose the column of the token: tokenColumn: 2',
    problems: [{ place: { file: 'f', line: 2 } }],
  })
})

const universal = (form: string, at: number) => `${at}\t${form}\t_\tX\t_\t_\t0\troot\t_\t_`

test.each([
  ['with comments', `# sent_id = 1\n${universal('a', 1)}\n${universal('b', 2)}`],
  ['without comments', `${universal('a', 1)}\n${universal('b', 2)}\n\n${universal('c', 1)}`],
  ['with ranges', `${universal('ab', 1).replace('1', '1-2')}\n${universal('a', 1)}\n${universal('b', 2)}`],
])('CoNLL-U %s is recognised', (_, text) => {
  expect(() => read(text)).toThrow('this is a CoNLL-U file, which the source `tagged` does not read')
})

const cells = (form: string, at: number, columns: number) =>
  [`${at}`, form, '_', 'X', ...'_'.repeat(8)].slice(0, columns)
const file = (columns: number, separator: string) => [
  '# sent_id = 1',
  '# text = a b',
  ...['a', 'b'].map((form, at) => cells(form, at + 1, columns).join(separator)),
]

test.each([
  ['four columns', file(4, '\t'), 'other columns are'],
  ['eight columns', file(8, '\t'), 'other columns are'],
  ['eleven columns', file(11, '\t'), 'other columns are'],
  ['ten columns with spaces', file(10, ' '), 'columns separated by spaces are'],
])('of %s: neither source sends to the other what that cannot read', (_, lines, read) => {
  const hint = 'of columns like those of CoNLL-U, tokenColumn: 2 is FORM and tagColumn: 4 UPOS'
  expect(() => taggedSentences(lines, 'f')).toThrow(expect.objectContaining({ hint }))
  const columns = 'tokenColumn: 2 (FORM) and tagColumn: 4 (UPOS)'
  expect(() => conlluSentences(lines, 'f')).toThrow(
    expect.objectContaining({ hint: `${read} read by \`tagged\`, with ${columns}` }),
  )
  const sentences = taggedSentences(lines, 'f', { tokenColumn: 2, tagColumn: 4 })
  expect(sentences.filter(({ leftOut }) => leftOut === undefined)).toEqual([
    { source: ['a', 'b'], target: ['X', 'X'], where: 'f:3' },
  ])
})

test('of three columns, and one broken line of CoNLL-U', () => {
  const hint = 'choose the column of the token: tokenColumn: 2'
  expect(() => read('1\ta\tX\n2\tb\tX')).toThrow(expect.objectContaining({ hint }))
  expect(() => conlluSentences(['1\ta\tX'], 'f')).toThrow(
    expect.objectContaining({ hint: 'other columns are read by `tagged`, with tokenColumn: 2' }),
  )
  expect(() => conlluSentences([universal('a', 1), '2\tb\tX'], 'f')).toThrow(
    expect.objectContaining({ message: expect.stringContaining('f:2: the line is not'), hint: undefined }),
  )
})

test.each([
  ['a\u00a0O', 'a no-break space (U+00A0)'],
  ['a\u3000O', 'U+3000'],
  ['a\u200bO', 'U+200B'],
])('what looks like a space in a line without a tag is named: %s', (text, name) => {
  const hint = `what looks like a space in it is ${name}, which is part of a token: columns are separated by tabs or spaces`
  expect(() => read(text)).toThrow(expect.objectContaining({ hint }))
  expect(() => read('a')).toThrow(expect.objectContaining({ hint: undefined }))
})

test('other numbered tokens are refused, numbers that do not count are tokens', () => {
  expect(() => read('#\thttp://example.org\n1\ta\tO\tO\n2\tb\tO\tO\n\n1\tc\tO\tO')).toThrow(
    'f:2: the first column numbers the tokens of each sentence',
  )
  expect(pairs('7 X N\n3 X N\n\n2 X N')).toHaveLength(2)
})

test('columns by choice', () => {
  const text = '1\tDet\tthe\tDT\n2\tdog\tdog\tNN'
  expect(taggedSentences(text.split('\n'), 'f', { tokenColumn: 2, tagColumn: 4 })).toEqual([
    { source: ['Det', 'dog'], target: ['DT', 'NN'], where: 'f:1' },
  ])
  expect(taggedSentences(text.split('\n'), 'f', { tokenColumn: 3 })[0]?.target).toEqual(['DT', 'NN'])
  expect(() => taggedSentences(text.split('\n'), 'f', { tokenColumn: 2, tagColumn: 5 })).toThrow(
    'f:1: the lines have too few columns; expected at least 5, received 4',
  )
  expect(() => taggedSentences(['a\t\tX'], 'f', { tokenColumn: 1, tagColumn: 2 })).toThrow('f:1: the tag is empty')
})

test('one sentence alone, as a model is given it: comments and documents left out, the width that of its first token', () => {
  const sentence = (text: string, chosen = {}) => sentenceTokens(text.split('\n'), { file: 'f', line: 5 }, chosen)
  const text = '# id = 7\n-DOCSTART- -X- O\nEU NNP\n# $\nrejects VBZ'
  expect(sentence(text)).toEqual({ source: ['EU', '#', 'rejects'] })
  expect(sentence(text, { tokenColumn: 2, factors: { word: 1 } })).toEqual({
    ...{ source: ['NNP', '$', 'VBZ'], factors: { word: ['EU', '#', 'rejects'] } },
  })
  // A comment alone has its own width.
  expect(sentence('#tag')).toEqual({ source: ['#tag'] })
  // A sentence that begins with the token #.
  expect(sentence('# $\n#tag NN')).toEqual({ source: ['#', '#tag'] })
  for (const nothing of ['', ' \n\t', '-DOCSTART- -X- O', '-DOCSTART-\n']) expect(sentence(nothing)).toBeUndefined()
  expect(() => sentence('\nEU NNP\nrejects')).toThrow(
    `f:7: the line has a wrong number of columns; expected 2, as the sentence's first line has, received 1 in "rejects"`,
  )
  expect(() => sentence(' \nEU', { tokenColumn: 2 })).toThrow(
    'f:6: the lines have too few columns; expected at least 2, received 1',
  )
})
