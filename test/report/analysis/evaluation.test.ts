import { describe, expect, it } from 'vitest'
import { undefinedBecause } from '../../../src/core/measured.js'
import { tagFacts } from '../../../src/core/tags.js'
import { baselineSentences } from '../../../src/report/analysis/evaluation/baseline.js'
import { entityTable, labelPairs, labelTable } from '../../../src/report/analysis/evaluation/classes.js'
import { type EvaluationInput, evaluationDetails } from '../../../src/report/analysis/evaluation/details.js'
import type { PredictionLine } from '../../../src/train/types.js'

const words = (text: string) => (text === '' ? [] : text.split(' '))
const says = (hypothesis: string, ...references: readonly string[]) => ({
  ...{ hypothesis: words(hypothesis), references: references.map(words) },
})

describe('labels place by place', () => {
  it('are those of the first reference, unless another has the predicted one', () => {
    expect(labelPairs(says('x y z', 'x y a', 'b c z'))).toEqual([
      ['x', 'x'],
      ['y', 'y'],
      ['z', 'z'],
    ])
    expect(labelPairs(says('q', 'x', 'y'))).toEqual([['x', 'q']])
  })

  it('are missing where one of the two is shorter', () => {
    expect(labelPairs(says('x', 'x y'))).toEqual([
      ['x', 'x'],
      ['y', undefined],
    ])
    expect(labelPairs(says('x y', 'x'))).toEqual([
      ['x', 'x'],
      [undefined, 'y'],
    ])
    expect(labelPairs(says('x'))).toEqual([[undefined, 'x']])
  })
})

describe('the table of labels', () => {
  it('has precision, recall and F1 of each, the most frequent first', () => {
    // Expected: a 3, b 2, c 1; predicted: a 2 (both right), b 3 (one right), d 1.
    const table = labelTable([says('a a b', 'a a a'), says('b b d', 'b c b')], 'labels')
    expect(table?.rows).toEqual([
      { name: 'a', expected: 3, predicted: 2, correct: 2, precision: 1, recall: 2 / 3, f1: 4 / 5 },
      { name: 'b', expected: 2, predicted: 3, correct: 1, precision: 1 / 3, recall: 1 / 2, f1: 2 / 5 },
      {
        ...{ name: 'c', expected: 1, predicted: 0, correct: 0 },
        ...{ precision: undefinedBecause('it is never predicted'), recall: 0, f1: 0 },
      },
      {
        ...{ name: 'd', expected: 0, predicted: 1, correct: 0 },
        ...{ precision: 0, recall: undefinedBecause('it is in no reference'), f1: 0 },
      },
    ])
    // 3 of 6 are right.
    expect(table?.micro).toEqual({
      ...{ name: 'micro', expected: 6, predicted: 6, correct: 3, precision: 0.5, recall: 0.5, f1: 0.5 },
    })
    // Means of the rows, 0 where one has no value: (1 + 1/3 + 0 + 0) / 4, (2/3 + 1/2 + 0 + 0) / 4, (4/5 + 2/5 + 0 + 0) / 4.
    expect(table?.macro.precision).toBeCloseTo(1 / 3, 14)
    expect(table?.macro.recall).toBeCloseTo(7 / 24, 14)
    expect(table?.macro.f1).toBeCloseTo(0.3, 14)
  })

  it('has labels that training lacks as one row of the macro averages', () => {
    // a: 1 of 2 predicted is right, 1 of 2 expected; b: predicted once in vain. Of x and y together 1 of 1 and 1 of 2.
    const lines = [says('a b x a', 'a a x y')]
    const macro = (known?: readonly string[]) => labelTable(lines, 'labels', known)?.macro
    expect(labelTable(lines, 'labels', ['a', 'b'])?.rows.map(({ name }) => name)).toEqual(['a', 'x', 'y', 'b'])
    expect(macro(['a', 'b'])?.precision).toBeCloseTo((1 / 2 + 0 + 1) / 3, 14)
    expect(macro(['a', 'b'])?.recall).toBeCloseTo((1 / 2 + 0 + 1 / 2) / 3, 14)
    expect(macro(['a', 'b'])?.f1).toBeCloseTo((1 / 2 + 0 + 2 / 3) / 3, 14)
    // With all of them known, x and y have a row each.
    for (const known of [undefined, ['a', 'b', 'x', 'y']]) {
      expect(macro(known)?.precision).toBeCloseTo((1 / 2 + 0 + 1 + 0) / 4, 14)
      expect(macro(known)?.f1).toBeCloseTo((1 / 2 + 0 + 1 + 0) / 4, 14)
    }
  })

  it('counts what has no label on the other side, and no label that is missing', () => {
    const rows = (...lines: Parameters<typeof labelTable>[0]) =>
      labelTable(lines, 'labels')?.rows.map(({ name, expected, predicted }) => [name, expected, predicted])
    expect(rows(says('x', 'x y'))).toEqual([
      ['x', 1, 1],
      ['y', 1, 0],
    ])
    expect(rows(says('x y', 'x'))).toEqual([
      ['x', 1, 1],
      ['y', 0, 1],
    ])
  })

  it('puts the more often predicted first among equally frequent ones, then goes by name', () => {
    const names = (...lines: Parameters<typeof labelTable>[0]) =>
      labelTable(lines, 'label')?.rows.map(({ name }) => name)
    expect(names(says('b', 'a'), says('b', 'b'))).toEqual(['b', 'a'])
    expect(names(says('z', 'c'), says('z', 'a'), says('z', 'b'))).toEqual(['a', 'b', 'c', 'z'])
    expect(names(says('a', 'a'), says('c', 'c'), says('b', 'b'))).toEqual(['a', 'b', 'c'])
  })

  it('has no values without examples, and is of labels alone', () => {
    const none = undefinedBecause('there is no row')
    expect(labelTable([], 'label')).toMatchObject({
      ...{ rows: [], macro: { precision: none, recall: none, f1: none } },
      micro: { f1: undefinedBecause('it is neither expected nor predicted') },
    })
    for (const output of ['sequence', 'next-tokens', 'numbers'] as const)
      expect(labelTable([says('a', 'a')], output)).toBeUndefined()
  })
})

