import { expect, test } from 'vitest'
import { taggedSentences } from '../../src/data/reading/token-columns.js'

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
  expect(pairs('# # I-NP\n500 CD I-NP\n# about five words in here')).toHaveLength(1)
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

const universal = (form: string, at: number) => `${at}\t${form}\t_\tX\t_\t_\t0\troot\t_\t_`

test.each([
  ['with comments', `# sent_id = 1\n${universal('a', 1)}\n${universal('b', 2)}`],
  ['without comments', `${universal('a', 1)}\n${universal('b', 2)}\n\n${universal('c', 1)}`],
  ['with ranges', `${universal('ab', 1).replace('1', '1-2')}\n${universal('a', 1)}\n${universal('b', 2)}`],
  ['of fewer columns', '# sent_id = 1\n1\ta\tX\n2\tb\tX'],
])('CoNLL-U %s is recognised', (_, text) => {
  expect(() => read(text)).toThrow('this is a CoNLL-U file, which the source `tagged` does not read')
})

test('other numbered tokens are refused, numbers that do not count are tokens', () => {
  expect(() => read('#\thttp://example.org\n1\ta\tO\tO\n2\tb\tO\tO\n\n1\tc\tO\tO')).toThrow(
    'f:2: the first column numbers the tokens of each sentence',
  )
  expect(pairs('7 X N\n3 X N\n\n2 X N')).toHaveLength(2)
})
