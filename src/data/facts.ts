import { lengthsOf } from './encoding/columns.js'
import { aheadScaling, inputScaling, targetScaling } from './scaling.js'
import {
  type Column,
  type DataCounts,
  type Dataset,
  type SeriesScaling,
  type SetName,
  type Split,
  UNK,
  UNSEEN_LABEL,
  type Vocabulary,
} from './types.js'

/** What was read, as `seqlab check` prints it. Plain data. */
export interface DataFacts {
  readonly splits: readonly SplitFacts[]
  /** Of tags and classes: how often each is in the training set, the most frequent first. */
  readonly labels?: readonly LabelShare[]
  /** Of series: those whose training part is constant. */
  readonly series?: {
    readonly names: readonly string[]
    readonly constant: readonly string[]
    /** Those that are read and not forecast. */
    readonly inputs?: readonly string[]
    readonly knownAhead?: readonly string[]
  }
  readonly counts: DataCounts
}

export interface SplitFacts {
  readonly name: SetName
  readonly examples: number
  readonly source: SideFacts
  /** Absent where targets are labels of the source or its own text. */
  readonly target?: SideFacts
  /** Where examples have features. */
  readonly features?: SideFacts
  /** Of the characters inside tokens, where they are read. */
  readonly characters?: SideFacts
  /** Of the values of tokens' factors, by name. */
  readonly factors?: Readonly<Record<string, SideFacts>>
  /** Share of labels that training does not have, 0 to 1. */
  readonly unseenLabels?: number
}

/** Lengths in tokens, or in steps. */
export interface SideFacts {
  readonly mean: number
  readonly longest: number
  /** Share of tokens that are `<unk>`, 0 to 1; absent for numbers. */
  readonly unknown?: number
}

export interface LabelShare {
  readonly label: string
  /** 0 to 1. */
  readonly share: number
}

/** Summarises a dataset: sizes, lengths, unknown tokens, the balance of labels. */
export function datasetFacts(dataset: Dataset): DataFacts {
  const { train, dev, test, targetVocabulary, scaling, counts, factors } = dataset
  const labels = targetVocabulary?.specials === false ? targetVocabulary : undefined
  return {
    splits: [
      splitFacts('train', train, labels !== undefined, factors),
      splitFacts('dev', dev, labels !== undefined, factors),
      splitFacts('test', test, labels !== undefined, factors),
    ],
    ...(labels && { labels: balance(train.target, labels) }),
    ...(scaling && { series: seriesFacts(scaling) }),
    counts,
  }
}

function seriesFacts(scaling: readonly SeriesScaling[]): NonNullable<DataFacts['series']> {
  const names = (series: readonly SeriesScaling[]) => series.map(({ name }) => name)
  const [inputs, knownAhead] = [names(inputScaling(scaling)), names(aheadScaling(scaling))]
  const targets = targetScaling(scaling)
  return {
    names: names(targets),
    constant: names(targets.filter(({ naiveError }) => naiveError === 0)),
    ...(inputs.length > 0 && { inputs }),
    ...(knownAhead.length > 0 && { knownAhead }),
  }
}

function splitFacts(
  name: SplitFacts['name'],
  { size, source, target, features, attributes }: Split,
  labelled: boolean,
  factors: Dataset['factors'],
): SplitFacts {
  return {
    name,
    examples: size,
    source: sideFacts(source),
    ...(labelled && { unseenLabels: shareOf(target, UNSEEN_LABEL) }),
    ...(!labelled && target !== source && { target: sideFacts(target) }),
    ...(features && { features: sideFacts(features) }),
    ...(attributes?.characters && { characters: sideFacts(attributes.characters) }),
    ...(factors && attributes && { factors: factorFacts(Object.keys(factors), attributes) }),
  }
}

function factorFacts(
  names: readonly string[],
  columns: NonNullable<Split['attributes']>,
): Readonly<Record<string, SideFacts>> {
  const facts = names.flatMap((name) => {
    const column = columns[name]
    return column === undefined ? [] : [[name, sideFacts(column)] as const]
  })
  return Object.fromEntries(facts)
}

function sideFacts(column: Column): SideFacts {
  const lengths = lengthsOf(column)
  const total = lengths.reduce((sum, length) => sum + length, 0)
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0)
  const unknown = column.kind === 'ids' ? { unknown: shareOf(column, UNK) } : {}
  return { mean: total / Math.max(1, lengths.length), longest, ...unknown }
}

function shareOf({ data }: Column, id: number): number {
  let found = 0
  for (let place = data.indexOf(id); place >= 0; place = data.indexOf(id, place + 1)) found += 1
  return found / Math.max(1, data.length)
}

/** Labels are in their vocabulary by falling frequency in training already. */
function balance(target: Column, { symbols }: Vocabulary): LabelShare[] {
  return symbols.map((label, id) => ({ label, share: shareOf(target, id) }))
}
