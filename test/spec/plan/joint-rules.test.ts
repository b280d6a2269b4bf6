import { expect, test } from 'vitest'
import { readable } from '../../../src/core/judge.js'
import { jointProblems } from '../../../src/spec/plan/joint-rules.js'
import { taggerText, transducerText, unchecked } from './loaded.js'

function problemsOf(text: string, ...invalid: readonly string[]) {
  return jointProblems(readable(unchecked(text).spec, invalid))
}

test('untied weights want plain gradient descent without clipping', () => {
  const shared = taggerText.replace('optimizer: sgd', 'optimizer: adam, clipNorm: 1')
  expect(problemsOf(shared)).toEqual([])
  const untied = (text: string) =>
    text.replace('hidden: 3', 'hidden: 3, unroll: { type: untied, length: 4, merge: sum }')
  expect(problemsOf(untied(taggerText))).toEqual([])
  expect(problemsOf(untied(shared))).toEqual([
    {
      path: 'train.optimizer',
      message: 'copies of weights at each time step must be trained by plain gradient descent, not adam',
      expected: 'sgd, or model.encoder.unroll: shared',
      received: 'adam',
    },
    {
      path: 'train.clipNorm',
      message: "clipping would scale the copies' gradients by a norm that shared weights do not have",
      expected: 'no clipNorm, or model.encoder.unroll: shared',
    },
  ])
  for (const section of ['model', 'train']) expect(problemsOf(untied(shared), section)).toEqual([])
  expect(problemsOf(untied(shared), 'data')).toHaveLength(2)
})

test('factors that the data have and those that the model reads are the same', () => {
  const given = (read: string) =>
    taggerText
      .replace(/examples: .*?\]\] ?\}/s, 'examples: [{ source: a, target: x, factors: { pos: N } }] }')
      .replace('size: 2 }', `size: 2 }${read}`)
  expect(problemsOf(given(', factors: { pos: one-hot }'))).toEqual([])
  expect(problemsOf(given(''))).toEqual([
    {
      path: 'data.source',
      message: 'nothing reads the factor pos',
      expected: '`model.source.factors.pos`, or no such factor',
    },
  ])
  expect(problemsOf(given(', factors: { poss: one-hot, pos: one-hot }'))).toEqual([
    {
      path: 'model.source.factors.poss',
      message: 'the model reads the factor poss, and the data have none of that name; did you mean `pos`?',
      expected: '`pos`',
    },
  ])
  const named = taggerText.replace(/\{ type: inline.*?\]\] \}/, '{ type: conllu, file: x, factors: { pos: UPOS } }')
  expect(problemsOf(named)).toEqual([
    {
      path: 'data.source.factors.pos',
      message: 'nothing reads the factor pos',
      expected: '`model.source.factors.pos`, or no such factor',
    },
  ])
  expect(problemsOf(taggerText.replace('size: 2 }', 'size: 2 }, factors: { pos: one-hot }'))).toEqual([
    {
      path: 'model.source.factors.pos',
      message: 'the model reads the factor pos, and the data have none of that name',
      expected: 'a source with factors: conllu, tagged, tsv, csv or jsonl (factors: { name: column }), or inline',
    },
  ])
})

test('characters are read where they are asked for', () => {
  const asked = taggerText.replace(']] }', ']] }, characters: { maxLength: 8 }')
  expect(problemsOf(asked)).toEqual([
    {
      path: 'data.characters',
      message: 'nothing reads these characters',
      expected: 'model.source.characters: bilstm or cnn, or no data.characters',
    },
  ])
  const read = ', characters: { type: cnn, embedding: 2, filters: 2 }'
  for (const text of [asked, taggerText]) expect(problemsOf(text.replace('size: 2 }', `size: 2 }${read}`))).toEqual([])
})

test('the head that there is can be smoothed', () => {
  expect(problemsOf(transducerText.replace('steps: 100', 'steps: 100, labelSmoothing: 0.1'))).toEqual([])
})

test('a word-vector file and an embedding that starts from it need each other, on each side', () => {
  const text = (side: string, file: boolean, starts: boolean) => {
    const data = file
      ? transducerText.replace(' }\nmodel', ` , vectors: { ${side}: words.txt } }\nmodel`)
      : transducerText
    const embedding = `${side}: { representation: { type: embedding, size: 4`
    return starts ? data.replace(embedding, `${embedding}, start: vectors`) : data
  }
  for (const side of ['source', 'target']) {
    expect(problemsOf(text(side, true, true))).toEqual([])
    expect(problemsOf(text(side, false, false))).toEqual([])
    expect(problemsOf(text(side, true, false))).toEqual([
      {
        path: `data.vectors.${side}`,
        message: 'no representation starts from this file',
        expected: `model.${side}.representation: { type: embedding, start: vectors }`,
      },
    ])
    expect(problemsOf(text(side, false, true))).toEqual([
      {
        path: `model.${side}.representation.start`,
        message: 'the embedding starts from vectors, but data.vectors has no word-vector file',
        expected: `a file in data.vectors.${side}`,
      },
    ])
    for (const section of ['model', 'data']) expect(problemsOf(text(side, true, false), section)).toEqual([])
    expect(problemsOf(text(side, true, false), 'train')).toHaveLength(1)
  }
  const oneHot = taggerText.replace('{ type: embedding, size: 2 }', 'one-hot')
  expect(problemsOf(oneHot.replace(' }\nmodel', ', vectors: { source: words.txt } }\nmodel'))).toMatchObject([
    { path: 'data.vectors.source' },
  ])
})

test('features that are read and the section that reads them need each other', () => {
  const text = (read: boolean, reads: boolean) => {
    const data = read ? taggerText.replace('[a b, x y]', '[a b, x y, f]') : taggerText
    const section = '  features: { representation: { type: embedding, size: 2 }, join: source }\n'
    return reads ? data.replace('  encoder:', `${section}  encoder:`) : data
  }
  expect(problemsOf(text(true, true))).toEqual([])
  expect(problemsOf(text(false, false))).toEqual([])
  expect(problemsOf(text(true, false))).toEqual([
    {
      path: 'data.source',
      message: 'nothing reads these features',
      expected: 'a section model.features, or no column of features',
    },
  ])
  expect(problemsOf(text(false, true))).toEqual([
    {
      path: 'model.features',
      message: 'the model reads features, and the data have none',
      expected: 'a source with features: tsv, csv or jsonl with featuresColumn, or inline with a third text',
    },
  ])
})
