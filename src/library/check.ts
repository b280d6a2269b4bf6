import type { Problem } from '../core/errors.js'
import { defaultLimits } from '../runner/limits.js'
import { type PreparedSpec, prepareEach } from '../spec/prepare.js'
import { readStartingState } from '../store/index.js'
import { giveOwnParts } from './own-parts.js'

export interface CheckOptions {
  /** `path=value`, laid over every file; a comma-separated list becomes a grid. */
  readonly set?: readonly string[] | undefined
  /** Base directory for relative data paths, instead of each spec's own. */
  readonly dataDir?: string | undefined
  /** Whether the data are read and specs checked against them; by default they are. */
  readonly data?: boolean | undefined
  /**
   * Files of parts of your own (docs/own-parts.md), by which specs may name them; the process knows these parts from then
   * on. A path is relative to the working directory.
   */
  readonly parts?: string | readonly string[] | undefined
  /** Gives a file with what comes through standard input, for specs whose data do (`file: -`); by default they are refused. */
  readonly standardInput?: (() => Promise<string>) | undefined
}

/** A spec with every default filled in, and what was read for it. */
export type CheckedSpec = Omit<PreparedSpec, 'written'>

/** A spec's or a study's file. */
export interface CheckedFile {
  readonly file: string
  /** Of a study its variants. */
  readonly specs: readonly CheckedSpec[]
}

export interface Checked {
  /** Everything that is wrong with the specs, with their data, and with specs on their data; none: they can be trained. */
  readonly problems: readonly Problem[]
  /** What of the results will be undefined whatever is trained, as far as the data tell. */
  readonly warnings: readonly Problem[]
  readonly files: readonly CheckedFile[]
}

/**
 * Reads specs and studies, and their data. Nothing is trained, no engine is loaded, and nothing is thrown for what the
 * files hold: that is in `problems`. Throws SeqlabError 'spec' where `parts` cannot be used.
 */
export async function check(files: string | readonly string[], options: CheckOptions = {}): Promise<Checked> {
  const paths = typeof files === 'string' ? [files] : files
  const { set, dataDir, data, standardInput } = options
  await giveOwnParts(options)
  const memoryBytes = defaultLimits.hostBytes
  const readState = readStartingState
  const prepared = await prepareEach(paths, { readState, set, dataDir, data, memoryBytes, standardInput })
  return {
    problems: prepared.flatMap(({ problems }) => problems),
    warnings: prepared.flatMap(({ warnings }) => warnings),
    files: paths.map((file, index) => ({ file, specs: (prepared[index]?.specs ?? []).map(withoutDocument) })),
  }
}

function withoutDocument({ written: _, ...spec }: PreparedSpec): CheckedSpec {
  return spec
}
