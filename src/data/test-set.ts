import { datasetError } from './data-error.js'
import type { DataDescription } from './description.js'
import { testDigest } from './encoding/digest.js'
import { encodeTest } from './encoding/encode.js'
import { mergedIn } from './encoding/merged.js'
import { testSetOf } from './encoding/sets.js'
import { tallyInto } from './encoding/tokenise.js'
import { testWindows } from './encoding/windows.js'
import type { DataOptions } from './options.js'
import { sources } from './sources/index.js'
import type { RawExamples, RawSeries, Windows } from './sources/types.js'
import type { DataCounts, Sides, Split, Vocabulary } from './types.js'

/** Which data are read for a test set, and how; the options are resolved. */
export interface TestData {
  readonly options: DataOptions
  readonly baseDir: string
  /** Whether all examples of the source are the test set; else those that its split takes. */
  readonly whole: boolean
}

/** Examples as their source has them: read once, for models with other vocabularies too. */
export type RawTest =
  | { readonly kind: 'examples'; readonly raw: RawExamples }
  | { readonly kind: 'series'; readonly raw: RawSeries; readonly windows: Windows }

/** A test set as a trained model reads it. */
export interface TestSet {
  readonly split: Split
  readonly digest: string
  readonly counts: Pick<DataCounts, 'read' | 'dropped' | 'cut' | 'merged' | 'unknownTokens'>
}

/** Reads the source of a test set. Throws SeqlabError 'data', with file and line. */
export async function readTest({ options, baseDir }: TestData): Promise<RawTest> {
  const source = sources.build(options.source)
  if ('windows' in source) return { kind: 'series', raw: await source.read({ baseDir }), windows: source.windows }
  const { train, dev, test } = await source.read({ baseDir })
  // Several models may go through them.
  const raw = { train: [...train], ...(dev && { dev: [...dev] }), ...(test && { test: [...test] }) }
  return { kind: 'examples', raw }
}

/** A test set by the vocabularies and scales of a trained model. Throws SeqlabError 'data' where it does not fit them. */
export function encodeTestSet(
  read: RawTest,
  { options, whole }: Pick<TestData, 'options' | 'whole'>,
  { vocabularies, scaling = [], learned }: Pick<DataDescription, 'vocabularies' | 'scaling' | 'learned'>,
  sides: Sides,
): TestSet {
  const notes = { dropped: {}, cut: {}, unknownTokens: {} }
  if (read.kind === 'series') {
    const split = testWindows(read.raw, read.windows, scaling, options, { whole })
    return { split, digest: testDigest(split), counts: { read: split.size, ...notes } }
  }
  const counts = { read: 0 }
  const count = tallyInto(counts)
  const counting = { read: () => count('read'), dropped: tallyInto(notes.dropped), whole, ...(learned && { learned }) }
  const examples = testSetOf(read.raw, options, sides, counting)
  const source = known(vocabularies.source)
  const target = vocabularies.target ?? source
  const split = encodeTest(examples, { ...vocabularies, source, target }, options, sides, notes)
  return { split, digest: testDigest(split), counts: { ...counts, ...notes, ...mergedIn({ test: examples }, sides) } }
}

function known(vocabulary: Vocabulary | undefined): Vocabulary {
  if (vocabulary === undefined) throw datasetError('data', 'the model has no symbols, and these data have')
  return vocabulary
}
