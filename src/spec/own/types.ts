/** A file of the user's own parts as it was read: plain data, which hosts and threads get, so that all have the same text. */
export interface OwnFile {
  /** As it was given on the command line. */
  readonly file: string
  /** sha-256 (hex) of the texts of all modules, in their order. */
  readonly digest: string
  /** The file and what it imports, each after those that it imports itself; the file is the last. */
  readonly modules: readonly OwnModule[]
}

export interface OwnModule {
  /** As the file was given, or relative to that. */
  readonly path: string
  /** JavaScript: what is TypeScript alone is blank, so that lines and columns are those of the file. */
  readonly text: string
  readonly imports: readonly OwnImport[]
}

/** A specifier in the text, by its characters, and the module that it means: by its place in `modules`. */
export interface OwnImport {
  readonly start: number
  readonly end: number
  readonly module: number | 'seqlab'
}
