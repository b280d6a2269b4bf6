import { featureJoins } from '../../src/model/features/index.js'
import { scorers } from '../../src/model/scorers/index.js'
import { fixedContexts, otherHeads } from './transducers.js'
import { everyPart, nameOf, training, type Written, type WrittenSpec } from './variants.js'

// Features that decide the output of equal sources, one and several and none in an example, under every join.

const representation = { type: 'embedding', size: 6 }
const encoder = { cell: 'gru', hidden: 8 }
const cells = ['gru', 'lstm']

/** The same examples with each task's own targets. */
function dataOf(...targets: readonly string[]): Written {
  const inputs = [
    ['a', 'F'],
    ['a', 'G;F'],
    ['ba', 'G'],
    ['cba', ''],
  ] as const
  const examples = inputs.map(([source, features], at) => [source, targets[at] ?? '', features])
  return { source: { type: 'inline', train: examples, dev: examples, test: examples }, sourceTokens: 'characters' }
}

const joins: readonly Written[] = Object.keys(featureJoins.parts).flatMap((type): Written[] => {
  if (type === 'attention') return everyPart(scorers).map((scorer) => ({ type, scorer }))
  return type === 'context' ? fixedContexts.map((summary) => ({ type, summary })) : [{ type }]
})

/** How features are read: each by itself, or by an encoder of their own. */
const readings: Readonly<Record<string, Written>> = {
  alone: { representation },
  'one-hot': { representation: { type: 'one-hot' } },
  'bag-of-words': { representation: { type: 'bag-of-words' } },
  encoded: { representation, encoder },
  'encoded both ways': { representation, encoder: { cell: 'lstm', hidden: 4, bidirectional: true } },
}

const attention = { from: 'attention', scorer: { type: 'additive', size: 8 } }
const lastState = { from: 'last-state' }
const contexts: readonly Written[] = [
  lastState,
  { from: 'all-states', pool: 'mean' },
  attention,
  { ...attention, position: 'after' },
  { ...attention, position: 'after', inputFeeding: true },
]
const entries = ['initial-state', 'first-step', 'every-step', 'both']

/** Every way of reading and joining features, under every task that has them; and each head under each kind of join. */
export function withFeatures(): WrittenSpec[] {
  const all = Object.entries(readings).flatMap(([reading, features]) =>
    joins.flatMap((join) => {
      const name = ['features', reading, nameOf(join)].join(' | ')
      return [...transducers(name, { ...features, join }), ...labellers(name, { ...features, join })]
    }),
  )
  return [...all, ...otherHeads.flatMap(underHead)]
}

function underHead(head: Written): WrittenSpec[] {
  const kinds = joins.filter(({ type }, at) => joins.findLastIndex((other) => other.type === type) === at)
  return kinds.flatMap((join) => {
    const name = ['features', 'alone', nameOf(join)].join(' | ')
    return [lastState, attention].map((context): WrittenSpec => {
      const [combined, spec] = transducer(name, { representation, join }, { cell: 'gru', context, receives: 'both' })
      return [`${combined} | head ${nameOf(head)}`, { ...spec, model: { ...Object(spec.model), head } }]
    })
  })
}

function transducers(name: string, features: Written): WrittenSpec[] {
  return cells.flatMap((cell) =>
    contexts.flatMap((context) => entries.map((receives) => transducer(name, features, { cell, context, receives }))),
  )
}

interface Place {
  readonly cell: string
  readonly context: Written
  readonly receives: string
}

function transducer(name: string, features: Written, { cell, context, receives }: Place): WrittenSpec {
  const data = { ...dataOf('x', 'yz', 'zwx', 'vu'), targetTokens: 'characters' }
  const model = {
    source: { representation },
    features,
    target: { representation },
    encoder: { ...encoder, cell },
    context,
    decoder: { cell, hidden: 8, receives },
  }
  const parts = [name, 'transduce', cell, nameOf(context, 'from'), receives]
  return [parts.join(' | '), { name: 'conformance', task: 'transduce', data, model, train: training }]
}

function labellers(name: string, features: Written): WrittenSpec[] {
  const model = { source: { representation }, features, encoder }
  const tags = { ...dataOf('x', 'y', 'yx', 'zyz'), targetTokens: 'characters' }
  const common = { name: 'conformance', train: training }
  return [
    [`${name} | tag`, { ...common, task: 'tag', data: tags, model }],
    ...fixedContexts.map((context): WrittenSpec => {
      const data = dataOf('first', 'second', 'third', 'first')
      return [
        `${name} | classify | ${nameOf(context, 'from')}`,
        { ...common, task: 'classify', data, model: { ...model, context } },
      ]
    }),
  ]
}
