// The examples of universaldependencies.org/format.html.
import { expect, test } from 'vitest'
import { conllu } from '../../src/data/sources/conllu.js'
import { folder } from '../support/data.js'

const file = `# sent_id = 1
# text = They buy and sell books.
1	They	they	PRON	PRP	Case=Nom|Number=Plur	2	nsubj	2:nsubj|4:nsubj	_
2	buy	buy	VERB	VBP	Number=Plur|Person=3|Tense=Pres	0	root	0:root	_
3	books	book	NOUN	NNS	Number=Plur	2	obj	2:obj	SpaceAfter=No

# text = vámonos al mar
1-2	vámonos	_	_	_	_	_	_	_	_
1	vamos	ir	VERB	_	_	0	root	_	_
2	nos	nosotros	PRON	_	Case=Acc	1	obj	_	_
2.1	left	left	VERB	VBN	_	_	_	_	CopyOf=-1
`

async function read(options: object, content = file) {
  const made = await folder({ x: content })
  try {
    const { train } = await conllu.build({ file: 'x', source: 'FORM', target: 'UPOS', ...options }).read(made)
    return [...train]
  } finally {
    await made.remove()
  }
}

test('words and their tags; what is no word is left out and counted', async () => {
  expect(await read({})).toEqual([
    { source: ['They', 'buy', 'books'], target: ['PRON', 'VERB', 'NOUN'], where: 'x:1' },
    { source: ['vamos', 'nos'], target: ['VERB', 'PRON'], where: 'x:7' },
    { source: '', target: '', where: 'x:1', leftOut: 'comment line' },
    { source: '', target: '', where: 'x:2', leftOut: 'comment line' },
    { source: '', target: '', where: 'x:7', leftOut: 'comment line' },
    { source: '', target: '', where: 'x:8', leftOut: 'multiword token' },
    { source: '', target: '', where: 'x:11', leftOut: 'empty node' },
  ])
})

test('any column or feature', async () => {
  const [first] = await read({ source: 'LEMMA', target: 'FEATS.Case' })
  expect(first).toMatchObject({ source: ['they', 'buy', 'book'], target: ['Nom', '_', '_'] })
  expect((await read({ source: 'XPOS', target: 'MISC.SpaceAfter' }))[0]).toMatchObject({
    source: ['PRP', 'VBP', 'NNS'],
    target: ['_', '_', 'No'],
  })
})

const word = (id: string, form = 'a') => [id, form, ...Array.from({ length: 8 }, () => '_')].join('\t')

test.each([
  [
    'spaces for tabs',
    '1 They they PRON PRP _ 2 nsubj _ _',
    'x:1: the line is not of CoNLL-U; expected 10 columns, separated by tabs, received 1',
  ],
  [
    'a column too few',
    '1\ta\t_',
    'x:1: the line is not of CoNLL-U; expected 10 columns, separated by tabs, received 3',
  ],
  [
    'a number left out',
    `${word('1')}\n${word('3')}`,
    'x:2: the words of a sentence are numbered 1, 2, 3, ...; expected 2, received 3',
  ],
  [
    'a missing blank line',
    `${word('1')}\n${word('1')}`,
    'x:2: the words of a sentence are numbered 1, 2, 3, ...; expected 2, received 1',
  ],
  ['an empty form', word('1', ''), 'x:1: a column is empty; expected `_` for what is not given'],
])('%s is refused', async (_, content, message) => {
  await expect(read({}, `${content}\n`)).rejects.toThrow(message)
})

test('columns that there are not', () => {
  const messages = (source: string) =>
    conllu
      .build({ file: 'x', source, target: 'UPOS' })
      .problems?.({ source: 'tokens', target: 'labels' })
      .map(({ message }) => message)
  expect(messages('LEMA')).toEqual(['there is no column `LEMA`; did you mean `LEMMA`?'])
  expect(messages('UPOS.Case')).toEqual(['the column `UPOS` has no features'])
  expect(messages('FEATS.Case')).toEqual([])
})
