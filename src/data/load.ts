import { SeqlabError } from '../core/errors.js'
import { datasetDigest } from './encoding/digest.js'
import { encodeExamples } from './encoding/encode.js'
import { seriesDataset } from './encoding/windows.js'
import type { DataOptions } from './options.js'
import { addWordVectors } from './reading/word-vectors.js'
import { dataProblems, resolveData, sourceOf } from './rules.js'
import type { DataSource, ReadContext } from './sources/types.js'
import type { Dataset, Encoded, Sides } from './types.js'

/**
 * Reads, tokenises, splits and encodes the data of a spec. The vocabulary and every scale come from the training split
 * alone. Throws SeqlabError 'spec' for
 * options that do not fit the task, 'data' (file, line, what is wrong) for data that is wrong.
 */
export async function loadDataset(written: DataOptions, sides: Sides, context: ReadContext): Promise<Dataset> {
  const problems = dataProblems(written, sides)
  if (problems.length > 0) throw new SeqlabError('spec', problems[0]?.message ?? '', { problems })
  const options = resolveData(written, sides)
  const read = await readAndEncode(sourceOf(options), options, sides, context)
  const encoded = await addWordVectors(read, options.vectors, context.baseDir)
  return { digest: datasetDigest(encoded), ...encoded }
}

async function readAndEncode(
  source: DataSource,
  options: DataOptions,
  sides: Sides,
  context: ReadContext,
): Promise<Encoded> {
  if (source.gives !== 'series') return encodeExamples(await source.read(options.source, context), options, sides)
  return seriesDataset(await source.read(options.source, context), source.windows(options.source), options)
}
