import { describe, expect, test } from 'vitest'
import { loadDataset } from '../../src/data/load.js'
import type { DataOptions } from '../../src/data/options.js'
import { dataProblems, resolveData } from '../../src/data/rules.js'
import type { Column, Dataset, Split } from '../../src/data/types.js'
import { byCharacters, byWords, folder, rowsOf } from '../support/data.js'

const tags = { source: 'tokens', target: 'labels' } as const

const conllu = `# a comment
1	the	_	DET	_	_	_	det	_	_
2	dogs	_	NOUN	_	Number=Plur|Case=Nom	_	nsubj	_	_

1-2	can't	_	_	_	_	_	_	_	_
1	ca	_	AUX	_	Number=Plur	_	aux	_	_
2	run	_	VERB	_	_	_	root	_	_
`

async function load(files: Readonly<Record<string, string>>, options: DataOptions, sides = tags): Promise<Dataset> {
  const { baseDir, remove } = await folder(files)
  try {
    return await loadDataset(options, sides, { baseDir })
  } finally {
    await remove()
  }
}

/** A factor's values of each token of a split. */
function valuesOf({ attributeVocabularies }: Dataset, { attributes }: Split, name: string) {
  const none: Column = { kind: 'ids', data: new Int32Array(), offsets: Int32Array.of(0) }
  const symbols = attributeVocabularies?.[name]?.symbols ?? []
  return rowsOf(attributes?.[name] ?? none).map((row) => row.map((id) => symbols[id]))
}

const sets = (file: string) => ({ train: file, dev: file, test: file })
const factors = { pos: 'UPOS', feats: 'FEATS', number: 'FEATS.Number' }

