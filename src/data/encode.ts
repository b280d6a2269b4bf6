import { offsetsOf, packIds } from './columns.js'
import { joinerOf, type Tally, type TokenExample, tallyInto, tokenise } from './examples.js'
import type { DataOptions } from './options.js'
import type { RawExamples } from './parts.js'
import { dataError } from './problem.js'
import { limitSet, type SetName, sourceKey, splitSets } from './split.js'
import type { Dataset, Encoded, Sides, Split, Vocabulary } from './types.js'
import { buildVocabulary, encoder } from './vocabulary.js'

/** A held-out example: one source, every accepted target. */
interface Question {
  readonly source: readonly string[]
  readonly targets: readonly (readonly string[])[]
}

/** Raw examples -> tokens -> splits -> vocabularies -> ids. */
export function encodeExamples(raw: RawExamples, options: DataOptions, sides: Sides): Encoded {
  const notes = { dropped: {}, cut: {}, unknownTokens: {} }
  const tally = {
    dropped: tallyInto(notes.dropped),
    cut: tallyInto(notes.cut),
    unknown: tallyInto(notes.unknownTokens),
  }
  const tokens = tokeniseSets(raw, options, sides, tally.dropped)
  const split = splitSets(tokens, options.split)
  const short = dropLong(split.train, options, tally.dropped)
  if (short.length === 0) throw dataError('data', 'no training example is left', { hint: reasons(notes.dropped) })
  const train = limitSet(short, 'train', options.limit)
  const [dev, test] = (['dev', 'test'] as const).map((name) =>
    limitSet(group(split[name], options.references === 'grouped'), name, options.limit),
  ) as [readonly Question[], readonly Question[]]
  const vocabularies = vocabulariesOf(train, options, sides)
  const encode = encodersOf(vocabularies, tally.unknown)
  const cut = cutters(options, sides, tally.cut)
  const parts = {
    sourceVocabulary: vocabularies.source,
    ...(sides.target === 'none' ? {} : { targetVocabulary: vocabularies.target }),
    joiners: joiners(options, sides),
    train: trainingSplit(train, encode('train'), sides),
    dev: questionSplit(dev, encode('dev'), cut('dev'), sides),
    test: questionSplit(test, encode('test'), cut('test'), sides),
  }
  const kept = { train: parts.train.size, dev: parts.dev.size, test: parts.test.size }
  const read = raw.train.length + (raw.dev?.length ?? 0) + (raw.test?.length ?? 0)
  const seenInTraining = seenSources(train, { dev, test })
  return { ...parts, counts: { read, kept, ...notes, seenInTraining } }
}

function seenSources(train: readonly TokenExample[], held: Readonly<Record<'dev' | 'test', readonly Question[]>>) {
  const trained = new Set(train.map(sourceKey))
  const counts: Record<string, number> = {}
  for (const [name, questions] of Object.entries(held)) {
    const seen = questions.filter((question) => trained.has(sourceKey(question))).length
    if (seen > 0) counts[name] = seen
  }
  return counts
}

function tokeniseSets(raw: RawExamples, options: DataOptions, sides: Sides, dropped: Tally) {
  const { train, dev, test } = raw
  return {
    train: tokenise(train, options, sides, dropped),
    ...(dev === undefined ? {} : { dev: tokenise(dev, options, sides, dropped) }),
    ...(test === undefined ? {} : { test: tokenise(test, options, sides, dropped) }),
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

/** One question a source, with its different targets in order; or one a line. */
function group(examples: readonly TokenExample[], grouped: boolean): Question[] {
  if (!grouped) return examples.map(({ source, target }) => ({ source, targets: [target] }))
  const bySource = new Map<string, { source: readonly string[]; targets: Map<string, readonly string[]> }>()
  for (const example of examples) {
    const key = sourceKey(example)
    const question = bySource.get(key) ?? { source: example.source, targets: new Map() }
    question.targets.set(JSON.stringify(example.target), example.target)
    bySource.set(key, question)
  }
  return [...bySource.values()].map(({ source, targets }) => ({ source, targets: [...targets.values()] }))
}

interface Vocabularies {
  readonly source: Vocabulary
  readonly target: Vocabulary
}

function vocabulariesOf(train: readonly TokenExample[], options: DataOptions, sides: Sides): Vocabularies {
  const of = (side: 'source' | 'target', specials: boolean) => {
    const { minFrequency, maxSize } = options[`${side}Tokens`] ?? { minFrequency: 1 }
    const size = maxSize === undefined ? {} : { maxSize }
    return buildVocabulary(
      train.map((example) => example[side]),
      { specials, minFrequency, ...size },
    )
  }
  const source = of('source', true)
  return { source, target: sides.target === 'none' ? source : of('target', sides.target === 'tokens') }
}

type Encode = Readonly<Record<'source' | 'target', (row: readonly string[]) => number[]>>

function encodersOf(vocabularies: Vocabularies, unknown: Tally): (set: SetName) => Encode {
  return (set) => ({
    source: encoder(vocabularies.source, () => unknown(`${set} source`)),
    target: encoder(vocabularies.target, () => unknown(`${set} target`)),
  })
}

type Cut = Readonly<Record<'source' | 'target', (row: readonly string[]) => readonly string[]>>

/** Cuts held-out rows to what the model may see; labels are cut with their source. */
function cutters(options: DataOptions, sides: Sides, tally: Tally): (set: SetName) => Cut {
  const to = (most: number | undefined, note: (most: number) => void) => (row: readonly string[]) => {
    if (most === undefined || row.length <= most) return row
    note(most)
    return row.slice(0, most)
  }
  const source = options.sourceTokens?.maxLength
  return (set) => ({
    source: to(source, (most) => tally(`${set} source longer than ${most}`)),
    target:
      sides.target === 'labels'
        ? to(source, () => {})
        : to(options.targetTokens?.maxLength, (most) => tally(`${set} target longer than ${most}`)),
  })
}

function trainingSplit(examples: readonly TokenExample[], encode: Encode, sides: Sides): Split {
  const source = packIds(examples.map((example) => encode.source(example.source)))
  const target = sides.target === 'none' ? source : packIds(examples.map((example) => encode.target(example.target)))
  return { size: examples.length, source, target }
}

function questionSplit(questions: readonly Question[], encode: Encode, cut: Cut, sides: Sides): Split {
  const source = packIds(questions.map((question) => encode.source(cut.source(question.source))))
  const first = (question: Question) => encode.target(cut.target(question.targets[0] ?? []))
  return {
    size: questions.length,
    source,
    target: sides.target === 'none' ? source : packIds(questions.map(first)),
    references: {
      texts: questions.flatMap((question) => question.targets),
      offsets: offsetsOf(questions.map((question) => question.targets.length)),
    },
    sourceTexts: questions.map((question) => question.source),
  }
}

function joiners(options: DataOptions, sides: Sides): Dataset['joiners'] {
  const source = joinerOf(options.sourceTokens)
  return { source, target: sides.target === 'none' ? source : joinerOf(options.targetTokens) }
}

function reasons(dropped: Readonly<Record<string, number>>): string {
  const list = Object.entries(dropped).map(([why, count]) => `${why}: ${count}`)
  return list.length === 0 ? 'the training set is empty' : `left out: ${list.join(', ')}`
}
