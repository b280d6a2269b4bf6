import type { TObject } from 'typebox'
import type { Problem } from '../../core/errors.js'
import type { Part } from '../../core/part.js'
import type { Sides } from '../types.js'

/** Splits a text into tokens, and says what joins them again. */
export interface Tokenizer<Options extends TObject = TObject, O = any> extends Part<Options> {
  tokenize(options: O, text: string): readonly string[]
  readonly joiner: string
}

/** One example as a source read it. `where` is what an error quotes (`words.tsv:17`). */
export interface RawExample {
  readonly source: string
  readonly target: string
  readonly where: string
}

/** Examples in sets. A held-out set that the source does not give is split off `train`. */
export interface RawExamples {
  readonly train: readonly RawExample[]
  readonly dev?: readonly RawExample[]
  readonly test?: readonly RawExample[]
}

/** Numbers step by step: `steps[t][series]`, split by time. */
export interface RawSeries {
  readonly names: readonly string[]
  readonly steps: readonly (readonly number[])[]
}

export interface ReadContext {
  /** Folder that relative paths are against (the spec's, or --data-dir). */
  readonly baseDir: string
}

/** What a source's examples are: pairs of texts, running text without targets, or numbers. */
export type Gives = 'pairs' | 'text' | 'series'

interface Reader<Raw, Options extends TObject, O> extends Part<Options> {
  /** Whether the source itself brings these sets under these options. */
  brings(options: O): { readonly dev: boolean; readonly test: boolean }
  /** What the schema cannot say (one of two options must be given, ...). Paths are relative to the source. */
  problems?(options: O, sides: Sides): readonly Problem[]
  /** Throws SeqlabError 'data' with file and line. */
  read(options: O, context: ReadContext): Promise<Raw>
}

export interface ExampleSource<Options extends TObject = TObject, O = any> extends Reader<RawExamples, Options, O> {
  readonly gives: 'pairs' | 'text'
}

export interface SeriesSource<Options extends TObject = TObject, O = any> extends Reader<RawSeries, Options, O> {
  readonly gives: 'series'
  /** How the steps are cut into examples. */
  windows(options: O): Windows
}

/** Files or packages in, raw data out. */
export type DataSource = ExampleSource | SeriesSource

export interface Windows {
  /** Steps that are seen. */
  readonly window: number
  /** Steps that are forecast. */
  readonly horizon: number
  /** Steps from one window to the next. */
  readonly stride: number
  readonly scale: 'standard' | 'minmax' | 'none'
  /** Steps between a value and its naive forecast. */
  readonly season: number
}
