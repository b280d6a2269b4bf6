import type { TrueAlignment } from '../alignment.js'
import { datasetError } from '../data-error.js'
import type { DataOptions } from '../options.js'
import type { RawExamples } from '../sources/types.js'
import type { Doubted, LearnedTokens, SetName, Sides } from '../types.js'
import { inPieces, learnTokens } from './learn.js'
import { type InputKey, inputKeyOf, limitSet, sourceKeyOf, splitSets } from './split.js'
import { type Counting, joinerOf, type Tally, type TokenExample, tallyInto, tokenise } from './tokenise.js'

/** A held-out example: one source (with its features, where it has some), every accepted target. */
export interface HeldOutExample {
  readonly source: readonly string[]
  readonly targets: readonly (readonly string[])[]
  readonly features?: readonly string[]
  readonly factors?: NonNullable<TokenExample['factors']>
  /** With the first of the targets. */
  readonly alignment?: TrueAlignment
  /** How many examples of the file it is, where they are grouped; else it is one. */
  readonly merged?: number
}

export interface Sets {
  readonly train: readonly TokenExample[]
  readonly dev: readonly HeldOutExample[]
  readonly test: readonly HeldOutExample[]
  /** What cuts texts into pieces, where something does. */
  readonly learned?: LearnedTokens
  /** Whether no source is in two sets, because they were split by source. */
  readonly apart: boolean
  /** Examples that the source has, before any is left out. */
  readonly read: number
  /** Those that may not have been read as they were meant. */
  readonly doubted?: Readonly<Record<string, Doubted>>
}

/**
 * Tokens in three sets: what is left out on the way is counted, and no set may end up empty. Tokenizers that learn do so from
 * the training set as its limit leaves it; `read` has those of files.
 */
export function setsOf(
  raw: RawExamples,
  options: DataOptions,
  sides: Sides,
  dropped: Tally,
  read: LearnedTokens = {},
): Sets {
  const counts = { read: 0 }
  const count = tallyInto(counts)
  const doubts: Record<string, Doubted> = {}
  const doubted = (doubt: string, where: string) => {
    const { examples, first } = doubts[doubt] ?? { examples: 0, first: where }
    doubts[doubt] = { examples: examples + 1, first }
  }
  const counting = { read: () => count('read'), dropped, doubted }
  const sourceKey = sourceKeyOf(joinerOf(options.sourceTokens))
  const limited = <T>(items: readonly T[] = [], name: SetName): readonly T[] => {
    if (items.length === 0)
      throw datasetError('data', `no ${name} examples are left`, {
        hint: 'every one has an empty side, or is too long',
      })
    const kept = limitSet(items, name, options.limit)
    if (kept.length < items.length) dropped(`${name} beyond the limit`, items.length - kept.length)
    return kept
  }
  const whole = splitSets(tokeniseSets(raw, options, sides, counting, read), options.split, sourceKey)
  const fitted = learnTokens(() => limited(whole.train, 'train'), options, sides)
  const cut = fitted === undefined ? undefined : inPieces(fitted, options, sides)
  const [trained = [], ...others] =
    cut === undefined
      ? [whole.train, whole.dev, whole.test]
      : [limitSet(whole.train, 'train', options.limit), whole.dev, whole.test].map(cut)
  const train = dropLong(trained, options, dropped)
  const [dev, test] = others.map(options.references === 'grouped' ? grouped(inputKeyOf(sourceKey)) : separate)
  const apart = raw.dev === undefined && raw.test === undefined && options.split?.keepTogether !== 'pair'
  return {
    train: limited(train, 'train'),
    dev: limited(dev, 'dev'),
    test: limited(test, 'test'),
    apart,
    ...withLearned({ ...read, ...fitted }),
    ...counts,
    ...(Object.keys(doubts).length > 0 && { doubted: doubts }),
  }
}

