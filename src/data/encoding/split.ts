import { joinTokens, wordMark } from '../../core/pieces.js'
import { randomStream } from '../../core/random.js'
import { datasetError } from '../data-error.js'
import type { DataOptions } from '../options.js'
import { type SetName, splitSeed } from '../types.js'
import type { TokenExample } from './tokenise.js'

export type Sets = Readonly<Record<SetName, readonly TokenExample[]>>

const separator = '\u0000'

/** What tells sources apart: the same for canonically equal ones (UAX 15), whichever form their letters have. */
export type SourceKey = (example: Pick<TokenExample, 'source'>) => string
export type InputKey = (example: Pick<TokenExample, 'source' | 'features' | 'factors'>) => string

/** What an example's output may depend on: its source, and its features and its tokens' factors where it has some. */
export function inputKeyOf(sourceKey: SourceKey): InputKey {
  return (example) => {
    const { features, factors = {} } = example
    const besides = [...(features === undefined ? [] : [features]), ...Object.values(factors)]
    return [sourceKey(example), ...besides.flatMap((texts) => ['\u0001', ...texts])].join(separator)
  }
}

/** `joiner` of the source's tokenizer: characters and pieces are compared as the text that they make. */
export function sourceKeyOf(joiner: string): SourceKey {
  return ({ source }) => {
    const text = joiner === wordMark ? joinTokens(source, joiner) : source.join(joiner === '' ? '' : separator)
    return composed(text)
  }
}

/**
 * Splits the sets that are not given off training. What is kept together (all examples of a source, or only those of a
 * pair) is moved whole; the order within each set stays. `split` has sizes of the sets that are not given (resolveData).
 * `forTest`: only the test set is used. Throws SeqlabError 'data' where nothing would be left of training.
 */
export function splitSets(
  given: { readonly train: readonly TokenExample[] } & Partial<Sets>,
  split: DataOptions['split'],
  sourceKey: SourceKey,
  forTest = false,
): Sets {
  if (split === undefined) return { train: given.train, dev: given.dev ?? [], test: given.test ?? [] }
  const keyOf = split.keepTogether === 'pair' ? pairKey(sourceKey) : sourceKey
  const keys = given.train.map(keyOf)
  const groups = randomStream(split.seed ?? splitSeed, 'split').shuffle([...new Set(keys)])
  const wanted = { test: sizeOf(split.test, groups.length), dev: sizeOf(split.dev, groups.length) }
  if (groups.length === 0) throw noExample()
  refuseTooLarge(wanted, groups.length, forTest)
  const heldOut = groups.slice(0, wanted.test + wanted.dev)
  const setOf = new Map(heldOut.map((key, index) => [key, index < wanted.test ? 'test' : 'dev'] as const))
  const chosen: Record<SetName, TokenExample[]> = { train: [], dev: [], test: [] }
  for (const [index, example] of given.train.entries()) chosen[setOf.get(keys[index] ?? '') ?? 'train'].push(example)
  return { train: chosen.train, dev: given.dev ?? chosen.dev, test: given.test ?? chosen.test }
}

/** A seeded subset in the set's own order; a larger one contains a smaller one. */
export function limitSet<T>(items: readonly T[], name: SetName, limit: DataOptions['limit']): readonly T[] {
  const most = limit?.[name]
  if (most === undefined || items.length <= most) return items
  const order = randomStream(limit?.seed ?? splitSeed, 'limit', name).shuffle(items.map((_, index) => index))
  const kept = new Set(order.slice(0, most))
  return items.filter((_, index) => kept.has(index))
}

function pairKey(sourceKey: SourceKey): (example: TokenExample) => string {
  return (example) => composed([sourceKey(example), '\u0001', ...example.target].join(separator))
}

/** Text in NFC. To ask whether a character is above those that are composed anyway takes a fifth of the time. */
function composed(text: string): string {
  return /[^\0-\u02ff]/.test(text) ? text.normalize('NFC') : text
}

/** A count, or a share of all; none of a set that is given (resolveData gives the others a size). */
function sizeOf(size: number | undefined, groups: number): number {
  if (size === undefined) return 0
  return size < 1 ? Math.max(1, Math.round(size * groups)) : size
}

function noExample(): Error {
  return datasetError('data', 'there is no example', {
    hint: 'every one has an empty side, or the files hold none: are they whole, and of the kind that data.source reads?',
  })
}

function refuseTooLarge(wanted: { dev: number; test: number }, groups: number, forTest: boolean): void {
  if (wanted.dev + wanted.test < groups) return
  const sizes = {
    expected: `dev and test to be fewer than the ${groups} different sources`,
    received: `${wanted.dev} + ${wanted.test}`,
  }
  if (forTest)
    throw datasetError('data.split', 'the test split of these data, which is scored, would be all of them or more', {
      ...sizes,
      hint: 'to score all of them name them as `test:` in data.source, instead of `file:`; to score a part set data.split',
    })
  throw datasetError('data.split', 'nothing would be left for training', {
    ...sizes,
    hint:
      groups === 1
        ? 'all of it is one example: sentences of `tagged` and paragraphs of `text` end at a blank line; is the file of another kind?'
        : 'set data.split.dev and data.split.test (counts, or fractions below 1)',
  })
}
