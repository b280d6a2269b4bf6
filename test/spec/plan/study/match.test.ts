import { expect, test } from 'vitest'
import { countParameters, modelOf } from '../../../../src/spec/plan/parameters.js'
import { matchParameters } from '../../../../src/spec/plan/study/match.js'
import type { LoadedSpec } from '../../../../src/spec/types.js'
import { loadedFrom, taggerText, transducerText } from '../loaded.js'

const sizes = { source: { vocabulary: 6 }, target: { vocabulary: 5 }, longestSource: 9, longestTarget: 9 }
const by = ['model.encoder.hidden']

const matched = (specs: readonly LoadedSpec[], parameters: number | 'first', paths: readonly string[] = by) =>
  matchParameters(new Map(specs.map((spec) => [spec, sizes])), { parameters, by: paths })

/** A tagger of hidden size h has 12 + 2 h + h^2 + h + 5 h + 5 = (h + 4)^2 + 1 parameters. */
const tagger = (hidden: number, label = `h${hidden}`) =>
  loadedFrom(taggerText.replace('hidden: 3', `hidden: ${hidden}`), label)

test('the others get as many parameters as the first', () => {
  const { specs, matched: chosen, problems } = matched([tagger(40), tagger(3)], 'first')
  expect(problems).toEqual([])
  expect(specs.map(({ spec, label }) => [label, spec.model.encoder?.hidden])).toEqual([
    ['h40', 40],
    ['h3', 40],
  ])
  const sizesChosen = { 'model.encoder.hidden': 40 }
  expect(chosen).toEqual([
    { label: 'h40', sizes: sizesChosen, parameters: 44 ** 2 + 1, wanted: 44 ** 2 + 1 },
    { label: 'h3', sizes: sizesChosen, parameters: 44 ** 2 + 1, wanted: 44 ** 2 + 1 },
  ])
  expect(matchParameters(new Map(), { parameters: 'first', by })).toEqual({ specs: [], matched: [], problems: [] })
})

test.each([1, 2, 17, 64, 1000])('a size of %i is found from its number of parameters', (hidden) => {
  const [spec] = matched([tagger(3)], (hidden + 4) ** 2 + 1).specs
  expect(spec?.spec.model.encoder?.hidden).toBe(hidden)
})

test('the nearest size, above or below, within 1 %', () => {
  // 104^2 + 1 = 10,817 and 105^2 + 1 = 11,026.
  const sizeFor = (wanted: number) => matched([tagger(3)], wanted).specs[0]?.spec.model.encoder?.hidden
  expect([10_817, 10_910, 10_930, 11_026].map(sizeFor)).toEqual([100, 100, 101, 101])
  // 10^2 + 1 is 1 % more than 100 and 0.98 % less than 102; of 103 and 99 it is too far.
  expect([100, 102, 103, 99].map(sizeFor)).toEqual([6, 6, undefined, undefined])
  // 14^2 + 1 = 197 is 1.005 % less than 199.
  expect([198, 199].map(sizeFor)).toEqual([10, undefined])
})

test('what no whole size gives is reported with the nearest', () => {
  const { specs, matched: chosen, problems } = matched([tagger(3, 'small')], 90)
  expect([specs, chosen]).toEqual([[], []])
  expect(problems).toEqual([
    {
      path: 'match',
      message: '"small" cannot have 90 parameters within 1 %',
      received: '82 at the nearest, with model.encoder.hidden=5',
      hint: 'whole sizes are too coarse for small models: give a larger number of parameters, or solve for other sizes',
      place: { file: 'some.yaml' },
    },
  ])
})

test('sizes are from 1 to 65,536', () => {
  const nearest = (wanted: number) => matched([tagger(3)], wanted).problems[0]?.received
  expect(nearest(10)).toBe('26 at the nearest, with model.encoder.hidden=1')
  expect(nearest(1e12)).toBe(`${65_540 ** 2 + 1} at the nearest, with model.encoder.hidden=65536`)
  expect(matched([tagger(3)], 65_540 ** 2 + 1).specs[0]?.spec.model.encoder?.hidden).toBe(65_536)
})

const paths = ['model.encoder.hidden', 'model.decoder.hidden']

const transducer = (encoder: number, decoder: number, more: readonly [string, string] = ['', '']) =>
  loadedFrom(
    transducerText
      .replace('encoder: { cell: gru, hidden: 4', `encoder: { cell: gru, hidden: ${encoder}`)
      .replace('decoder: { cell: gru, hidden: 4', `decoder: { cell: gru, hidden: ${decoder}`)
      .replace(...more),
  )

test('several sizes keep their ratio to the first, rounded, and at least 1', () => {
  const ratio = (encoder: number, decoder: number, wanted: number) => {
    const parameters = countParameters(modelOf(transducer(wanted, 1).spec, sizes))
    const [one] = matched([transducer(encoder, decoder)], parameters, paths).matched
    return Object.values(one?.sizes ?? {})
  }
  const asMany = countParameters(modelOf(transducer(30, 45).spec, sizes))
  expect(matched([transducer(4, 6)], asMany, paths).matched[0]?.sizes).toEqual({
    'model.encoder.hidden': 30,
    'model.decoder.hidden': 45,
  })
  expect(ratio(100, 1, 40)).toEqual([40, 1])
})

