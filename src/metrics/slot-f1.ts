import Type, { type Static } from 'typebox'
import { type Problem, SeqlabError } from '../core/errors.js'
import { undefinedBecause } from '../core/measured.js'
import { oneOf } from '../core/suggest.js'
import {
  type Detected,
  detectScheme,
  otherNotation,
  prefixesOf,
  readTags,
  schemes,
  type TagScheme,
} from '../core/tag-schemes.js'
import type { TagFacts } from '../core/tags.js'
import { best } from './best.js'
import { type FindSpans, lenientSpans, strictSpans } from './tag-spans.js'
import { defineMetric, type TagsBySplit, type TrainingFacts } from './types.js'

const options = Type.Object({
  scheme: Type.Union(
    [
      Type.Literal('auto'),
      Type.Literal('none'),
      Type.Literal('iob1'),
      Type.Literal('iob2'),
      Type.Literal('iobes'),
      Type.Literal('bilou'),
      Type.Literal('bmes'),
    ],
    {
      default: 'auto',
      description:
        'How tags mark spans; `none`: a run of equal tags is a span; `auto`: as the training tags do (by their prefixes; with B and I alone, IOB2 if every span begins with B, IOB1 if B is only between spans of a type; else an error).',
    },
  ),
  count: Type.Union([Type.Literal('conlleval'), Type.Literal('strict')], {
    default: 'conlleval',
    description:
      'What counts as a span where tags do not follow their scheme: what conlleval (and seqeval by default) takes for one, or nothing (the strict mode of seqeval).',
  }),
  outside: Type.String({ minLength: 1, default: 'O', description: 'Tag of tokens outside any slot.' }),
})
type Options = Static<typeof options>

export const slotF1 = defineMetric({
  name: 'slot-f1',
  summary:
    'F1 over slots: spans of tags, correct where type, start and end are. A tag without a prefix continues a span of the same tag.',
  equations: ['P = correct / predicted', 'R = correct / in the reference', 'F1 = 2 P R / (P + R)'],
  source: {
    paper: 'Tjong Kim Sang & Buchholz 2000 (conlleval); spans as seqeval finds them, by default or in its strict mode',
    url: 'https://www.clips.uantwerpen.be/conll2000/chunking/',
  },
  options,
  range: [0, 1],
  better: 'higher',
  unit: 'percent',
  tasks: ['tag'],
  build: (options, training) => {
    const slotsOf = slotFinder(options, training)
    return {
      /** [correct slots, predicted slots, slots of the reference]. */
      statistics: ({ hypothesis, references }) => {
        const predicted = slotsOf(hypothesis)
        return best(
          references,
          (reference) => {
            const wanted = slotsOf(reference)
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
    }
  },
  dataProblems: (options, tags) => {
    const [training, ...others] = problemsOf(options, tags.train)
    if (training !== undefined) return [training, ...others]
    return heldOutProblems(options, tags)
  },
  outcome: (options, { tags }) => {
    if (options.scheme !== 'auto' || tags === undefined) return undefined
    const detected = detectScheme(tags, options.outside)
    if (!('scheme' in detected)) return undefined
    const other = detected.scheme === 'none' ? otherNotation(tags) : undefined
    const doubt = other === undefined ? '' : ` (${other} look like marks of spans, which are written B-x and I-x)`
    return `scheme auto: ${detected.scheme}, by the training tags${doubt}`
  },
})

/** The slots of an example's tags, as `type start end`. Throws SeqlabError 'data' where the training tags follow no scheme. */
export function slotFinder(
  options: Options,
  training?: TrainingFacts,
): (tags: readonly string[]) => ReadonlySet<string> {
  const scheme = schemeOf(options, training?.tags)
  const read = readTags(scheme, options.outside)
  const find = finderOf(options, scheme)
  return (tags) => find(read(tags))
}

const noSlot = 'neither the references nor the predictions have slots'

/** Of one example, to find its best reference: no slots are all of a reference without any. */
function f1(sums: readonly number[]): number {
  const [correct = 0, predicted = 0, wanted = 0] = sums
  return predicted + wanted === 0 ? 1 : (2 * correct) / (predicted + wanted)
}

/** Without training tags, `auto` reads the letters of IOBES. Throws SeqlabError 'data' where tags follow no scheme. */
function schemeOf(options: Options, tags: TagFacts | undefined): TagScheme {
  const { scheme = 'auto', outside } = options
  if (scheme !== 'auto') return scheme
  if (tags === undefined) return 'iobes'
  const detected = detectScheme(tags, outside)
  if ('scheme' in detected) return detected.scheme
  const problems = [unfitProblem(detected)]
  throw new SeqlabError('data', `slot-f1: ${detected.unfit}`, {
    problems,
    ...(detected.hint && { hint: detected.hint }),
  })
}

function finderOf({ count }: Options, scheme: TagScheme): FindSpans {
  return count === 'strict' && scheme !== 'none' ? strictSpans(scheme) : lenientSpans
}

type Unfit = Extract<Detected, { unfit: string }>

function unfitProblem({ unfit, hint }: Unfit): Problem {
  const otherwise = 'say which scheme the tags follow (`scheme`), or `scheme: none` where they mark no spans'
  return { path: '', message: unfit, hint: hint ?? otherwise }
}

/** Why training tags do not fit the scheme that is asked for, or `auto` finds none. */
function problemsOf({ scheme, count, outside }: Options, tags: TagFacts): Problem[] {
  const detected: Detected = scheme === 'auto' ? detectScheme(tags, outside) : { scheme }
  if ('unfit' in detected) return [unfitProblem(detected)]
  if (detected.scheme === 'none') return []
  return [...prefixProblems(detected.scheme, tags, outside, 'training'), ...plainProblems(tags, count, outside)]
}

function prefixProblems(scheme: TagScheme, tags: TagFacts, outside: string, split: string): Problem[] {
  const prefixes = prefixesOf(tags, outside)
  const letters = [...schemes[scheme]]
  const unknown = prefixes.filter((prefix) => !letters.includes(prefix))
  const plain = Object.keys(tags.plain).filter((tag) => tag !== outside)
  if (split === 'training' && prefixes.length === 0 && plain.length > 0) {
    return [{ path: 'scheme', message: 'no training tag has a prefix', received: scheme, hint: 'set `scheme: none`' }]
  }
  if (unknown.length === 0) return []
  const message = `the ${split} tags have prefixes that ${scheme} does not have`
  return [{ path: '', message, expected: oneOf(letters), received: unknown.join(', ') }]
}

/** Tags without a prefix next to tags with one: spans of their own for conlleval, nothing that strict counting knows. */
function plainProblems({ plain }: TagFacts, count: Options['count'], outside: string): Problem[] {
  const others = Object.keys(plain).filter((tag) => tag !== outside)
  const [tag] = others
  if (tag === undefined || (count !== 'strict' && outside in plain)) return []
  const message = `tags without a prefix (${others.slice(0, 3).join(', ')}) would count as slots, and \`${outside}\` ${outside in plain ? 'is another tag' : 'is no tag of the training set'}`
  return [{ path: 'outside', message, hint: 'name the tag of tokens outside any slot (`outside`)' }]
}

/** Tags that only held-out sets have must fit the training tags' scheme. */
function heldOutProblems(options: Options, { train, ...heldOut }: TagsBySplit): Problem[] {
  const { outside } = options
  const scheme = schemeOf(options, train)
  if (scheme === 'none') return []
  return (['dev', 'test'] as const).flatMap((split) => prefixProblems(scheme, heldOut[split], outside, split))
}
