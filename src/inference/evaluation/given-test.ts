import { resolve } from 'node:path'
import { SeqlabError } from '../../core/errors.js'
import { sourceOfFiles } from '../../data/given-files.js'
import { dataProblems, resolveData } from '../../data/rules.js'
import { encodeTestSet, type RawTest, readTest, type TestData, type TestSet } from '../../data/test-set.js'
import { loadDataFile } from '../../spec/plan/data-file.js'
import type { TrainedParts } from '../trained-parts.js'

/** The examples that a model is to be evaluated on: files as its own source reads them, or data that a YAML file describes. */
export type GivenTest = { readonly files: readonly string[] } | { readonly dataFile: string }

/** Examples that are read, for models of one task. */
export interface ReadTest {
  readonly data: TestData
  readonly raw: RawTest
}

/** Reads the examples of a test set for a model. Throws SeqlabError 'spec' or 'data', with the place. */
export async function readGivenTest(given: GivenTest, parts: TrainedParts): Promise<ReadTest> {
  const data = dataOf(given, parts)
  return { data, raw: await readTest(data) }
}

function dataOf(given: GivenTest, { spec, task }: TrainedParts): TestData {
  if ('dataFile' in given) return { ...loadDataFile(given.dataFile, task.sides, spec.data), whole: false }
  const { split: _, limit: __, vectors: ___, ...data } = spec.data
  const options = { ...data, source: sourceOfFiles(data.source, given.files) }
  const [problem] = dataProblems(options, task.sides)
  if (problem !== undefined) throw new SeqlabError('spec', `--test: ${problem.message}`)
  return { options: resolveData(options, task.sides), baseDir: resolve(''), whole: true }
}

/** The test set by a model's vocabularies and tokenizers. Throws SeqlabError 'data' where its data do not fit the model. */
export function testSetFor({ data, raw }: ReadTest, parts: TrainedParts, ownTokens: boolean): TestSet {
  const { sourceTokens, targetTokens } = parts.spec.data
  const tokens = { ...(sourceTokens && { sourceTokens }), ...(targetTokens && { targetTokens }) }
  const options = ownTokens ? { ...data.options, ...tokens } : data.options
  const { description, sizes, task } = parts
  const test = encodeTestSet(raw, { options, whole: data.whole }, description, task.sides)
  checkWindows(test, sizes, task.sides.source === 'values')
  return test
}

/** A model of windows reads windows of one length, and forecasts so many steps. */
function checkWindows(
  { split }: TestSet,
  { longestSource, longestTarget }: TrainedParts['sizes'],
  isSeries: boolean,
): void {
  if (!isSeries) return
  const received = [split.source, split.target].map(({ offsets }) => offsets[1] ?? 0)
  if (received[0] === longestSource && received[1] === longestTarget) return
  throw new SeqlabError('data', `The model reads ${longestSource} steps and forecasts ${longestTarget}`, {
    hint: `Set window: ${longestSource} and horizon: ${longestTarget}; received ${received.join(' and ')}.`,
  })
}
