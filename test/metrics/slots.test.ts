import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { detectScheme } from '../../src/core/tag-schemes.js'
import { tagFacts } from '../../src/core/tags.js'
import { outcomesOf } from '../../src/metrics/score.js'
import { slotF1 } from '../../src/metrics/slot-f1.js'

type Sums = readonly [correct: number, predicted: number, wanted: number]
type Case = readonly [reference: string, hypothesis: string, byDefault: Sums, strict: Sums]

// seqeval 1.2.2, by test/goldens/make_slot_goldens.py.
const goldens: Readonly<Record<'iob1' | 'iob2' | 'iobes' | 'bilou', readonly Case[]>> = JSON.parse(
  readFileSync(new URL('../goldens/slots.json', import.meta.url), 'utf8'),
)

type Options = Parameters<typeof slotF1.build>[0]
const split = (tags: string) => tags.split(' ')

function sums(options: Partial<Options>, reference: string, hypothesis: string, training?: readonly string[]) {
  const facts = training === undefined ? undefined : { tags: tagFacts(training.map(split)) }
  const metric = slotF1.build({ scheme: 'auto', count: 'conlleval', outside: 'O', ...options }, facts)
  return metric.statistics({ source: [], references: [split(reference)], hypothesis: split(hypothesis) })
}

test.each(['iob1', 'iob2', 'iobes', 'bilou'] as const)('%s: seqeval by default and in strict mode', (scheme) => {
  const cases = goldens[scheme]
  expect(cases).toHaveLength(300)
  const counted = cases.map(([reference, hypothesis]) => [
    sums({ scheme }, reference, hypothesis),
    sums({ scheme, count: 'strict' }, reference, hypothesis),
  ])
  expect(counted).toEqual(cases.map(([, , byDefault, strict]) => [byDefault, strict]))
})

test('bmes: IOBES with M for I', () => {
  const renamed = (tags: string) => tags.replaceAll('I-', 'M-')
  const counted = goldens.iobes.map(([reference, hypothesis]) => [
    sums({ scheme: 'bmes' }, renamed(reference), renamed(hypothesis)),
    sums({ scheme: 'bmes', count: 'strict' }, renamed(reference), renamed(hypothesis)),
  ])
  expect(counted).toEqual(goldens.iobes.map(([, , byDefault, strict]) => [byDefault, strict]))
})