/**
 * The test set alone: what the source gives as one, else what the split takes. With `whole` all examples that the source
 * has, which are its one set. Throws SeqlabError 'data' where none are left.
 */
export function testSetOf(
  raw: RawExamples,
  options: DataOptions,
  sides: Sides,
  { whole, learned, ...counting }: Counting & { readonly whole: boolean; readonly learned?: LearnedTokens },
): readonly HeldOutExample[] {
  const test = whole ? raw.train : raw.test
  const [given, sizes] = test === undefined ? [raw, options.split] : [{ train: [], dev: [], test }, undefined]
  const sourceKey = sourceKeyOf(joinerOf(options.sourceTokens))
  const split = splitSets(tokeniseSets(given, options, sides, counting, learned), sizes, sourceKey, true)
  const examples = options.references === 'grouped' ? grouped(inputKeyOf(sourceKey))(split.test) : separate(split.test)
  if (examples.length === 0)
    throw datasetError('data', 'there are no test examples', { hint: 'every one has an empty side, or there is none' })
  const kept = limitSet(examples, 'test', options.limit)
  if (kept.length < examples.length) counting.dropped('test beyond the limit', examples.length - kept.length)
  return kept
}

/** How many held-out sources (with their features) are in the training set too, by set: none where splitting kept sources together. */
export function seenSources({ train, dev, test, apart }: Sets, joiner: string): Record<string, number> {
  if (apart) return {}
  const inputKey = inputKeyOf(sourceKeyOf(joiner))
  const trained = new Set(train.map(inputKey))
  const count = (examples: readonly HeldOutExample[]) =>
    examples.filter((example) => trained.has(inputKey(example))).length
  return Object.fromEntries(Object.entries({ dev: count(dev), test: count(test) }).filter(([, seen]) => seen > 0))
}

function withLearned(learned: LearnedTokens): Pick<Sets, 'learned'> {
  return Object.keys(learned).length === 0 ? {} : { learned }
}

function tokeniseSets(
  { train, dev, test }: RawExamples,
  options: DataOptions,
  sides: Sides,
  counting: Counting,
  learned?: LearnedTokens,
) {
  return {
    train: tokenise(train, options, sides, counting, learned),
    ...(dev === undefined ? {} : { dev: tokenise(dev, options, sides, counting, learned) }),
    ...(test === undefined ? {} : { test: tokenise(test, options, sides, counting, learned) }),
  }
}

function dropLong(examples: readonly TokenExample[], options: DataOptions, dropped: Tally): readonly TokenExample[] {
  const source = options.sourceTokens?.maxLength ?? Number.POSITIVE_INFINITY
  const target = options.targetTokens?.maxLength ?? Number.POSITIVE_INFINITY
  return examples.filter((example) => {
    const fits = example.source.length <= source && example.target.length <= target
    if (example.source.length > source) dropped(`train source longer than ${source}`)
    else if (!fits) dropped(`train target longer than ${target}`)
    return fits
  })
}

/** One held-out example per line. */
function separate(examples: readonly TokenExample[]): HeldOutExample[] {
  return examples.map(({ target, ...input }) => ({ ...input, targets: [target] }))
}

/** One held-out example per source with its features (as it is written first) with its different targets in order. */
function grouped(inputKey: InputKey) {
  return (examples: readonly TokenExample[]): HeldOutExample[] => {
    type Group = Omit<HeldOutExample, 'targets' | 'merged'> & { targets: Map<string, readonly string[]>; read: number }
    const byInput = new Map<string, Group>()
    for (const { target, ...input } of examples) {
      const key = inputKey(input)
      const heldOut = byInput.get(key) ?? { ...input, targets: new Map(), read: 0 }
      heldOut.targets.set(JSON.stringify(target), target)
      heldOut.read += 1
      byInput.set(key, heldOut)
    }
    return [...byInput.values()].map(({ targets, read, ...input }) => ({
      ...input,
      targets: [...targets.values()],
      merged: read,
    }))
  }
}
