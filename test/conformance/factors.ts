import { heads } from '../../src/model/heads/index.js'
import { everyPart, nameOf, training, type Written, type WrittenSpec } from './variants.js'

// Equal tokens whose factors decide the output: one value, several, and none, some of them in no training token.

const inputs = [
  { source: 'a b', pos: 'N V', feats: 'x|y _' },
  { source: 'a b', pos: 'V N', feats: '_ z' },
  { source: 'a', pos: 'N', feats: 'x|y|z' },
  { source: 'b a a', pos: 'D N V', feats: '_ x z|y' },
] as const

function dataOf(...targets: readonly string[]): Written {
  const examples = inputs.map(({ source, ...factors }, at) => ({ source, target: targets[at] ?? '', factors }))
  const source = { type: 'inline', train: examples, dev: examples, test: examples }
  return { source, factors: { feats: { separator: '|' } } }
}

const embedding = { type: 'embedding', size: 6 }
const words: readonly Written[] = [embedding, { type: 'one-hot' }, { type: 'bag-of-words' }]
/** How a factor of one value and one of several are represented. */
const factors: readonly Written[] = [
  { pos: { type: 'embedding', size: 3 }, feats: { type: 'embedding', size: 4 } },
  { pos: { type: 'one-hot' }, feats: { type: 'embedding', size: 4 } },
  { pos: { type: 'embedding', size: 3 }, feats: { type: 'one-hot' } },
  { feats: { type: 'one-hot' }, pos: { type: 'one-hot' } },
]
const characters: readonly Written[] = [{}, { characters: { type: 'cnn', embedding: 4, filters: 5, width: 2 } }]

/** Every pair of representations of factors next to every one of words, with characters and without, under every task that reads them. */
export function withFactors(): WrittenSpec[] {
  return words.flatMap((representation) =>
    factors.flatMap((each) =>
      characters.flatMap((inside) => {
        const source = { representation, factors: each, ...inside }
        const kinds = Object.entries(each).map(([name, choice]) => `${name} ${nameOf(choice as Written)}`)
        const name = ['factors', ...kinds, nameOf(representation), 'characters' in inside ? 'characters' : 'alone']
        return specsOf(name.join(' | '), source)
      }),
    ),
  )
}

function specsOf(name: string, source: Written): WrittenSpec[] {
  const common = { name: 'conformance', train: training }
  const encoder = { cell: 'gru', hidden: 8, bidirectional: true }
  const taggers = everyPart(heads).map((head): WrittenSpec => {
    const data = dataOf('p q', 'q r', 'p', 'q r p')
    return [`${name} | tag | ${nameOf(head)}`, { ...common, task: 'tag', data, model: { source, encoder, head } }]
  })
  const model = {
    ...{ source, encoder: { ...encoder, bidirectional: false } },
    target: { representation: embedding },
    context: { from: 'attention', scorer: { type: 'additive', size: 8 } },
    decoder: { cell: 'gru', hidden: 8, receives: 'both' },
  }
  return [
    ...taggers,
    [
      `${name} | classify`,
      {
        ...common,
        task: 'classify',
        data: dataOf('first', 'second', 'third', 'first'),
        model: { source, encoder, context: { from: 'last-state' } },
      },
    ],
    [
      `${name} | transduce`,
      {
        ...common,
        task: 'transduce',
        data: { ...dataOf('x y', 'y', 'z x z', 'x'), targetTokens: 'whitespace' },
        model,
      },
    ],
  ]
}