describe('factors of tokens', () => {
  test('of CoNLL-U: columns, features one by one, and single ones; multiword tokens have none', async () => {
    const data: DataOptions = {
      source: { type: 'conllu', ...sets('a.conllu'), source: 'FORM', target: 'DEPREL', factors },
    }
    const dataset = await load({ 'a.conllu': conllu }, data)
    expect(valuesOf(dataset, dataset.train, 'pos')).toEqual([['DET'], ['NOUN'], ['AUX'], ['VERB']])
    expect(valuesOf(dataset, dataset.train, 'feats')).toEqual([[], ['Number=Plur', 'Case=Nom'], ['Number=Plur'], []])
    // A feature by itself has one value, `_` where a word does not have it.
    expect(valuesOf(dataset, dataset.train, 'number')).toEqual([['_'], ['Plur'], ['Plur'], ['_']])
    // By falling frequency, equal ones by code points.
    expect(dataset.attributeVocabularies?.feats?.symbols.slice(4)).toEqual(['Number=Plur', 'Case=Nom'])
    expect(dataset.factors).toEqual({ pos: {}, feats: { separator: '|' }, number: {} })
  })

  test('a CoNLL file, tsv, csv and jsonl with the same give the same as CoNLL-U', async () => {
    const words = {
      train: [
        ['the dogs', 'det nsubj', 'DET NOUN', '_ Number=Plur|Case=Nom'],
        ['ca run', 'aux root', 'AUX VERB', 'Number=Plur _'],
      ],
    }
    const [first = [], second = []] = words.train
    const separated = { factors: { feats: { separator: '|', minFrequency: 1 } } }
    const columns = 'the DET _ det\ndogs NOUN Number=Plur|Case=Nom nsubj\n\nca AUX Number=Plur aux\nrun VERB _ root\n'
    const object = ([source = '', target = '', pos = '', feats = '']: readonly string[]) =>
      JSON.stringify({ source: source.split(' '), target, pos: pos.split(' '), more: { feats } })
    const files = {
      'a.conllu': conllu,
      'a.conll': columns,
      'a.tsv': `${first.join('\t')}\n${second.join('\t')}\n`,
      'a.csv': `text,tags,pos,feats\n${first.join(',')}\n${second.join(',')}\n`,
      'a.jsonl': `${object(first)}\n${object(second)}\n`,
    }
    const numbered = { sourceColumn: 1, targetColumn: 2, factors: { pos: 3, feats: 4 } }
    const named = { sourceColumn: 'text', targetColumn: 'tags', factors: { pos: 'pos', feats: 'feats' } }
    const keys = { sourceColumn: 'source', targetColumn: 'target', factors: { pos: 'pos', feats: 'more.feats' } }
    const written: readonly DataOptions['source'][] = [
      {
        type: 'conllu',
        ...sets('a.conllu'),
        source: 'FORM',
        target: 'DEPREL',
        factors: { pos: 'UPOS', feats: 'FEATS' },
      },
      { type: 'tagged', ...sets('a.conll'), format: 'columns', target: 'tags', factors: { pos: 2, feats: 3 } },
      { type: 'tsv', ...sets('a.tsv'), ...numbered },
      { type: 'csv', ...sets('a.csv'), ...named, separator: ',' },
      { type: 'jsonl', ...sets('a.jsonl'), ...keys },
    ]
    const datasets: Dataset[] = []
    for (const source of written) datasets.push(await load(files, { source, ...separated }))
    expect(new Set(datasets.map(({ digests }) => digests.training)).size).toBe(1)
    expect(new Set(datasets.map(({ digests }) => digests.test)).size).toBe(1)
  })

  const inline = (pos: string, more: Partial<DataOptions> = {}): DataOptions => {
    const example = { source: 'a b c', target: 'x y z', factors: { pos } }
    const held = [{ source: 'a b c', target: 'x y z', factors: { pos: 'N Q V' } }]
    return { source: { type: 'inline', train: [example], dev: held, test: held }, ...more }
  }

  test('unknown values are counted; rare ones are unknown; a cut source has as many as tokens', async () => {
    const dataset = await load({}, inline('N N V', { sourceTokens: { ...byWords, maxLength: 3 } }))
    expect(valuesOf(dataset, dataset.dev, 'pos')).toEqual([['N'], ['<unk>'], ['V']])
    expect(dataset.counts.unknownTokens).toEqual({ 'dev pos': 1, 'test pos': 1 })
    const rare = await load({}, inline('N N V', { factors: { pos: { minFrequency: 2 } } }))
    expect(valuesOf(rare, rare.train, 'pos')).toEqual([['N'], ['N'], ['<unk>']])
    const held = { source: 'a b c d e', target: 'x y z x y', factors: { pos: 'N V N V N' } }
    const [train] = [{ source: 'a b', target: 'x y', factors: { pos: 'N V' } }]
    const cut = await load(
      {},
      {
        source: { type: 'inline', train: [train], dev: [held], test: [held] },
        sourceTokens: { ...byWords, maxLength: 2 },
      },
    )
    expect(valuesOf(cut, cut.dev, 'pos')).toEqual([['N'], ['V']])
  })

  test('they are of the digests, and of what an example is', async () => {
    const [own, other] = [await load({}, inline('N N V')), await load({}, inline('N V N'))]
    expect(other.digests.training).not.toBe(own.digests.training)
    const { factors: _, ...bare } = { source: 'a b c', target: 'x y z', factors: {} }
    const plain = await load({}, { source: { type: 'inline', train: [bare], dev: [bare], test: [bare] } })
    expect(plain.train.attributes).toBeUndefined()
    expect(plain.digests.training).not.toBe(own.digests.training)
    // The same source with other factors is another example.
    const [left, right] = ['N N V', 'V N N'].map((pos) => ({ source: 'a b c', target: 'x y z', factors: { pos } }))
    if (left === undefined || right === undefined) throw new RangeError('two examples')
    const grouped = { type: 'inline', train: [left], dev: [left, right, left], test: [right] } as const
    const { dev, counts } = await load({}, { source: grouped, references: 'grouped' })
    expect(dev.size).toBe(2)
    expect(counts.seenInTraining).toEqual({ dev: 1 })
  })

  test('another number than there are tokens is said in its place', async () => {
    await expect(load({}, inline('N V'))).rejects.toThrow(
      'inline train example 1: each source token needs one pos (data.source.factors); expected 3 for "a b c", received 2 in "N V"',
    )
  })
})

const of = (options: DataOptions) => dataProblems(options, tags).map(({ path, message }) => `${path}: ${message}`)
const ofConllu = (factors: Record<string, string>, more: Partial<DataOptions> = {}): DataOptions => ({
  source: { type: 'conllu', file: 'a', source: 'FORM', target: 'UPOS', factors },
  ...more,
})