describe('the table of entities', () => {
  const factsOf = (text: string) => tagFacts([words(text)])
  const rowsOf = (table: ReturnType<typeof entityTable>) =>
    table !== undefined && 'rows' in table ? table.rows : undefined
  const slotF1 = { type: 'slot-f1', scheme: 'iob2', count: 'conlleval', outside: 'O' } as const
  const rows = (...lines: Parameters<typeof entityTable>[0]) =>
    rowsOf(entityTable(lines, 'labels', [slotF1], {}))?.map(({ name, ...row }) => [
      ...[name, row.expected, row.predicted, row.correct],
    ])

  it('counts spans, right where type, start and end are', () => {
    expect(
      rows(
        says('B-to I-to O B-on', 'B-to I-to O B-on'),
        says('B-to O O B-on', 'B-to I-to O O'),
        says('O O', 'B-to O'),
        says('O B-by', 'O B-to'),
      ),
    ).toEqual([
      ['to', 4, 2, 1],
      ['on', 1, 2, 1],
      ['by', 0, 1, 0],
    ])
  })

  it('takes the reference that shares most spans with the prediction, the first of equals', () => {
    expect(rows(says('B-a B-b', 'B-c B-c', 'B-a B-b'))).toEqual([
      ['a', 1, 1, 1],
      ['b', 1, 1, 1],
    ])
    expect(rows(says('B-a', 'B-b', 'B-c'))?.[0]).toEqual(['b', 1, 0, 0])
    // One shared span is less than two.
    expect(rows(says('B-a B-b O', 'B-a O B-c', 'B-a B-b B-d'))?.map(([name]) => name)).toEqual(['a', 'b', 'd'])
    expect(rows(says('B-a'))).toEqual([['a', 0, 1, 0]])
  })

  it('follows the training tags where no metric says how, and is none where these mark no spans', () => {
    const line = says('B-to I-to', 'B-to I-to')
    const table = entityTable([line], 'labels', [{ type: 'token-accuracy' }], { tags: factsOf('B-to I-to O') })
    expect(rowsOf(table)).toEqual([
      { name: 'to', expected: 1, predicted: 1, correct: 1, precision: 1, recall: 1, f1: 1 },
    ])
    expect(entityTable([line], 'labels', [], { tags: factsOf('N V O') })).toBeUndefined()
    expect(entityTable([line], 'labels', [], {})).toBeUndefined()
    for (const output of ['sequence', 'label'] as const)
      expect(entityTable([line], output, [slotF1], { tags: factsOf('B-to O') })).toBeUndefined()
  })
})