describe('auto looks at the training tags', () => {
  const detect = (...rows: string[]) => detectScheme(tagFacts(rows.map(split)), 'O')

  test.each([
    ['none', ['NOUN VERB O', 'X-ray', 'B S']],
    ['none', ['O O']],
    ['none', ['NOUN B S']],
    ['none', ['X-ray B S']],
    ['iob2', ['B-x I-x O B-y B-y', 'B-x B-y I-y']],
    ['iob2', ['B-x O B-y']],
    ['iob1', ['I-x I-x B-x O I-y', 'O I-x I-y']],
    ['iob1', ['I-x O']],
    ['iobes', ['B-x I-x E-x S-y O']],
    ['iobes', ['B-x E-x O S-y']],
    ['bilou', ['B-x I-x L-x U-y O']],
    ['bmes', ['B-x M-x E-x S-y O']],
    ['bmes', ['B M E S', 'S S B E']],
    ['bmes', ['B M E S O']],
  ])('%s: %j', (scheme, rows) => {
    expect(detect(...rows)).toEqual({ scheme })
  })

  test('a letter that is the outside tag is no prefix', () => {
    expect(detectScheme(tagFacts([split('B-x I-x S')]), 'S')).toEqual({ scheme: 'iob2' })
  })

  test('neither IOB1 nor IOB2: both counts', () => {
    expect(detect('I-x O B-x I-x', 'O B-y B-y I-x')).toMatchObject({
      unfit: expect.stringMatching(/IOB2 \(2 of 3 I begin a span\).*IOB1 \(2 of 3 B do not follow/),
    })
  })

  test('prefixes of several schemes, or of none', () => {
    expect(detect('B-x M-x L-x')).toMatchObject({ unfit: 'the prefixes of the tags (B, M, L) are of no one scheme' })
    expect(detect('B-x I-x Q-x')).toMatchObject({ unfit: 'some tags have a prefix of no scheme (Q)' })
  })

  test.each([
    ['b-loc i-loc O', 'b- and i-'],
    ['B_LOC I_LOC O', 'B_ and I_'],
    ['b:loc O i:loc', 'b: and i:'],
    ['B–LOC I–LOC O', 'B– and I–'],
    ['LOC-B LOC-I O', '-B and -I'],
    ['LOC_b O LOC_i', '_b and _i'],
    ['LOC-B O', undefined],
    ['PRP$ NN-b', undefined],
    ['b-loc O', undefined],
    ['B_LOC O i_LOC', undefined],
    ['NN DT VB_x', undefined],
    ['b_ i_ O', undefined],
  ])('%s follow no scheme, and what looks like marks is named: %s', (tags, marks) => {
    const doubt = marks === undefined ? '' : ` (${marks} look like marks of spans, which are written B-x and I-x)`
    expect(
      slotF1.outcome?.({ scheme: 'auto', count: 'conlleval', outside: 'O' }, { tags: tagFacts([split(tags)]) }),
    ).toBe(`scheme auto: none, by the training tags${doubt}`)
  })

  test('what it found decides what is counted', () => {
    // BMES: one span of three tags. Without the scheme, M-x would be a slot by itself.
    expect(sums({}, 'B-x M-x E-x', 'B-x M-x E-x', ['B-x M-x E-x S-y'])).toEqual([1, 1, 1])
    expect(sums({}, 'B-x L-x U-x', 'B-x L-x U-x', ['B-x I-x L-x U-x'])).toEqual([2, 2, 2])
    expect(() => sums({}, 'O', 'O', ['I-x O B-x'])).toThrow('slot-f1: the training tags are neither IOB2')
    const hint = 'correct the tags, or say which they are meant to be: scheme: iob2, or iob1'
    expect(() => sums({}, 'O', 'O', ['I-x O B-x'])).toThrow(
      expect.objectContaining({ hint, problems: [expect.objectContaining({ path: '', hint })] }),
    )
    const otherwise = 'say which scheme the tags follow (`scheme`), or `scheme: none` where they mark no spans'
    expect(() => sums({}, 'O', 'O', ['B-x Q-x'])).toThrow(
      expect.objectContaining({ hint: undefined, problems: [expect.objectContaining({ hint: otherwise })] }),
    )
    const tags = tagFacts([split('B-x M-x E-x S-y')])
    expect(slotF1.outcome?.({ scheme: 'auto', count: 'strict', outside: 'O' }, { tags })).toBe(
      'scheme auto: bmes, by the training tags',
    )
    const specs = [{ type: 'ser' }, { type: 'slot-f1', scheme: 'auto', count: 'strict', outside: 'O' }] as const
    expect(outcomesOf(specs, { tags })).toEqual(['slot-f1: scheme auto: bmes, by the training tags'])
    // B- and I- are the notation of a scheme that was found.
    expect(
      slotF1.outcome?.({ scheme: 'auto', count: 'strict', outside: 'O' }, { tags: tagFacts([split('B-x I-x O')]) }),
    ).toBe('scheme auto: iob2, by the training tags')
    // There is nothing to say where the scheme is given, or where no tags decide.
    expect(slotF1.outcome?.({ scheme: 'bmes', count: 'strict', outside: 'O' }, { tags })).toBeUndefined()
    expect(slotF1.outcome?.({ scheme: 'auto', count: 'strict', outside: 'O' }, {})).toBeUndefined()
    const unfit = { tags: tagFacts([split('B-x Q-x')]) }
    expect(slotF1.outcome?.({ scheme: 'auto', count: 'strict', outside: 'O' }, unfit)).toBeUndefined()
  })
})

test('a prefix that the scheme does not have is part of a type, but all letters of IOBES are read under IOB', () => {
  // B-x 0-1 and M-x 1-2.
  expect(sums({ scheme: 'iobes' }, 'B-x M-x', 'B-x M-x')).toEqual([2, 2, 2])
  expect(sums({ scheme: 'iob2' }, 'B-x Q-x', 'B-x Q-x')).toEqual([2, 2, 2])
  for (const scheme of ['iob1', 'iob2'] as const) {
    expect(sums({ scheme }, 'S-x S-x', 'S-x S-x')).toEqual([2, 2, 2])
  }
  expect(sums({ scheme: 'bilou' }, 'S-x S-x', 'S-x S-x')).toEqual([1, 1, 1])
})

describe('tags that do not fit are refused', () => {
  const refusals = (options: Partial<Options>, train: string, dev = 'O', test = 'O') => {
    const tags = { train: tagFacts([split(train)]), dev: tagFacts([split(dev)]), test: tagFacts([split(test)]) }
    return slotF1.dataProblems?.({ scheme: 'auto', count: 'conlleval', outside: 'O', ...options }, tags)
  }

  test.each<[string, Partial<Options>, readonly string[], object]>([
    ['an unknown prefix', {}, ['B-x I-x Q-x O'], { message: 'some tags have a prefix of no scheme (Q)' }],
    ['another scheme', { scheme: 'iob2' }, ['B-x M-x O'], { received: 'M' }],
    ['a scheme without prefixes', { scheme: 'iob2' }, ['X Y O'], { message: 'no training tag has a prefix' }],
    [
      'a prefix in dev alone',
      {},
      ['B-x I-x O', 'U-x'],
      { message: 'the dev tags have prefixes that iob2 does not have' },
    ],
    ['a prefix in test alone', {}, ['B-x I-x O', 'O', 'E-x'], { received: 'E' }],
    ['a scheme without prefixes: one tag', { scheme: 'iob2' }, ['X O'], { message: 'no training tag has a prefix' }],
    ['another outside tag', {}, ['B-x I-x other'], { path: 'outside' }],
    ['a bare tag, counted strictly', { count: 'strict' }, ['B-x I-x O y'], { path: 'outside' }],
  ])('%s', (_, options, [train = '', dev, test], problem) => {
    expect(refusals(options, train, dev, test)).toEqual([expect.objectContaining(problem)])
  })

  test('tags without a prefix are named, three of them, and what the outside tag is', () => {
    const hint = 'name the tag of tokens outside any slot (`outside`)'
    const named = (which: string, what: string) => ({
      ...{ path: 'outside', hint },
      message: `tags without a prefix (${which}) would count as slots, and \`O\` is ${what}`,
    })
    expect(refusals({ count: 'strict' }, 'B-x O O a a a b b c c d')).toEqual([named('a, b, c', 'another tag')])
    expect(refusals({}, 'B-x a')).toEqual([named('a', 'no tag of the training set')])
    expect(refusals({ scheme: 'iob2' }, 'X Y')).toEqual([
      { path: 'scheme', message: 'no training tag has a prefix', received: 'iob2', hint: 'set `scheme: none`' },
      named('X, Y', 'no tag of the training set'),
    ])
  })

  test('those that fit are not', () => {
    expect(refusals({ scheme: 'iob2' }, 'O O')).toEqual([])
    expect(refusals({ count: 'strict' }, 'B-x I-x O')).toEqual([])
    expect(refusals({}, 'X Y O', 'B-x O')).toEqual([])
    expect(refusals({}, 'B-x I-x O', 'B-y O', 'I-x')).toEqual([])
    expect(refusals({ scheme: 'none' }, 'B-x Q-x O')).toEqual([])
    expect(refusals({ outside: 'other' }, 'to to other')).toEqual([])
    expect(refusals({ outside: 'other' }, 'B-x I-x other')).toEqual([])
  })
})