describe('what cannot be is refused in its place', () => {
  test('columns that there are not, and names that mean something else', () => {
    expect(
      of(ofConllu({ pos: 'UPSO', x: 'FORM.Case', characters: 'FORM', constructor: 'FORM', 'a b': 'XPOS' })),
    ).toEqual([
      'data.source.factors.characters: `characters` cannot name a factor: it means something else',
      'data.source.factors.constructor: `constructor` cannot name a factor: it means something else',
      'data.source.factors.a b: `a b` cannot name a factor',
      'data.source.factors.pos: there is no column `UPSO`; did you mean `UPOS`?',
      'data.source.factors.x: the column `FORM` has no features',
    ])
    const atis = { type: 'tagged', file: 'a', format: 'atis', target: 'tags', factors: { pos: 2 } } as const
    expect(of({ source: atis })).toEqual(['data.source.factors: the format atis has no columns to choose from'])
  })

  test('how to read a factor that there is not, and pieces of words', () => {
    const read = { poss: { minFrequency: 2 } }
    const message = 'data.factors.poss: the source gives no factor `poss`; did you mean `pos`?'
    const data = ofConllu({ pos: 'UPOS' }, { factors: read })
    expect(of(data)).toEqual([message])
    expect(of(resolveData(data, tags))).toEqual([message])
    const expected = (factors: Record<string, string>) =>
      dataProblems(ofConllu(factors, { factors: read }), tags).map((problem) => problem.expected)
    expect([expected({ pos: 'UPOS' }), expected({})]).toEqual([['`pos`'], ['none']])
    const file = { type: 'tokenizer-file', path: 'x' } as const
    const pieces = { ...file, lowercase: false, normalise: 'none', minFrequency: 1 } as const
    const classes = dataProblems(ofConllu({ pos: 'UPOS' }, { sourceTokens: pieces }), {
      source: 'tokens',
      target: 'label',
    })
    expect(classes.map(({ message }) => message)).toContain(
      'factors are of whole tokens, and tokenizer-file cuts words into pieces',
    )
  })

  test('inline examples that have others than the first, or links that are none', () => {
    const [a, b] = [
      { source: 'a', target: 'x', factors: { pos: 'N' } },
      { source: 'b', target: 'y' },
    ]
    expect(of({ source: { type: 'inline', train: [a, ['c', 'z'], b], dev: [a], test: [a] } })).toEqual([
      'data.source.train.1: the example has other factors than the first',
    ])
    const linked = { source: 'a', target: 'x', alignment: '0:0' }
    const sides = { source: 'tokens', target: 'tokens' } as const
    const found = dataProblems({ source: { type: 'inline', examples: [linked] } }, sides)
    expect(found.map(({ path }) => path)).toEqual(['data.source.examples.0.alignment'])
    expect(of({ source: { type: 'inline', examples: [{ ...linked, alignment: '0-0' }] } })).toEqual([
      'data.source: this task has no second sequence that the source is aligned with',
    ])
  })
})

test('options of factors are filled in: what separates FEATS is known of the format', () => {
  const { factors } = resolveData(
    ofConllu({ feats: 'FEATS', pos: 'UPOS' }, { factors: { pos: { minFrequency: 3 } } }),
    tags,
  )
  expect(factors).toEqual({ feats: { separator: '|', minFrequency: 1 }, pos: { minFrequency: 3 } })
})

test('characters and factors are next to each other', async () => {
  const example = { source: 'ab c', target: 'x y', factors: { pos: 'N V' } }
  const { train } = await load(
    {},
    {
      source: { type: 'inline', train: [example], dev: [example], test: [example] },
      characters: { minFrequency: 1, maxLength: 8 },
      sourceTokens: byWords,
    },
  )
  expect(Object.keys(train.attributes ?? {})).toEqual(['characters', 'pos'])
  // Of tokens that are characters each has its factor too.
  const spelt = { source: 'ab', target: 'x y', factors: { pos: 'N V' } }
  const each = { source: { type: 'inline', train: [spelt], dev: [spelt], test: [spelt] }, sourceTokens: byCharacters }
  expect((await load({}, each as DataOptions)).train.attributes?.pos?.data.length).toBe(2)
})