describe('the table of entities where the training tags follow no scheme', () => {
  const line = says('B-to I-to', 'B-to I-to')
  const tableFor = (tags: string, metrics: Parameters<typeof entityTable>[2] = []) =>
    entityTable([line], 'labels', metrics, { tags: tagFacts([words(tags)]) })

  it('is not there, and says why', () => {
    // I follows O; B follows what is no span of its type.
    expect(tableFor('O I-a B-b B-a')).toEqual({
      without:
        'There is no table of entities: the training tags are neither IOB2 (1 of 1 I begin a span) nor IOB1 (2 of 2 B do not follow a span of their type). The metric slot-f1 with a `scheme` counts them.',
    })
    expect(tableFor('b-per B-LOC O')).toMatchObject({ without: expect.stringMatching(/a prefix of no scheme \(b\)\./) })
    expect(tableFor('B-a U-a E-a')).toMatchObject({ without: expect.stringContaining('are of no one scheme') })
  })

  it('is there where a metric says what their scheme is', () => {
    const slotF1 = { type: 'slot-f1', scheme: 'iob2', count: 'conlleval', outside: 'O' } as const
    expect(tableFor('O I-a B-b B-a', [slotF1])).toMatchObject({ rows: [{ name: 'to', correct: 1 }] })
  })
})

describe('the details of an evaluation', () => {
  const line = (index: number, source: string, hypothesis: string, reference: string): PredictionLine => ({
    ...{ split: 'test', index, source: words(source), score: 0, ...says(hypothesis, reference) },
    // Errors and reference tokens, as PER counts them: all of these have one substitution or none.
    statistics: { per: [hypothesis === reference ? 0 : 1, words(reference).length] },
  })
  const record: EvaluationInput['record'] = {
    ...{
      schemaVersion: 2,
      trialId: 't1',
      name: 'other',
      id: 'e1',
      label: 'gru',
      variant: {},
      decode: { type: 'greedy' },
    },
    ...{ metrics: [{ type: 'per' }], testDigest: 'd', engine: 'onnx', versions: {} },
    results: { dev: {}, test: { per: { value: 0.5, interval: undefinedBecause('few examples') } } },
    ...{ testSet: { files: ['other.tsv'], examples: 3 }, predictions: { bytes: 1, sha256: 's' } },
  }
  const input = (type: string, predictions: readonly PredictionLine[]): EvaluationInput => ({
    ...{ record, predictions, task: { type }, model: {}, joiners: { source: '', target: ' ' }, training: {} },
    counts: { read: 3, dropped: {}, cut: {}, unknownTokens: {} },
  })

  it('name the evaluation, its test set and its results', () => {
    expect(evaluationDetails(input('transduce', [line(0, 'a', 'x', 'x')]))).toEqual({
      ...{ schemaVersion: 1, trialId: 't1', name: 'other', id: 'e1', label: 'gru' },
      ...{ testSet: record.testSet, results: record.results.test, confusion: [] },
      counts: { read: 3, dropped: {}, cut: {}, unknownTokens: {} },
      lengths: { per: [{ length: '1', examples: 1, result: expect.objectContaining({ value: 0 }) }] },
    })
  })

  it('of labels count what is right too, the most frequent first, then by their texts', () => {
    const lines = [line(0, 'a b', 'N V', 'N N'), line(1, 'a b', 'N V', 'N V'), line(2, 'a', 'D', 'A')]
    const { confusion, labels, entities } = evaluationDetails(input('tag', lines))
    expect(confusion).toEqual([
      { expected: 'N', predicted: 'N', count: 2 },
      { expected: 'A', predicted: 'D', count: 1 },
      { expected: 'N', predicted: 'V', count: 1 },
      { expected: 'V', predicted: 'V', count: 1 },
    ])
    expect(labels?.rows[0]).toMatchObject({ name: 'N', expected: 3, predicted: 2, correct: 2 })
    expect(entities).toBeUndefined()
  })

  it('of sequences count errors alone; none stands for nothing', () => {
    const lines = [line(0, 'a', 'x y', 'x z'), line(1, 'b', 'x', 'x q'), line(2, 'c', 'x q', 'x')]
    const { confusion, labels } = evaluationDetails(input('transduce', lines))
    expect(confusion).toEqual([
      { expected: '', predicted: 'q', count: 1 },
      { expected: 'q', predicted: '', count: 1 },
      { expected: 'z', predicted: 'y', count: 1 },
    ])
    expect(labels).toBeUndefined()
  })

  it('have each metric by source length, in bins of twenty and more', () => {
    // 20 sources of one token, half of them wrong; 20 of three, all right: 10 of 20 and 0 of 60 reference tokens.
    const short = Array.from({ length: 20 }, (_, at) => line(at, 'a', 'x', at % 2 === 0 ? 'x' : 'y'))
    const long = Array.from({ length: 20 }, (_, at) => line(20 + at, 'a b c', 'x y z', 'x y z'))
    const { lengths } = evaluationDetails(input('transduce', [...short, ...long]))
    expect(lengths.per?.map(({ length, examples, result }) => [length, examples, result.value])).toEqual([
      ['1', 20, 0.5],
      ['3', 20, 0],
    ])
  })

  it('of numbers have neither confusion nor lengths', () => {
    expect(evaluationDetails(input('forecast', [line(0, 'a', 'x', 'y')]))).toMatchObject({ confusion: [], lengths: {} })
  })

  it('have the differences to another model where there is one', () => {
    const baseline = { run: 'runs/a', label: 'lstm', trialId: 't2', differences: {} }
    expect(evaluationDetails({ ...input('transduce', []), baseline }).baseline).toEqual(baseline)
    expect('baseline' in evaluationDetails(input('transduce', []))).toBe(false)
  })
})

