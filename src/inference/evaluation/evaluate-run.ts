import { basename } from 'node:path'
import { type Problem, SeqlabError } from '../../core/errors.js'
import type { TestSet } from '../../data/test-set.js'
import { buildMetrics } from '../../metrics/score.js'
import type { TrainingFacts } from '../../metrics/types.js'
import { evaluationId } from '../../spec/hash.js'
import { evaluationProblems } from '../../spec/plan/rules.js'
import { checkEvaluationName, type EvaluationRecord, type RunRecord, writeOwnEvaluation } from '../../store/index.js'
import type { PredictionLine } from '../../train/types.js'
import { type FoundModel, findTrained } from '../find-trained.js'
import { type Member, type OpenOptions, openMember } from '../member.js'
import { type EvaluationSettings, evaluateModel, type ModelEvaluation } from './evaluate-model.js'
import { type GivenTest, type ReadTest, readGivenTest, testSetFor } from './given-test.js'
import { type PairedDifference, pairedDifference } from './paired-difference.js'

/** What `seqlab evaluate` is asked for. */
export interface EvaluateRequest extends EvaluationSettings {
  readonly run: string
  /** Where runs are looked up by name. */
  readonly outDir: string
  readonly test: GivenTest
  /** Name of the evaluation; by default the test file's. */
  readonly name?: string | undefined
  /** Another folder than `evaluations/<name>/` of the run. */
  readonly into?: string | undefined
  /** A run that it is compared with on the same examples. */
  readonly baseline?: string | undefined
  /** Versions of what can change a result, for the record. */
  readonly versions: EvaluationRecord['versions']
  readonly warn?: OpenOptions['warn']
  /** Called before anything is written. */
  readonly beforeWriting?: (() => void) | undefined
}

/** An evaluation that was made, and where it is. */
export interface EvaluatedRun {
  readonly directory: string
  readonly record: EvaluationRecord
  readonly predictions: readonly PredictionLine[]
  readonly counts: TestSet['counts']
  readonly task: Member['parts']['spec']['task']
  readonly model: Member['parts']['spec']['model']
  readonly joiners: Member['parts']['description']['joiners']
  readonly training: TrainingFacts
  /** Labels that training has, where outputs are labels. */
  readonly labels?: readonly string[]
  readonly baseline?: Baseline
}

/** The paired differences to another trained model on the same examples. */
export interface Baseline {
  readonly run: string
  readonly label: string
  readonly trialId: string
  /** By metric: this model's value minus the baseline's. */
  readonly differences: Readonly<Record<string, PairedDifference>>
}

/**
 * Evaluates a trained model on other data than its own test set, from its `model/` alone, and writes evaluation.json and
 * predictions.jsonl. Throws SeqlabError: 'run' where there is no such model, 'spec' and 'data' for what cannot be read.
 */
export async function evaluateRun(request: EvaluateRequest): Promise<EvaluatedRun> {
  const found = await findTrained(request.run, request.outDir)
  const place = placeOf(found, request)
  const opened = openMember(found.directory, { ...(request.warn && { warn: request.warn }) })
  try {
    const { parts } = opened
    checkSettings(parts, request)
    const name = request.name ?? nameOf(request.test)
    checkEvaluationName(name, undefined)
    const read = await readGivenTest(request.test, parts)
    const test = testSetFor(read, parts, false)
    const training = trainingOf(parts, found.record)
    const evaluated = await evaluateModel(opened, test, request, training)
    const id = evaluationId(evaluated, test.digest)
    if ('trial' in place) checkEvaluationName(name, place.trial, id)
    const baseline = await againstBaseline(request, read, { opened, evaluated, training })
    const { description } = parts
    const evaluation = {
      schemaVersion: 2 as const,
      ...{ trialId: description.trialId, name, id },
      label: found.record?.label ?? description.label,
      variant: found.record?.variant ?? {},
      ...{ decode: evaluated.decode, metrics: [...evaluated.metrics], testDigest: test.digest },
      results: { dev: {}, test: evaluated.results },
      testSet: { files: filesOf(request.test), examples: test.split.size },
      ...{ engine: opened.engine, versions: request.versions },
    }
    request.beforeWriting?.()
    const written = await writeOwnEvaluation(place, { evaluation, predictions: evaluated.predictions })
    const { task, model } = parts.spec
    const about = { counts: test.counts, task, model, joiners: description.joiners, training, ...labelsIn(description) }
    return { ...written, predictions: evaluated.predictions, ...about, ...(baseline && { baseline }) }
  } finally {
    await opened.dispose()
  }
}

