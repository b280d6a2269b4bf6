import Type from 'typebox'
import type { Random } from '../../../core/random.js'
import { sureLinks } from '../../alignment.js'
import { defineGenerator } from '../../generating/define-generator.js'
import type { Drawn } from '../../generating/draw.js'

const brackets = ['()', '[]', '{}', '<>'] as const

export const dyck = defineGenerator({
  name: 'dyck',
  summary:
    'Generated: nested brackets of several kinds; whether they match, or the brackets that are still to be closed.',
  equations: ['S -> ε | S ( S ) | S [ S ] | ...'],
  source: {
    paper:
      'Suzgun et al. 2019, Memory-Augmented Recurrent Neural Networks Can Learn Generalized Dyck Languages; Hewitt et al. 2020',
    url: 'https://arxiv.org/abs/1911.03329',
  },
  lengthOf: 'brackets of the source',
  options: {
    kinds: Type.Integer({
      minimum: 1,
      maximum: brackets.length,
      default: 2,
      description: 'Kinds of brackets: of ( ), [ ], { }, < >, the first.',
    }),
    maxDepth: Type.Integer({ minimum: 1, maximum: 1000, default: 8, description: 'Most brackets open at a time.' }),
    target: Type.Union([Type.Literal('closing'), Type.Literal('match')], {
      default: 'closing',
      description:
        'closing: the brackets that close what the source leaves open, the last one first (for sequences). match: `yes` or `no`, whether the source is well nested (for classify; one bracket of a well-nested source is exchanged in half of them).',
    }),
  },
  problems: ({ target }, sides) => {
    const wanted = sides.target === 'label' ? 'match' : 'closing'
    if (target === wanted) return []
    const why =
      wanted === 'match' ? 'this task has one label for each source' : 'this task has a sequence of symbols as target'
    return [{ path: 'target', message: why, expected: `\`${wanted}\``, received: `\`${target}\`` }]
  },
  build:
    ({ kinds, maxDepth, target }) =>
    (random, length) =>
      target === 'closing' ? unclosed(random, length, kinds, maxDepth) : matched(random, length, kinds, maxDepth),
})

/** A prefix of a well-nested text that leaves at least one bracket open. */
function unclosed(random: Random, length: number, kinds: number, maxDepth: number): Drawn {
  const source: string[] = []
  const open: string[] = []
  const openedAt: number[] = []
  let closed = 0
  while (source.length < length) {
    const isLast = source.length === length - 1
    const mustOpen = open.length === 0 || (isLast && open.length === 1)
    const mustClose = open.length === maxDepth && open.length > 0
    if ((mustOpen && !mustClose) || (!mustClose && random.below(2) !== 0)) {
      openedAt.push(source.length)
      step(source, open, random, kinds)
    } else {
      closed = openedAt.pop() ?? 0
      source.push(open.pop() ?? '')
    }
  }
  return open.length > 0
    ? withOpening(source, open.toReversed(), openedAt.toReversed())
    : withOpening(source.slice(0, -1), source.slice(-1), [closed])
}

/** Each closing bracket goes with the one that it closes. */
function withOpening(source: readonly string[], target: readonly string[], openedAt: readonly number[]): Drawn {
  return { source, target, alignment: sureLinks(openedAt, source.length) }
}

function step(source: string[], open: string[], random: Random, kinds: number): void {
  const [left = '', right = ''] = brackets[random.below(kinds)] ?? ''
  source.push(left)
  open.push(right)
}

/** Well nested; in half of the cases with one bracket exchanged for another one, which never leaves it well nested. */
function matched(random: Random, length: number, kinds: number, maxDepth: number): Drawn {
  const source: string[] = []
  const open: string[] = []
  const even = length + (length % 2)
  while (source.length < even) {
    const left = even - source.length
    const mustClose = open.length === left || open.length === maxDepth
    if (open.length === 0 || (!mustClose && random.below(2) === 0)) step(source, open, random, kinds)
    else source.push(open.pop() ?? '')
  }
  if (random.below(2) === 0) return { source, target: 'yes' }
  const at = random.below(source.length)
  const others = brackets
    .slice(0, kinds)
    .flatMap((pair) => [...pair])
    .filter((bracket) => bracket !== source[at])
  return { source: source.with(at, others[random.below(others.length)] ?? ''), target: 'no' }
}
