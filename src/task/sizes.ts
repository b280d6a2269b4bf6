import { type Column, type Dataset, type Split, UNK, type Vocabulary } from '../data/types.js'
import type { KnownSymbols, SymbolSpace } from '../model/representation/types.js'
import type { ModelSizes } from '../model/sizes.js'

/**
 * What a model's sizes follow from: the longest source of train and dev, the longest target of train. The test split
 * decides nothing here, so that another one leaves the model as it is.
 */
export function modelSizes(dataset: Dataset): ModelSizes {
  const { train, dev, sourceVocabulary, featureVocabulary, attributeVocabularies, vectors } = dataset
  const targetVocabulary = dataset.targetVocabulary ?? sourceVocabulary
  return {
    source: space(sourceVocabulary, dataset.sourceWidth, 'source'),
    target: space(targetVocabulary, dataset.targetWidth, 'target'),
    longestSource: Math.max(longestRow(train.source), longestRow(dev.source)),
    longestTarget: longestRow(train.target),
    ...(train.ahead?.kind === 'values' && { ahead: train.ahead.width }),
    ...(featureVocabulary && {
      features: { vocabulary: featureVocabulary.symbols.length, longest: longestOf(train.features, dev.features) },
    }),
    ...(attributeVocabularies && { attributes: attributeSizes(attributeVocabularies, train, dev, dataset.factors) }),
    ...(targetVocabulary?.specials === true ? { unknown: UNK } : {}),
    ...(dataset.counts.tags && { tags: dataset.counts.tags }),
    known: {
      ...known('source', sourceVocabulary, vectors?.source),
      ...known('target', targetVocabulary, vectors?.target),
      ...(featureVocabulary && { features: { symbols: featureVocabulary.symbols } }),
      ...(dataset.factors && { factors: factorSymbols(dataset.factors, attributeVocabularies) }),
    },
  }
}

/** The same as the test split would have them: whether a model takes sources as long as these. */
export function testSizes(dataset: Dataset): ModelSizes {
  return { ...modelSizes(dataset), longestSource: longestRow(dataset.test.source) }
}

/** At least one place, so that no axis is empty. */
function longestOf(...columns: readonly (Column | undefined)[]): number {
  return Math.max(1, ...columns.map((column) => (column === undefined ? 0 : longestRow(column))))
}

function attributeSizes(
  vocabularies: NonNullable<Dataset['attributeVocabularies']>,
  train: Split,
  dev: Split,
  factors: Dataset['factors'] = {},
): NonNullable<ModelSizes['attributes']> {
  const entries = Object.entries(vocabularies).map(([name, { symbols }]) => {
    const longest = longestOf(train.attributes?.[name], dev.attributes?.[name])
    const several = factors[name]?.separator === undefined ? {} : { several: true }
    return [name, { vocabulary: symbols.length, longest, ...several }] as const
  })
  return Object.fromEntries(entries)
}

function factorSymbols(
  factors: NonNullable<Dataset['factors']>,
  vocabularies: Dataset['attributeVocabularies'] = {},
): Readonly<Record<string, KnownSymbols>> {
  const known = Object.keys(factors).map((name) => [name, { symbols: vocabularies[name]?.symbols ?? [] }] as const)
  return Object.fromEntries(known)
}

function space(vocabulary: Vocabulary | undefined, width: number | undefined, side: string): SymbolSpace {
  if (width !== undefined) return { width }
  if (vocabulary !== undefined) return { vocabulary: vocabulary.symbols.length }
  throw new RangeError(`The data has neither symbols nor numbers on the ${side} side`)
}

function known(side: 'source' | 'target', vocabulary: Vocabulary | undefined, vectors: KnownSymbols['vectors']) {
  if (vocabulary === undefined) return {}
  const { symbols } = vocabulary
  return { [side]: vectors === undefined ? { symbols } : { symbols, vectors } }
}

/**
 * How many symbols a search gives at most, `<eos>` not counted: 2 L + 5, where L is the longest training target. The
 * same limit for dev and test, whatever their own targets are; a search that does not end is cut there.
 */
export function outputLimit({ longestTarget }: Pick<ModelSizes, 'longestTarget'>): number {
  return 2 * longestTarget + 5
}

export function longestRow({ offsets }: Column): number {
  let longest = 0
  for (let row = 1; row < offsets.length; row++) longest = Math.max(longest, rowLength(offsets, row - 1))
  return longest
}

/** Elements of row i of packed rows. */
export function rowLength(offsets: Int32Array, row: number): number {
  return (offsets[row + 1] ?? 0) - (offsets[row] ?? 0)
}
