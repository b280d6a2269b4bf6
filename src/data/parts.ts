import type { TObject } from 'typebox'
import type { Problem } from '../core/errors.js'
import type { Part } from '../core/part.js'

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

/** What a source gives. A held-out set that it does not give is split off `train`. */
export interface RawData {
  readonly train: readonly RawExample[]
  readonly dev?: readonly RawExample[]
  readonly test?: readonly RawExample[]
}

export interface ReadContext {
  /** Folder that relative paths are against (the spec's, or --data-dir). */
  readonly baseDir: string
}

/** A data source: files or packages in, raw examples out. Throws SeqlabError 'data' with file and line. */
export interface DataSource<Options extends TObject = TObject, O = any> extends Part<Options> {
  /** Whether the source itself brings these sets under these options. */
  brings(options: O): { readonly dev: boolean; readonly test: boolean }
  /** What the schema cannot say (one of two options must be given, ...). Paths are relative to the source. */
  problems?(options: O): readonly Problem[]
  read(options: O, context: ReadContext): Promise<RawData>
}
