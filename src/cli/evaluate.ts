import { dirname } from 'node:path'
import { SeqlabError } from '../core/errors.js'
import { atPlace } from '../core/files.js'
import { namedFiles } from '../data/named-files.js'
import { evaluateRun } from '../inference/evaluation/evaluate-run.js'
import type { GivenTest } from '../inference/evaluation/given-test.js'
import { writeEvaluationReport } from '../report/render/evaluation/write.js'
import { versions } from '../runner/versions.js'
import { isMap, toJson } from '../spec/document/nodes.js'
import { readYamlFile } from '../spec/document/read.js'
import { metricOption, searchOption } from '../spec/plan/choices.js'
import { evaluationFile } from '../store/index.js'
import { refuseToOverwrite } from './inputs.js'
import { endOnSignals } from './signals.js'
import { evaluationText } from './text/evaluation.js'
import { printable } from './text/printable.js'

/** The options of `seqlab evaluate`. */
interface EvaluateFlags {
  readonly out: string
  readonly test?: readonly string[] | undefined
  readonly data?: string | undefined
  readonly name?: string | undefined
  readonly into?: string | undefined
  readonly baseline?: string | undefined
  readonly metric?: readonly string[] | undefined
  readonly beam?: number | undefined
  readonly lengthNormalisation?: number | undefined
  readonly json: boolean
  readonly parts?: readonly string[] | undefined
}

/** Evaluates a run, writes its page, and prints its results. */
export async function evaluateTrainedRun(run: string, flags: EvaluateFlags): Promise<void> {
  const { out: outDir, name, into, baseline, metric } = flags
  const ending = endOnSignals('stopped; the evaluation is not written')
  const request = {
    ...{ run, outDir, name, into, baseline, test: givenTest(flags), versions: versions() },
    decode: searchOf(flags),
    metrics: metric?.map(metricOption),
    beforeWriting: ending.finish,
    warn: (message: string) => void process.stderr.write(`warning: ${printable(message)}\n`),
  }
  await refuseInto(flags)
  const evaluated = await atPlace({ option: '--into' }, () => evaluateRun(request))
  const { details, page } = writeEvaluationReport(evaluated.directory, evaluated)
  const { directory } = evaluated
  if (flags.json) process.stdout.write(`${JSON.stringify({ ...details, directory })}\n`)
  else process.stdout.write(`${evaluationText(evaluated, details, page)}\n`)
  ending.release()
}

/** The files of the evaluation are none that it is made from. */
async function refuseInto({ into, test = [], data, parts = [] }: EvaluateFlags): Promise<void> {
  if (into === undefined) return
  const kinds = ['evaluation', 'predictions', 'details', 'page'] as const
  const outputs = kinds.map((kind) => evaluationFile(into, kind))
  await refuseToOverwrite('--into', outputs, { paths: [...test, data, ...parts], named: filesIn(data) })
}

/** The files that a data file names; none where it is wrong, which is reported where it is read. */
function filesIn(file: string | undefined): readonly { readonly path: string; readonly baseDir: string }[] {
  if (file === undefined) return []
  const read = readYamlFile(file)
  const written = 'problems' in read ? null : toJson(read.node)
  const data = isMap(written) ? written.data : undefined
  if (!isMap(data) || !isMap(data.source)) return []
  return namedFiles({ source: data.source }).map((path) => ({ path, baseDir: dirname(file) }))
}

function givenTest({ test, data }: EvaluateFlags): GivenTest {
  if (data !== undefined) return { dataFile: data }
  if (test !== undefined) return { files: test }
  throw new SeqlabError('spec', 'There are no examples to evaluate on', {
    hint: "Name a file that the run's own source reads with --test FILE, or describe other data with --data FILE.yaml.",
  })
}

/** The beam that the options ask for; undefined: the run's own search. */
function searchOf({ beam, lengthNormalisation }: EvaluateFlags) {
  if (beam === undefined && lengthNormalisation === undefined) return undefined
  return searchOption(
    {
      type: 'beam',
      ...(beam !== undefined && { width: beam }),
      ...(lengthNormalisation !== undefined && { lengthNormalisation }),
    },
    beam === undefined ? '--length-normalisation' : '--beam',
  )
}
