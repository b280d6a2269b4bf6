import Type from 'typebox'
import { undefinedBecause } from '../core/measured.js'
import { best } from './best.js'
import { defineMetric } from './types.js'

export const slotF1 = defineMetric({
  name: 'slot-f1',
  summary:
    'F1 over slots: spans of tags, correct where type, start and end are. IOB or IOBES tags; a tag without a prefix continues a span of the same tag.',
  equations: ['P = correct / predicted', 'R = correct / in the reference', 'F1 = 2 P R / (P + R)'],
  source: {
    paper: 'Tjong Kim Sang & Buchholz 2000 (conlleval); spans as seqeval finds them by default',
    url: 'https://www.clips.uantwerpen.be/conll2000/chunking/',
  },
  options: Type.Object({
    outside: Type.String({ minLength: 1, default: 'O', description: 'Tag of tokens outside any slot.' }),
  }),
  range: [0, 1],
  better: 'higher',
  unit: 'percent',
  tasks: ['tag'],
  build: ({ outside }) => ({
    /** [correct slots, predicted slots, slots of the reference]. */
    statistics: ({ hypothesis, references }) => {
      const predicted = slots(hypothesis, outside)
      return best(
        references,
        (reference) => {
          const wanted = slots(reference, outside)
          return [[...predicted].filter((slot) => wanted.has(slot)).length, predicted.size, wanted.size]
        },
        f1,
      )
    },
    value: (sums) => {
      const [, predicted = 0, wanted = 0] = sums
      return predicted + wanted === 0 ? undefinedBecause(noSlot) : f1(sums)
    },
    isWrong: ([correct = 0, predicted = 0, wanted = 0]) => correct < predicted || correct < wanted,
  }),
})

const noSlot = 'neither the references nor the predictions have slots'

/** Of one example, to find its best reference: 0 where neither side has a slot. */
function f1(sums: readonly number[]): number {
  const [correct = 0, predicted = 0, wanted = 0] = sums
  return predicted + wanted === 0 ? 0 : (2 * correct) / (predicted + wanted)
}

const prefixes = ['B', 'I', 'E', 'S'] as const

interface Tag {
  readonly prefix: (typeof prefixes)[number] | 'O'
  readonly type: string
}

/** Spans as `type start end`. */
function slots(tags: readonly string[], outside: string): Set<string> {
  const spans = new Set<string>()
  let start = 0
  let before: Tag = { prefix: 'O', type: '' }
  const after = [...tags.map((tag) => parse(tag, outside)), { prefix: 'O', type: '' } as const]
  after.forEach((tag, at) => {
    if (ends(before, tag)) spans.add(`${before.type} ${start} ${at}`)
    if (starts(before, tag)) start = at
    before = tag
  })
  return spans
}

function parse(tag: string, outside: string): Tag {
  if (tag === outside) return { prefix: 'O', type: '' }
  const [, letter, type = ''] = /^([BIES])(?:-(.*))?$/s.exec(tag) ?? []
  const prefix = prefixes.find((one) => one === letter)
  return prefix === undefined ? { prefix: 'I', type: tag } : { prefix, type }
}

function ends(before: Tag, tag: Tag): boolean {
  if (before.prefix === 'O') return false
  if (before.prefix === 'E' || before.prefix === 'S') return true
  return tag.prefix === 'B' || tag.prefix === 'S' || tag.prefix === 'O' || before.type !== tag.type
}

function starts(before: Tag, tag: Tag): boolean {
  if (tag.prefix === 'O') return false
  if (tag.prefix === 'B' || tag.prefix === 'S') return true
  return before.prefix === 'O' || before.prefix === 'E' || before.prefix === 'S' || before.type !== tag.type
}
