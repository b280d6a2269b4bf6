import type { Static, TObject } from 'typebox'
import type { Problem } from '../../core/errors.js'
import { ofKind, type Part } from '../../core/part.js'
import type { RawAlignment } from '../alignment.js'
import type { Sides } from '../types.js'

/** Text for a tokenizer to split, or tokens that the source itself keeps apart: these may have spaces in them. */
export type RawText = string | readonly string[]

/** One example as a source read it. `where` is quoted in errors (`words.tsv:17`). */
export interface RawExample {
  readonly source: RawText
  readonly target: RawText
  /** What is known besides: an inflection's tags. Text is split at `data.features.separator`. */
  readonly features?: RawText
  /** What each source token has besides (its part of speech), by name: a text for each token, in a list or separated by spaces. */
  readonly factors?: Readonly<Record<string, RawText>>
  /** Which source tokens the target's go with, where that is known. */
  readonly alignment?: RawAlignment
  readonly where: string
  /** Why this is no example, where a part of the file is left out and counted: `-DOCSTART- line`. */
  readonly leftOut?: string
  /** What makes one doubt that it was read as it was meant: `tab between quotes`. */
  readonly doubt?: string
}

/** Examples in sets, to be gone through once. A held-out set that the source does not give is split off `train`. */
export interface RawExamples {
  readonly train: Iterable<RawExample>
  readonly dev?: Iterable<RawExample>
  readonly test?: Iterable<RawExample>
  /** By file: what it seems to be, where that is something else than its source reads; or that its header may be none. */
  readonly otherKind?: Readonly<Record<string, string>>
  /** What options choose and no example has: nothing can be learned of it, while a test set may be without it. */
  readonly absent?: readonly Problem[]
}

/** How many columns of each kind there are: they are in this order, in names and in steps. */
export interface SeriesWidths {
  /** Forecast, and read. */
  readonly targets: number
  /** Only read. */
  readonly inputs: number
  /** Read, and known of the steps that are forecast too. */
  readonly knownAhead: number
}

/** Numbers step by step: `steps[t][series]`, split by time; targets come before inputs, these before what is known ahead. */
export interface RawSeries {
  readonly names: readonly string[]
  /** Absent: all series are targets. */
  readonly widths?: SeriesWidths
  readonly steps: readonly (readonly number[])[]
  /** Missing values that are the last number before them, by series. */
  readonly carried?: Readonly<Record<string, number>>
  /** Steps at the end that have no target yet, and are not in `steps`. */
  readonly ahead?: number
}

export interface Windows {
  /** Input steps. */
  readonly window: number
  /** Forecast steps. */
  readonly horizon: number
  /** Steps from one window to the next. */
  readonly stride: number
  readonly scale: 'standard' | 'minmax' | 'none'
  /** Steps between a value and its naive forecast. */
  readonly season: number
}

export interface ReadContext {
  /** Base directory for relative paths (the spec's, or --data-dir). */
  readonly baseDir: string
}

/** What a source's examples are: pairs of texts, running text without targets, or numbers. */
export type Gives = 'pairs' | 'text' | 'series'

interface BoundSource<Raw> {
  /** Whether the source itself has these sets. */
  readonly brings: { readonly dev: boolean; readonly test: boolean }
  /** Whether its examples have features. */
  readonly hasFeatures?: boolean
  /** Whether its examples have true alignments, where no option names their column. */
  readonly hasAlignments?: boolean
  /** The factors that its tokens have, by name, with what separates their values where that is known of the format. */
  readonly factors?: Readonly<Record<string, { readonly separator?: string }>>
  /** Problems that the schema cannot express (one of two options must be given, ...). Paths are relative to the source. */
  problems?(sides: Sides): readonly Problem[]
  /** Throws SeqlabError 'data' with file and line. */
  read(context: ReadContext): Promise<Raw>
}

export type ExampleSource = BoundSource<RawExamples>

export interface SeriesSource extends BoundSource<RawSeries> {
  /** How the steps are cut into examples. */
  readonly windows: Windows
  /** How many series are known of the horizon too; absent: none. */
  readonly knownAhead?: number
}

/** A source with its options bound: files or packages in, raw data out. */
export type DataSource = ExampleSource | SeriesSource

/** What a source's file exports. */
export interface DataSourcePart<Options extends TObject = TObject, Source extends DataSource = DataSource>
  extends Part<Options> {
  readonly gives: Gives
  build(options: Static<Options>): Source
}

/** A source of examples. */
export function defineExampleSource<Options extends TObject>(
  part: DataSourcePart<Options, ExampleSource> & { readonly gives: 'pairs' | 'text' },
): DataSourcePart<Options, ExampleSource> {
  return ofKind('data source', part)
}

/** A source of numbers in time. */
export function defineSeriesSource<Options extends TObject>(
  part: DataSourcePart<Options, SeriesSource> & { readonly gives: 'series' },
): DataSourcePart<Options, SeriesSource> {
  return ofKind('data source', part)
}
