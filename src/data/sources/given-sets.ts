import Type, { type TSchema } from 'typebox'
import { distinctProblems, type Problem, SeqlabError } from '../../core/errors.js'
import { dataError } from '../data-error.js'
import { otherKinds, withRightSource } from '../reading/file-kind.js'
import { type Memory, refuseTooMuch } from '../reading/memory.js'
import { filesAt, type Paths } from '../reading/paths.js'
import type { SetName } from '../types.js'
import type { RawExample, RawExamples } from './types.js'

/** A path as written in a spec. */
export function pathSchema(description: string) {
  return Type.String({
    minLength: 1,
    description: `${description} Plain or gzipped; relative to the spec or --data-dir; "-" is standard input.`,
  })
}

/** One file, or several that make one set, in their order. */
export function pathsSchema(description: string) {
  const path = Type.String({ minLength: 1 })
  return Type.Union([path, Type.Array(path, { minItems: 1 })], {
    description: `${description} A file or a list of files, plain or gzipped, each also a pattern (\`*.txt\`); relative to the spec or --data-dir; "-" is standard input.`,
  })
}

/** Options for given sets; each source adds its own name for one set that is to be split. */
export function givenSets<S extends TSchema>(schema: (description: string) => S) {
  return {
    train: Type.Optional(schema('Training set.')),
    dev: Type.Optional(schema('Dev set. Default: split off the training set.')),
    test: Type.Optional(schema('Test set. Default: split off the training set.')),
  }
}

export interface Sets<T> {
  readonly train?: T
  readonly dev?: T
  readonly test?: T
}

export function brings(options: Sets<unknown>): { dev: boolean; test: boolean } {
  return { dev: options.dev !== undefined, test: options.test !== undefined }
}

/** Either the one set (whose option is called `name`), or train with or without dev and test. */
export function setProblems(options: Sets<unknown>, name: string, one: unknown): Problem[] {
  if (one === undefined && options.train === undefined) {
    return [{ path: '', message: 'no data is given', expected: `\`${name}\`, or \`train\` (with \`dev\`, \`test\`)` }]
  }
  if (one === undefined) return []
  const setNames = (['train', 'dev', 'test'] as const).filter((set) => options[set] !== undefined)
  return setNames.map((set) => ({
    path: set,
    message: `\`${set}\` and \`${name}\` exclude each other`,
    hint: `\`${name}\` is split by seed; to give the sets yourself, use train, dev and test`,
  }))
}

/** Reads each set that is there. Throws one SeqlabError 'data' with what is wrong with all of them. */
export async function readSets<T>(
  options: Sets<T>,
  one: T | undefined,
  read: (set: T, name: SetName) => Promise<RawExample[]>,
): Promise<RawExamples> {
  const train = options.train ?? one
  if (train === undefined) throw new RangeError('No training set is named')
  const wrong: SeqlabError[] = []
  const examplesOf = (set: T, name: SetName) => read(set, name).catch(noteError(wrong))
  const sets = {
    train: await examplesOf(train, 'train'),
    ...(options.dev === undefined ? {} : { dev: await examplesOf(options.dev, 'dev') }),
    ...(options.test === undefined ? {} : { test: await examplesOf(options.test, 'test') }),
  }
  if (wrong.length > 0) throw together(wrong)
  return sets
}

/** Keeps what is wrong with the data, so that all of it is said; other errors are thrown on. */
function noteError(wrong: SeqlabError[]) {
  return (error: unknown): RawExample[] => {
    if (!(error instanceof SeqlabError) || error.code !== 'data') throw error
    wrong.push(error)
    return []
  }
}

/**
 * Reads each set that is there, of one file or several, by a source of that name. Throws as `readSets`; what is wrong with a
 * file that seems to be of another source says so.
 */
export async function readFiles(
  source: string,
  options: Sets<Paths>,
  one: Paths | undefined,
  baseDir: string,
  read: (path: string) => Promise<RawExample[]>,
  memory?: Memory,
): Promise<RawExamples> {
  const all = await everyFile([one, options.train, options.dev, options.test], baseDir)
  await refuseTooMuch(all, baseDir, memory)
  const sets = await readSets(options, one, async (paths) => {
    const files = await filesAt(paths, baseDir)
    const wrong: SeqlabError[] = []
    const examples: RawExample[][] = []
    for (const file of files) {
      const rightly = async (error: unknown) => Promise.reject(await withRightSource(error, source, file, baseDir))
      examples.push(await read(file).then(withSome(file)).catch(rightly).catch(noteError(wrong)))
    }
    if (wrong.length > 0) throw together(wrong)
    return examples.flat()
  })
  return lenient.includes(source) ? { ...sets, ...(await otherKinds(source, all, baseDir)) } : sets
}

/** Examples that are left out count: why they are is said with the data. */
function withSome(file: string) {
  return (examples: RawExample[]): RawExample[] => {
    if (examples.length > 0) return examples
    throw dataError(file, 'there is no example in the file', { hint: 'is it whole?' })
  }
}

/** Sources that may read a file of another kind without an error. */
const lenient = ['text', 'tsv', 'csv']

/** The files of all sets; a pattern that fits none is for its reader to report. */
export async function everyFile(sets: readonly (Paths | undefined)[], baseDir: string): Promise<string[]> {
  const files: string[] = []
  for (const paths of sets) if (paths !== undefined) files.push(...(await filesAt(paths, baseDir).catch(() => [])))
  return files
}

/** Several errors as one: the first one's message, and every problem once (two sets may be one file). */
function together(errors: readonly SeqlabError[]): SeqlabError {
  const [first, ...others] = errors
  if (first === undefined || others.length === 0) return first ?? new SeqlabError('data', 'the data cannot be read')
  const problems = distinctProblems(errors.flatMap((error) => error.problems))
  return new SeqlabError('data', first.message, { problems, cause: first, ...(first.hint && { hint: first.hint }) })
}