function placeOf({ directory, record }: FoundModel, { into }: EvaluateRequest) {
  if (into !== undefined) return { folder: into }
  if (record !== undefined) return { trial: directory }
  throw new SeqlabError('spec', `${directory} is a model by itself, not in a run's folder`, {
    hint: 'Say where the evaluation is to be written: --into DIR.',
  })
}

/** Which option of the command line a part of a spec is. */
const options = { metrics: '--metric', decode: '--beam' } as const

function checkSettings({ spec }: Member['parts'], request: EvaluateRequest): void {
  const problems = evaluationProblems(request, spec).map((problem): Problem => {
    const path = problem.path.startsWith('metrics') ? options.metrics : options.decode
    return { ...problem, path }
  })
  if (problems.length === 0) return
  throw new SeqlabError('spec', problems.map(({ path, message }) => `${path}: ${message}`).join('; '), { problems })
}

/** `words.test.tsv` -> `words.test`. */
function nameOf(test: GivenTest): string {
  const [first = ''] = filesOf(test)
  const plain = basename(first)
    .replace(/\.gz$/i, '')
    .replace(/\.[^.]+$/, '')
  return (
    plain
      .replace(/[^\p{L}\p{N}_.@+-]/gu, '-')
      .replace(/^[^\p{L}\p{N}_]+/u, '')
      .slice(0, 100) || 'test'
  )
}

function filesOf(test: GivenTest): string[] {
  return 'files' in test ? [...test.files] : [test.dataFile]
}

function labelsIn({ vocabularies: { target } }: Member['parts']['description']): Pick<EvaluatedRun, 'labels'> {
  return target === undefined || target.specials ? {} : { labels: target.symbols }
}

/** What the run's record or the model itself has; without it metrics of spans read the letters of all schemes. */
function trainingOf({ description }: Member['parts'], record: RunRecord | undefined): TrainingFacts {
  const tags = record?.data?.tags ?? description.tags
  return tags === undefined ? {} : { tags }
}

async function againstBaseline(
  { baseline, outDir, decode, warn }: EvaluateRequest,
  read: ReadTest,
  ours: { readonly opened: Member; readonly evaluated: ModelEvaluation; readonly training: TrainingFacts },
): Promise<Baseline | undefined> {
  if (baseline === undefined) return undefined
  const found = await findTrained(baseline, outDir)
  const opened = openMember(found.directory, { ...(warn && { warn }) })
  try {
    const { parts } = opened
    checkSameTask(ours.opened.parts, parts, baseline)
    const { evaluated, training } = ours
    const { metrics } = evaluated
    const theirs = await evaluateModel(opened, testSetFor(read, parts, true), { decode, metrics }, training)
    checkSameExamples(evaluated.predictions, theirs.predictions, baseline)
    const differences = buildMetrics(metrics, training).map((metric) => {
      return [metric.name, pairedDifference(metric, evaluated.predictions, theirs.predictions)] as const
    })
    const { label, trialId } = parts.description
    return { run: baseline, label: found.record?.label ?? label, trialId, differences: Object.fromEntries(differences) }
  } finally {
    await opened.dispose()
  }
}

function checkSameTask({ spec }: Member['parts'], other: Member['parts'], baseline: string): void {
  if (spec.task.type === other.spec.task.type) return
  throw new SeqlabError('spec', `--baseline ${baseline} is a model of another task`, {
    hint: `Name a run of the task ${spec.task.type}; this one is ${other.spec.task.type}.`,
  })
}

function checkSameExamples(ours: readonly PredictionLine[], theirs: readonly PredictionLine[], baseline: string): void {
  if (ours.length === theirs.length) return
  throw new SeqlabError(
    'data',
    `--baseline ${baseline} reads ${theirs.length} examples of these data, and this model ${ours.length}: they cannot be paired`,
    { hint: 'Both models must read the same examples: compare models with equal tokenizers.' },
  )
}
