import { sameJson } from '../core/canonical-json.js'
import { type Problem, SeqlabError } from '../core/errors.js'
import { tagFacts } from '../core/tags.js'
import type { Dataset, Split } from '../data/types.js'
import { type MetricSpec, metrics } from '../metrics/index.js'
import type { MetricPart } from '../metrics/types.js'
import { buildRepresentation } from '../model/representation/index.js'
import { sideOf } from '../model/sizes.js'
import { taskOf } from '../task/index.js'
import { longestRow, modelSizes, testSizes } from '../task/sizes.js'
import type { StepParts } from './graph/train-step.js'
import { stepParts } from './graph/trial-functions.js'
import { totalSteps, trainingBatches } from './loop/batches.js'
import { firstState } from './loop/train-state.js'
import { beginningOf, type Started, startFrom } from './loop/warm-start.js'
import { schedules } from './schedules/index.js'
import { selectChoices } from './select-choices.js'
import type { ReadState, TrialSettings } from './types.js'

/** What is to be said of a trial before its first step. */
export interface Findings {
  readonly problems: readonly Problem[]
  /** What a warm start does not take over. */
  readonly warnings: readonly Problem[]
  /** Digest of what training starts from under `train.init`. */
  readonly start?: string
}

/**
 * What depends on the data, the model's sizes or another run: a model that these data do not fit, patterns that name no
 * parameter, a start from a run that is not there or of another shape. Nothing is trained and no engine is needed.
 */
export async function trialFindings(
  settings: TrialSettings,
  dataset: Dataset,
  seeds: readonly number[],
  readState: ReadState,
): Promise<Findings> {
  const blind = blindProblems(settings, dataset)
  const long = longProblems(settings, dataset)
  const early = [...blind, ...long, ...metricProblems(settings, dataset)]
  const unknown = await symbolProblems(settings, dataset)
  if (unknown.length > 0) return { problems: [...early, ...unknown], warnings: [] }
  const built = await attempt('model', async () => stepParts(settings, dataset))
  if ('problems' in built) return { problems: [...early, ...built.problems], warnings: [] }
  const untestable = await testProblems(settings, dataset)
  const start = await startFindings(settings, dataset, built.value, seeds, readState)
  return { ...start, problems: [...early, ...untestable, ...start.problems] }
}

type Attempt<T> = { readonly value: T } | { readonly problems: readonly Problem[] }

/** An error raised on purpose as problems; `path` is the place of one that names none itself. */
async function attempt<T>(path: string, work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await work() }
  } catch (error) {
    if (error instanceof RangeError) return { problems: [{ path, message: error.message }] }
    if (!(error instanceof SeqlabError) || error.code === 'internal') throw error
    const { message, hint, problems } = error
    const advice = hint === undefined ? {} : { hint }
    return {
      problems: problems.length > 0 ? problems.map((each) => ({ ...advice, ...each })) : [{ path, message, ...advice }],
    }
  }
}

/** Options that need validation need held-out data. */
function blindProblems({ train }: TrialSettings, { dev }: Dataset): Problem[] {
  if (dev.size > 0) return []
  const blind = [
    ...(train.validate.patience === undefined ? [] : ['train.validate.patience']),
    ...(train.average === undefined ? [] : ['train.average']),
    ...(schedules.get(train.schedule.type).needsValidation === true ? ['train.schedule'] : []),
  ]
  const hint = 'Set data.split.dev above 0.'
  return blind.map((path) => ({ path, message: 'this needs validation, and the dev split is empty', hint }))
}

/** Metrics that read tags need tags that they can read: those that are reported, and those that only select. */
function metricProblems(settings: TrialSettings, dataset: Dataset): Problem[] {
  return [...alignmentProblems(settings, dataset), ...tagProblems(settings, dataset)]
}

/** Metrics of alignments need true ones. */
function alignmentProblems({ metrics: chosen }: TrialSettings, { dev, test }: Dataset): Problem[] {
  if (dev.alignments !== undefined || test.alignments !== undefined) return []
  return chosen.flatMap(({ type }, at): Problem[] => {
    if (metrics.find(type)?.reads !== 'alignment') return []
    const message = `\`${type}\` needs true alignments, and the data have none for these tokens`
    const hint =
      'Generators that know theirs give it with the tokenizer that they are made for (dates: characters, the others: whitespace); files by data.source.alignmentColumn, inline examples by alignment.'
    return [{ path: `metrics.${at}`, message, hint }]
  })
}

/** Tags that metrics cannot read: without a scheme, or of another one. */
export function tagProblems(
  settings: Pick<TrialSettings, 'metrics' | 'train'>,
  { counts, dev, test }: Dataset,
): Problem[] {
  const { tags: train } = counts
  if (train === undefined) return []
  const tags = { train, dev: tagFacts(dev.references?.texts ?? []), test: tagFacts(test.references?.texts ?? []) }
  return placedMetrics(settings).flatMap(({ spec, path }) => {
    const part: MetricPart = metrics.get(spec.type)
    const problems = part.dataProblems?.(spec, tags) ?? []
    return problems.map((problem) => ({
      ...problem,
      path: [path, problem.path].filter((step) => step !== '').join('.'),
    }))
  })
}

