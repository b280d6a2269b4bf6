import { describeSystemError } from './system-errors.js'

/** Location of an error: a file, a line and a column (both counted from 1). */
export interface Place {
  readonly file: string
  readonly line?: number
  readonly column?: number
}

/** Kind of problem, where code depends on it. Most problems need none. */
export type ProblemCode =
  | 'unknown-key' // unknown key of a map: reported at the key, not at its value
  | 'unreadable-file' // a file that cannot be read as text: reported where another file refers to it

/**
 * One error in a spec or in data, as plain data: rules return problems, they do not throw.
 * `path` is the dotted path in the spec (`model.encoder.cell`), empty for the whole document.
 */
export interface Problem {
  readonly code?: ProblemCode
  readonly path: string
  readonly message: string
  readonly expected?: string
  readonly received?: string
  readonly hint?: string
  readonly place?: Place
}

/** Each problem once: an error in the base of a study recurs at every point of its grid. */
export function distinctProblems(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()]
}

export type ErrorCode =
  | 'spec' // the author's YAML or command line is wrong
  | 'data' // a data file is wrong
  | 'trace' // a model function did something that cannot be traced
  | 'engine' // an engine is missing or failed
  | 'training' // training failed (a loss that is not finite, ...)
  | 'run' // a run directory is locked, damaged, or from another version
  | 'internal' // a bug in seqlab

/** An error as plain data, safe to send between threads and processes (structuredClone drops class and code). */
export interface PlainError {
  readonly code: ErrorCode
  readonly message: string
  readonly problems: readonly Problem[]
  readonly hint?: string
  readonly stack?: string
}

/** Every error that seqlab raises on purpose. `hint`: how to fix it. */
export class SeqlabError extends Error {
  readonly code: ErrorCode
  readonly problems: readonly Problem[]
  readonly hint: string | undefined

  constructor(
    code: ErrorCode,
    message: string,
    more: { problems?: readonly Problem[]; hint?: string; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.name = 'SeqlabError'
    this.code = code
    this.problems = more.problems ?? []
    this.hint = more.hint
  }
}

/**
 * An error as plain data. What the operating system refused is a `run` error, whoever met it; everything else that was not
 * raised on purpose is `internal`. The message is never empty.
 */
export function toPlainError(error: unknown): PlainError {
  const stack = error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {}
  if (error instanceof SeqlabError) {
    const hint = error.hint === undefined ? {} : { hint: error.hint }
    return { code: error.code, message: error.message, problems: error.problems, ...hint, ...stack }
  }
  const system = describeSystemError(error)
  if (system !== undefined)
    return { code: 'run', message: system.message, problems: [], hint: `${system.fix}.`, ...stack }
  return { code: 'internal', message: messageOf(error), problems: [], ...stack }
}

/** Assertions of libraries may have no message. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  if (message.trim() !== '') return message
  return error instanceof Error ? `${error.name} without a message` : 'an error without a message'
}

export function fromPlainError(plain: PlainError): SeqlabError {
  const { code, message, problems, hint, stack } = plain
  const error = new SeqlabError(code, message, hint === undefined ? { problems } : { problems, hint })
  if (stack !== undefined) error.stack = stack
  return error
}

/** `file:line:column`, as far as known. */
export function formatPlace(place: Place): string {
  return [place.file, place.line, place.column].filter((part) => part !== undefined).join(':')
}
