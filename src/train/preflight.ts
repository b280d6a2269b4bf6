import { type Problem, SeqlabError } from '../core/errors.js'
import type { Dataset, Split } from '../data/types.js'
import { buildRepresentation } from '../model/representation/index.js'
import { sideOf } from '../model/sizes.js'
import { taskOf } from '../task/index.js'
import { longestRow, modelSizes } from '../task/sizes.js'
import { totalSteps, trainingBatches } from './batches.js'
import { stepParts } from './functions.js'
import { firstState } from './progress.js'
import type { StepParts } from './step.js'
import type { TrialSettings } from './types.js'
import { startFrom } from './warm-start.js'

/**
 * What would stop a trial before its first step, and only the data, the model's sizes or another run can tell: a model
 * that these data do not fit, patterns that name no parameter, a start from a run that is not there or of another shape.
 * Nothing is trained and no engine is needed.
 */
export async function trialProblems(
  settings: TrialSettings,
  dataset: Dataset,
  seeds: readonly number[],
): Promise<readonly Problem[]> {
  const blind = blindProblems(settings, dataset)
  const long = longProblems(settings, dataset)
  const unknown = await symbolProblems(settings, dataset)
  if (unknown.length > 0) return [...blind, ...long, ...unknown]
  const built = await attempt('model', async () => stepParts(settings, dataset))
  if ('problems' in built) return [...blind, ...long, ...built.problems]
  return [...blind, ...long, ...(await startProblems(settings, dataset, built.value, seeds))]
}

type Attempt<T> = { readonly value: T } | { readonly problems: readonly Problem[] }

/** An error raised on purpose as problems; `path` is where it is told when it does not say so itself. */
async function attempt<T>(path: string, work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await work() }
  } catch (error) {
    if (error instanceof RangeError) return { problems: [{ path, message: error.message }] }
    if (!(error instanceof SeqlabError) || error.code === 'internal') throw error
    const { message, hint, problems } = error
    const mend = hint === undefined ? {} : { hint }
    return {
      problems: problems.length > 0 ? problems.map((each) => ({ ...mend, ...each })) : [{ path, message, ...mend }],
    }
  }
}

/** What looks at validation has nothing to look at without held-out data. */
function blindProblems({ train }: TrialSettings, { dev }: Dataset): Problem[] {
  if (dev.size > 0) return []
  const blind = [
    ...(train.validate.patience === undefined ? [] : ['train.validate.patience']),
    ...(train.schedule.type === 'plateau' ? ['train.schedule'] : []),
  ]
  const hint = 'Set data.split.dev above 0.'
  return blind.map((path) => ({ path, message: 'this goes by validation, and the dev split is empty', hint }))
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

/** Untied weights have a copy for each of so many steps. */
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
      message: `there is no copy of the weights for steps after ${unroll.length}, and inputs have more (${tooLong.join(', ')})`,
      expected: `at least ${most}`,
      received: `${unroll.length}`,
      hint: `Raise it, or ${stepsOf === undefined ? 'cut sources (data.sourceTokens.maxLength)' : 'lower task.chunk'}.`,
    },
  ]
}

function longestIn({ source, size }: Split): number {
  return size === 0 ? 0 : longestRow(source)
}

/** Each seed may have its own: a training that goes on keeps the seed that it began with. */
async function startProblems(
  { train }: TrialSettings,
  dataset: Dataset,
  parts: StepParts,
  seeds: readonly number[],
): Promise<readonly Problem[]> {
  const { init } = train
  if (init === undefined) return []
  const found: Problem[] = []
  for (const seed of init.take === 'training' ? seeds : seeds.slice(0, 1)) {
    const { shapes, perEpoch } = trainingBatches(parts.model, dataset.train, train, seed)
    const first = firstState(parts, seed, shapes[0]?.batch ?? train.batchSize)
    const started = await attempt('train.init.from', () => startFrom(init, first))
    if ('problems' in started) found.push(...started.problems)
    else found.push(...doneProblems(started.value.step, totalSteps(train, perEpoch)))
  }
  return found
}

/** A training that goes on has steps left. */
function doneProblems(done: number, all: number): Problem[] {
  if (done < all) return []
  const message = `that run has made ${done} steps already, and ${all} are asked for in all: nothing is left to train`
  return [{ path: 'train.init.take', message, expected: `train.steps above ${done}` }]
}

/** Throws SeqlabError 'data' with what `trialProblems` would say about validation without held-out data. */
export function refuseBlindness(settings: TrialSettings, dataset: Dataset): void {
  const problems = blindProblems(settings, dataset)
  const [first] = problems
  if (first !== undefined) throw new SeqlabError('data', `${first.path}: ${first.message}`, { problems })
}
