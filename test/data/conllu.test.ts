// The examples of universaldependencies.org/format.html.
import { describe, expect, test } from 'vitest'
import { loadDataset } from '../../src/data/load.js'
import type { DataOptions } from '../../src/data/options.js'
import { conllu } from '../../src/data/sources/conllu.js'
import type { Sides } from '../../src/data/types.js'
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

describe('a feature that no token has', () => {
  const labels: Sides = { source: 'tokens', target: 'labels' }
  const load = async (options: object) => {
    const made = await folder({ x: `${file}\n${file}\n${file}` })
    const source = { type: 'conllu', train: 'x', dev: 'x', test: 'x', source: 'FORM', target: 'UPOS', ...options }
    try {
      return await loadDataset({ source } as DataOptions, labels, made)
    } finally {
      await made.remove()
    }
  }

  test('is an error at the option that chooses it, with the features that there are', async () => {
    await expect(load({ target: 'FEATS.case', factors: { c: 'FEATS.Cas', d: 'MISC.Case' } })).rejects.toMatchObject({
      code: 'data',
      problems: [
        {
          path: 'data.source.target',
          message: 'no token has the feature `case` in FEATS; did you mean `Case`?',
          expected: '"Case", "Number", "Person", "Tense"',
        },
        { path: 'data.source.factors.c', message: expect.stringContaining('did you mean `Case`?') },
        { path: 'data.source.factors.d', message: 'no token has the feature `Case` in MISC', expected: '"SpaceAfter"' },
      ],
    })
  })

  test('where no token has any', async () => {
    const made = await folder({ x: `${word('1')}\n\n${word('1')}\n` })
    const source = conllu.build({ file: 'x', source: 'FORM', target: 'FEATS.Case' })
    expect((await source.read(made)).absent).toEqual([
      {
        path: 'data.source.target',
        message: 'no token has the feature `Case` in FEATS',
        expected: 'a column: no token has any feature in FEATS',
      },
    ])
    await made.remove()
  })

  test('one that some tokens have is `_` elsewhere, and none of a test set alone', async () => {
    expect((await load({ target: 'FEATS.Tense' })).targetVocabulary?.symbols).toEqual(['_', 'Pres'])
    expect(await read({ target: 'FEATS.Abbr' })).toHaveLength(7)
  })

  test('nothing behind the dot is an error of the spec', () => {
    const problems = (target: string) => conllu.build({ file: 'x', source: 'FORM', target }).problems?.(labels)
    expect(problems('FEATS.')).toEqual([
      { path: 'target', message: 'no feature is named', expected: '`FEATS.` and a name', received: 'FEATS.' },
    ])
    expect(problems('FEATS.Case.')).toEqual([])
  })
})