describe('the difference to another trained model in words', () => {
  type Differences = Parameters<typeof baselineSentences>[0]['differences']
  const sentences = (differences: Differences, examples = 2) =>
    baselineSentences({ run: 'runs/a', label: 'lstm', trialId: 't2', differences }, examples)
  const sentence = (name: string, value: number, low: number, high: number) =>
    sentences({ [name]: { value, interval: { low, high, method: 'bootstrap' } } })[0]

  it('is better or worse by the direction of the metric', () => {
    expect(sentence('per', -0.012, -0.02, -0.001)).toBe(
      'PER: lower than that of lstm by 1.2 points, which is better (95 % interval -2.0 to -0.1 points).',
    )
    expect(sentence('per', 0.012, 0.001, 0.02)).toBe(
      'PER: higher than that of lstm by 1.2 points, which is worse (95 % interval 0.1 to 2.0 points).',
    )
    expect(sentence('accuracy', 0.012, 0.001, 0.02)).toContain(
      'accuracy: higher than that of lstm by 1.2 points, which is better',
    )
    expect(sentence('accuracy', -0.012, -0.02, -0.001)).toContain('which is worse')
    // A metric of another version: a number, higher is better.
    expect(sentence('novel', 0.5, 0.25, 0.75)).toBe(
      'novel: higher than that of lstm by 0.5, which is better (95 % interval 0.25 to 0.75).',
    )
  })

  it('is not significant where the interval has zero, at its ends too', () => {
    const text = 'PER: no significant difference to lstm (+1.0 points; 95 % interval -1.0 to 3.0 points).'
    expect(sentence('per', 0.01, -0.01, 0.03)).toBe(text)
    expect(sentence('per', 0.01, 0, 0.03)).toContain('no significant difference')
    expect(sentence('per', -0.01, -0.03, 0)).toContain('no significant difference')
  })

  it('without an interval or a value says why', () => {
    const none = undefinedBecause('one example')
    expect(sentences({ per: { value: 0, interval: none } })[0]).toBe('PER: equal to that of lstm.')
    expect(sentences({ per: { value: 0.01, interval: none } })[0]).toBe(
      'PER: +1.0 points against lstm (no interval: one example).',
    )
    expect(sentences({ per: none })[0]).toBe('PER: no difference to lstm: one example.')
    expect(sentence('per', 0, -0.01, 0.01)).toContain('no significant difference')
  })

  it('is of these examples and trainings alone', () => {
    expect(sentences({})).toEqual([
      'These are two trained models on these 2 examples, paired example by example: nothing follows about other trainings of them.',
    ])
    expect(sentences({}, 1)[0]).toContain('on these 1 example,')
  })
})
