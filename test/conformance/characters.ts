import { cells } from '../../src/model/cells/index.js'
import { characterReaders } from '../../src/model/characters/index.js'
import { fixedContexts } from './transducers.js'
import { everyPart, furtherChoices, nameOf, training, type Written, type WrittenSpec } from './variants.js'

// Words of one to four characters, one of them with the same character several times, whose characters decide the output.

const words = ['ab c', 'aaaa', 'cb ab dd', 'd'] as const

function dataOf(...targets: readonly string[]): Written {
  const examples = words.map((source, at) => [source, targets[at] ?? ''])
  return { source: { type: 'inline', train: examples, dev: examples, test: examples } }
}

const representations = [
  { type: 'embedding', size: 6 },
  { type: 'one-hot' },
  { type: 'bag-of-words' },
] as const satisfies readonly Written[]

/** Readers at toy size; filters that see one, two and three characters. */
const readers: readonly Written[] = [
  ...everyPart(characterReaders),
  ...furtherChoices(characterReaders),
  { type: 'cnn', filters: 5, width: 1 },
  { type: 'cnn', filters: 5, width: 2 },
].map((reader) => ({ ...reader, embedding: 4, ...('filters' in reader ? { filters: 5 } : {}) }))

/** Every reader of characters under every task that reads them; next to every representation, with one cell and one C. */
export function withCharacters(): WrittenSpec[] {
  return readers.flatMap((characters) =>
    representations.flatMap((representation) => {
      const source = { representation, characters }
      const name = ['characters', nameOf(characters), representation.type].join(' | ')
      const all = [...labellers(name, source), transducer(name, source)]
      return representation.type === 'embedding'
        ? all
        : all.filter(([each]) => /tag . gru|classify . last-state|transduce/u.test(each))
    }),
  )
}

function labellers(name: string, source: Written): WrittenSpec[] {
  const common = { name: 'conformance', train: training }
  const tags = dataOf('x y', 'y', 'z x z', 'x')
  const encoders = everyPart(cells).map((cell) => ({ cell, hidden: 6, bidirectional: true }))
  return [
    ...encoders.map(
      (encoder): WrittenSpec => [
        `${name} | tag | ${nameOf(encoder.cell)}`,
        { ...common, task: 'tag', data: tags, model: { source, encoder } },
      ],
    ),
    ...fixedContexts.map((context): WrittenSpec => {
      const data = dataOf('first', 'second', 'third', 'first')
      const model = { source, encoder: { cell: 'gru', hidden: 8 }, context }
      return [`${name} | classify | ${nameOf(context, 'from')}`, { ...common, task: 'classify', data, model }]
    }),
  ]
}

function transducer(name: string, source: Written): WrittenSpec {
  const model = {
    source,
    target: { representation: { type: 'embedding', size: 6 } },
    encoder: { cell: 'gru', hidden: 8 },
    context: { from: 'attention', scorer: { type: 'additive', size: 8 } },
    decoder: { cell: 'gru', hidden: 8, receives: 'both' },
  }
  const data = { ...dataOf('x y', 'y', 'z x z', 'x'), targetTokens: 'whitespace' }
  return [`${name} | transduce`, { name: 'conformance', task: 'transduce', data, model, train: training }]
}
