import { SeqlabError } from '../core/errors.js'
import { datasetDigests } from './encoding/digest.js'
import { encodeExamples } from './encoding/encode.js'
import { readTokenizers } from './encoding/learn.js'
import { seriesDataset } from './encoding/windows.js'
import type { DataOptions } from './options.js'
import { addWordVectors } from './reading/word-vectors.js'
import { dataProblems, resolveData } from './rules.js'
import { sources } from './sources/index.js'
import type { RawExamples, ReadContext } from './sources/types.js'
import type { Dataset, Sides } from './types.js'

/**
 * Reads, tokenises, splits and encodes the data of a spec. The vocabulary and every scale come from the training split
 * alone. Throws SeqlabError 'spec' for
 * options that do not fit the task, 'data' (file, line, what is wrong) for data that is wrong.
 */
export async function loadDataset(written: DataOptions, sides: Sides, context: ReadContext): Promise<Dataset> {
  const problems = dataProblems(written, sides)
  if (problems.length > 0) throw new SeqlabError('spec', problems[0]?.message ?? '', { problems })
  const options = resolveData(written, sides)
  const source = sources.build(options.source)
  const read =
    'windows' in source
      ? seriesDataset(await source.read(context), source.windows, options)
      : encodeExamples(
          withAll(await source.read(context)),
          options,
          sides,
          await readTokenizers(options, context.baseDir),
        )
  const encoded = await addWordVectors(read, options.vectors, context.baseDir)
  return { digests: datasetDigests(encoded), ...encoded }
}

/** Throws SeqlabError 'data' where no example has what the options choose. */
function withAll(raw: RawExamples): RawExamples {
  const { absent = [] } = raw
  if (absent.length === 0) return raw
  throw new SeqlabError('data', absent[0]?.message ?? '', { problems: absent })
}