test('no size leaves the ratio for fewer or more parameters', () => {
  const nearest = (encoder: number, decoder: number, wanted: number) =>
    matched([transducer(encoder, decoder)], wanted, paths).problems[0]?.received?.replace(/.*, with /, '')
  expect(nearest(4, 8, 10)).toBe('model.encoder.hidden=1, model.decoder.hidden=2')
  expect(nearest(8, 4, 1e13)).toBe('model.encoder.hidden=65536, model.decoder.hidden=32768')
})

test('sizes that a variant does not have are left out, and it has one of them', () => {
  const parameters = 44 ** 2 + 1
  expect(matched([tagger(3)], parameters, ['model.decoder.hidden', ...by]).matched[0]?.sizes).toEqual({
    'model.encoder.hidden': 40,
  })
  expect(matched([tagger(3)], parameters, ['model.encoder.cell', 'model.decoder.hidden'])).toEqual({
    specs: [],
    matched: [],
    problems: [
      {
        path: 'match',
        message: '"h3" has none of the sizes to solve for',
        hint: 'a list of sizes, one for each layer, stays as it is',
        place: { file: 'some.yaml' },
      },
    ],
  })
})

const heads = (count: number): [string, string] => [
  'scorer: { type: additive, size: 4 }',
  `scorer: { type: multi-head-dot, heads: ${count} }`,
]

test.each([16, 32, 100])('only sizes that can be built: %i heads share them equally', (count) => {
  const sized = (size: number) => transducer(size, 4, heads(count))
  const parametersOf = (size: number) => countParameters(modelOf(sized(size).spec, sizes))
  const [wanted, next] = [parametersOf(4 * count), parametersOf(5 * count)]
  const [one] = matched([sized(count)], wanted).matched
  expect(one).toMatchObject({ parameters: wanted, sizes: { 'model.encoder.hidden': 4 * count } })
  // The sizes between have no models: what is nearest is too far away.
  const received = (parameters: number) => matched([sized(count)], parameters).problems[0]?.received
  const between = (wanted + next) / 2
  expect(received(Math.round(between * 0.97))).toBe(`${wanted} at the nearest, with model.encoder.hidden=${4 * count}`)
  expect(received(Math.round(between * 1.03))).toBe(`${next} at the nearest, with model.encoder.hidden=${5 * count}`)
})

test('sizes that can be built are looked for one by one', () => {
  // Sizes of six heads are even: from 25, by which the search comes, steps of two would find none of them.
  const sized = (size: number) => transducer(size, 4, heads(6))
  const wanted = countParameters(modelOf(sized(36).spec, sizes))
  expect(matched([sized(6)], wanted).matched).toMatchObject([{ sizes: { 'model.encoder.hidden': 36 } }])
})

test('a model that no size makes legal is reported', () => {
  const loaded = transducer(16, 4, heads(16))
  const context = { ...loaded.spec.model.context, scorer: { type: 'multi-head-dot', heads: 100_000 } }
  const spec = { ...loaded.spec, model: { ...loaded.spec.model, context } } as unknown as LoadedSpec['spec']
  expect(matched([{ ...loaded, spec }], 1000)).toEqual({
    specs: [],
    matched: [],
    problems: [
      { path: 'match', message: 'no size of "some" gives a model that can be built', place: { file: 'some.yaml' } },
    ],
  })
})

test('what changes no number of parameters is not solved for', () => {
  const place = { file: 'study.yaml', line: 3, column: 15 }
  const problem = (path: string, at = 0) => ({
    path: `match.by.${at}`,
    message: `the number of parameters does not depend on \`${path}\`, so it cannot be solved for`,
    expected: 'paths of sizes, such as `model.encoder.hidden`',
  })
  const of = (...paths: string[]) => matched([tagger(40), tagger(3)], 'first', paths).problems
  for (const path of ['train.steps', 'train.batchSize', 'model.encoder.dropout'])
    expect(of(path)).toEqual([problem(path)])
  expect(of('train.batchSize', 'model.encoder.hidden')).toEqual([problem('train.batchSize')])
  expect(of('model.encoder.hidden', 'train.batchSize')).toEqual([problem('train.batchSize', 1)])
  expect(matchParameters(new Map([[tagger(3), sizes]]), { parameters: 90, by: ['seed'], places: [place] })).toEqual({
    specs: [],
    matched: [],
    problems: [{ ...problem('seed'), place }],
  })
  // The number of heads, which divides the size, is none either.
  const heads: readonly [string, string] = ['additive, size: 4', 'multi-head-dot, heads: 2']
  const path = 'model.context.scorer.heads'
  expect(matched([transducer(4, 4, heads)], 'first', [path]).problems).toEqual([problem(path)])
})

test('sizes that must be equal are sizes, though neither changes alone', () => {
  const dot: readonly [string, string] = ['{ type: additive, size: 4 }', 'dot']
  const wanted = countParameters(modelOf(transducer(20, 20, dot).spec, sizes))
  const [one] = matched([transducer(4, 4, dot)], wanted, paths).matched
  expect(one?.sizes).toEqual({ 'model.encoder.hidden': 20, 'model.decoder.hidden': 20 })
})