function placedMetrics(
  settings: Pick<TrialSettings, 'metrics' | 'train'>,
): { readonly spec: MetricSpec; readonly path: string }[] {
  const own = settings.metrics.map((spec, at) => ({ spec, path: `metrics.${at}` }))
  const { select } = settings.train.validate
  const selecting = selectChoices(settings).flatMap((spec, at) => {
    if (spec === 'loss' || settings.metrics.some((other) => sameJson(other, spec))) return []
    return [{ spec, path: `train.validate.select${Array.isArray(select) ? `.${at}` : ''}` }]
  })
  return [...own, ...selecting]
}

/** Representations that need to know each symbol, or a vector for it. */
async function symbolProblems({ model }: TrialSettings, dataset: Dataset): Promise<readonly Problem[]> {
  const sizes = modelSizes(dataset)
  const sides = (['source', 'target'] as const).map(async (side) => {
    const options = model[side]?.representation
    if (options === undefined) return []
    const build = async () => buildRepresentation(options, sideOf(sizes, side))
    const built = await attempt(`model.${side}.representation`, build)
    return 'problems' in built ? built.problems : []
  })
  return (await Promise.all(sides)).flat()
}

/** The test split decides nothing about a model; it may be one that the model cannot read. */
async function testProblems({ task, model }: TrialSettings, dataset: Dataset): Promise<readonly Problem[]> {
  const built = await attempt('model', async () => taskOf(task).build(model, testSizes(dataset)))
  if (!('problems' in built)) return []
  return built.problems.map((problem) => ({ ...problem, message: `${problem.message} (test)` }))
}

/** Untied weights have one copy for each step, up to a length. */
function longProblems({ task, model }: TrialSettings, dataset: Dataset): Problem[] {
  const unroll = model.encoder?.unroll
  if (unroll?.type !== 'untied') return []
  const { stepsOf } = taskOf(task)
  const lengths = (['train', 'dev', 'test'] as const).map((name) => {
    const longest = longestIn(dataset[name])
    return { name, steps: stepsOf === undefined ? longest : stepsOf(longest) }
  })
  const most = Math.max(...lengths.map(({ steps }) => steps))
  if (most <= unroll.length) return []
  const tooLong = lengths.filter(({ steps }) => steps > unroll.length).map(({ name, steps }) => `${name} ${steps}`)
  return [
    {
      path: 'model.encoder.unroll.length',
      message: `the weights have copies for ${unroll.length} steps, and inputs are longer (${tooLong.join(', ')})`,
      expected: `at least ${most}`,
      received: `${unroll.length}`,
      hint: `Raise it, or ${stepsOf === undefined ? 'cut sources (data.sourceTokens.maxLength)' : 'lower task.chunk'}.`,
    },
  ]
}

function longestIn({ source, size }: Split): number {
  return size === 0 ? 0 : longestRow(source)
}

/** By seed: a training that is continued keeps its own. */
async function startFindings(
  settings: TrialSettings,
  dataset: Dataset,
  parts: StepParts,
  seeds: readonly number[],
  readState: ReadState,
): Promise<Findings> {
  const { train } = settings
  const { init } = train
  const problems: Problem[] = []
  const started: Started[] = []
  if (init === undefined) return { problems, warnings: [] }
  for (const seed of init.take === 'training' ? seeds : seeds.slice(0, 1)) {
    const { shapes, perEpoch } = trainingBatches(parts.model, dataset.train, train, seed)
    const first = firstState(parts, seed, shapes[0]?.batch ?? train.batchSize)
    const beginning = beginningOf(settings, dataset, parts, first)
    const tried = await attempt('train.init.from', () => startFrom(init, beginning, readState))
    if ('problems' in tried) problems.push(...tried.problems)
    else {
      started.push(tried.value)
      problems.push(...doneProblems(tried.value.state.step, totalSteps(train, perEpoch)))
    }
  }
  const [first] = started
  const warnings = (first?.notices ?? []).map((message) => ({ path: 'train.init.from', message }))
  return { problems, warnings, ...(first && { start: first.digest }) }
}

/** A training that is continued has steps left. */
function doneProblems(done: number, all: number): Problem[] {
  if (done < all) return []
  const message = `that run has already taken ${done} steps, of ${all} in total: no steps are left`
  return [{ path: 'train.init.take', message, expected: `train.steps above ${done}` }]
}

/** Throws SeqlabError 'data' with what `trialFindings` reports about validation without held-out data. */
export function refuseBlindness(settings: TrialSettings, dataset: Dataset): void {
  const problems = blindProblems(settings, dataset)
  const [first] = problems
  if (first !== undefined) throw new SeqlabError('data', `${first.path}: ${first.message}`, { problems })
}
