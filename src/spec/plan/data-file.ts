import { dirname, resolve } from 'node:path'
import { distinctProblems, type Problem, SeqlabError } from '../../core/errors.js'
import type { DataOptions } from '../../data/options.js'
import { dataProblems, resolveData } from '../../data/rules.js'
import type { Sides } from '../../data/types.js'
import { isMap, type Json, type MapNode, placeOf, toJsonMap } from '../document/nodes.js'
import { readYamlFile } from '../document/read.js'
import { type JsonSchema, propertiesOf } from '../document/schema-navigation.js'
import { createValidate } from '../document/validate.js'
import { specSchema } from '../schema.js'
import { normalise } from './normalise.js'

/** Data that are described by themselves, as a spec's `data`. */
export interface DataFile {
  readonly options: DataOptions
  /** Base directory for relative paths. */
  readonly baseDir: string
}

/** What a data file may leave to the run that it is for. */
export type RunData = Pick<DataOptions, 'sourceTokens' | 'targetTokens' | 'references'>

/**
 * Reads a YAML file with `data:` alone, checked as in a spec for a task's sides. Tokenizers and references that it does not
 * name are the run's. Throws SeqlabError 'spec' with every problem and its place.
 */
export function loadDataFile(file: string, sides: Sides, run: RunData): DataFile {
  const read = readYamlFile(file)
  if ('problems' in read) throw refused(file, read.problems)
  const { node } = read
  if (node.kind !== 'map') {
    const problem = { path: '', message: 'has no map', expected: 'a map with `data:` alone', place: node.place }
    throw refused(file, [problem])
  }
  const written = toJsonMap(node)
  const normal = normalise(dataFileSchema(), written)
  const structural = [...normal.problems, ...createValidate()(normal.schema, normal.value)]
  if (structural.length > 0) throw refused(file, structural.map(inDataFile), node)
  const options = withRun(dataIn(normal.value), run)
  const problems = dataProblems({ ...options, source: withTraining(options.source) }, sides)
  if (problems.length > 0) throw refused(file, problems, node)
  const resolved = resolveData({ ...options, source: testAlone(options.source) }, sides)
  return { options: resolved, baseDir: resolve(dirname(file)) }
}

function dataFileSchema(): JsonSchema {
  const { data = {} } = propertiesOf(specSchema())
  return { type: 'object', properties: { data }, required: ['data'], additionalProperties: false }
}

/** The schema has been checked. */
function dataIn(value: Json): DataOptions {
  return (isMap(value) ? value.data : {}) as unknown as DataOptions
}

function withRun(options: DataOptions, { sourceTokens, targetTokens, references }: RunData): DataOptions {
  return {
    ...(references && { references }),
    ...(sourceTokens && { sourceTokens }),
    ...(targetTokens && { targetTokens }),
    ...options,
  }
}

type SourceOptions = DataOptions['source']

/** A file for tests alone may have a test set and no training set. */
function withTraining(source: SourceOptions): SourceOptions {
  const isAlone =
    testOf(source) !== undefined && ['train', 'file', 'files', 'path', 'examples'].every((one) => !(one in source))
  return isAlone ? withSets(source, { train: testOf(source) }) : source
}

/** Where there is a test set, nothing else is read. */
function testAlone(source: SourceOptions): SourceOptions {
  const test = testOf(source)
  return test === undefined ? source : withSets(source, { train: test, dev: test })
}

function testOf(source: SourceOptions): unknown {
  return 'test' in source ? source.test : undefined
}

/** The sets are of the source's own form. */
function withSets(source: SourceOptions, sets: Readonly<Record<string, unknown>>): SourceOptions {
  return { ...source, ...sets } as SourceOptions
}

function inDataFile(problem: Problem): Problem {
  if (problem.code === 'unknown-key' && !problem.path.includes('.')) {
    const message = `\`${problem.path}\` is not a key of a data file`
    return { ...problem, message, expected: '`data` alone', hint: 'everything else is as the model has it' }
  }
  return problem.path === 'data' && problem.received === 'nothing'
    ? { ...problem, message: 'the file needs `data`' }
    : problem
}

function refused(file: string, problems: readonly Problem[], node?: MapNode): SeqlabError {
  const placed = problems.map((problem) => {
    if (node === undefined || problem.place !== undefined) return problem
    return { ...problem, place: placeOf(node, problem.path, problem.code === 'unknown-key' ? 'key' : 'value') }
  })
  return new SeqlabError('spec', `${file} cannot be used as data`, { problems: distinctProblems(placed) })
}
