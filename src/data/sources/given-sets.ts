import Type, { type TSchema } from 'typebox'
import type { Problem } from '../../core/errors.js'
import type { RawExample, RawExamples } from './types.js'

/** A path as written in a spec. */
export function pathSchema(description: string) {
  return Type.String({
    minLength: 1,
    description: `${description} Plain or gzipped; relative to the spec or --data-dir.`,
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

/** Reads each set that is there. */
export async function readSets<T>(
  options: Sets<T>,
  one: T | undefined,
  read: (set: T, name: 'train' | 'dev' | 'test') => Promise<RawExample[]>,
): Promise<RawExamples> {
  const train = options.train ?? one
  if (train === undefined) throw new RangeError('No training set is named')
  return {
    train: await read(train, 'train'),
    ...(options.dev === undefined ? {} : { dev: await read(options.dev, 'dev') }),
    ...(options.test === undefined ? {} : { test: await read(options.test, 'test') }),
  }
}
