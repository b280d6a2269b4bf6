import { runErrorOrThrow } from '../../../core/checked-json.js'
import { SeqlabError } from '../../../core/errors.js'
import { isNumber, type Measured } from '../../../core/measured.js'
import type { PlaygroundModel } from '../../../playground/model.js'
import { openTrial, type RunRecord, readEvaluations, readExportedForm, readWhatIsWhole } from '../../../store/index.js'
import { measuredText } from '../../format/values.js'
import { joinersOf } from '../joiners.js'
import {
  charactersOf,
  type EmbeddedModel,
  modelWithin,
  mostCharacters,
  type PlaygroundChoice,
} from '../trial/playground.js'
import { type PlaygroundExamples, playgroundExamples } from '../trial/playground-examples.js'
import type { ComparedTrial, ComparisonReport, Group, MetricComparison } from './types.js'

/** One trained model of a variant, for a reader to try. */
export interface ComparedModel {
  /** Id of the variant. */
  readonly variant: string
  readonly label: string
  /** Which of its trained models it is: `seed 2, best on dev of 3: 8.8 %`. */
  readonly chosen: string
  readonly held: HeldModel | ServedModel
}

/** A model in the page; else how many characters it would take, or why it cannot be tried. */
type HeldModel = EmbeddedModel | { readonly tooLarge: number } | { readonly leftOut: string }

/** A model that is asked for at an address, and its search here. */
export interface ServedModel {
  readonly address: string
  readonly decode: RunRecord['spec']['decode']
}

/** What a page has of a group's trained models: one for each variant with a result, the best on dev first. */
export interface GroupPlayground extends PlaygroundExamples {
  readonly models: readonly ComparedModel[]
}

/** Where a trial's model can be asked for. */
export type ModelAddress = (trial: ComparedTrial) => string

/**
 * Of each group, in the report's order, its models: in the page, up to 2 MB in all where that is not asked for otherwise, or
 * served from an address. None where none are asked for.
 */
export async function playgroundsOf(
  { groups }: Pick<ComparisonReport, 'groups'>,
  { playground, playgroundWeights }: PlaygroundChoice,
  addressOf?: ModelAddress,
): Promise<readonly GroupPlayground[]> {
  if (playground === 'off') return []
  let room = playground === 'auto' ? mostCharacters : Number.POSITIVE_INFINITY
  const found: GroupPlayground[] = []
  for (const group of groups) {
    const models: ComparedModel[] = []
    for (const { trial, ...named } of chosenTrials(group)) {
      const spec = await specOf(trial)
      const held = heldOf(trial, spec, playgroundWeights, addressOf === undefined ? room : 0)
      if ('model' in held) room -= charactersOf(held)
      const isServed = addressOf !== undefined && 'tooLarge' in held && spec !== undefined
      models.push({ ...named, held: isServed ? { address: addressOf(trial), decode: spec.decode } : held })
    }
    found.push({ models, ...(await examplesOf(group)) })
  }
  return found
}

interface Chosen extends Omit<ComparedModel, 'held'> {
  readonly trial: ComparedTrial
}

/** Of each variant the trained model that is best on dev by the main metric, the best variant first. */
function chosenTrials(group: Pick<Group, 'metrics' | 'variants' | 'trials'>): Chosen[] {
  const [main] = group.metrics
  const means = new Map(main?.values.map(({ variant, dev }) => [variant, dev]))
  const cost = (value: Measured | undefined) => costOf(value, main?.better)
  return group.variants
    .toSorted((a, b) => cost(means.get(a.id)) - cost(means.get(b.id)))
    .flatMap(({ id, label }) => {
      const trials = group.trials.filter(({ variant, status }) => variant === id && status === 'completed')
      const dev = (trial: ComparedTrial) => (main === undefined ? undefined : trial.dev[main.name])
      const [trial] = trials.toSorted((a, b) => cost(dev(a)) - cost(dev(b)))
      if (trial === undefined) return []
      return [{ variant: id, label, trial, chosen: chosenText(trial, trials.length, dev(trial), main) }]
    })
}

function costOf(value: Measured | undefined, better: MetricComparison['better'] = 'lower'): number {
  if (value === undefined || !isNumber(value)) return Number.MAX_VALUE
  return better === 'lower' ? value : -value
}

function chosenText(
  { seed }: ComparedTrial,
  count: number,
  dev: Measured | undefined,
  main: MetricComparison | undefined,
): string {
  const value = dev === undefined || main === undefined ? '' : `: ${main.title} ${measuredText(dev, main.unit)}`
  return count === 1 ? `seed ${seed}` : `seed ${seed}, best on dev of ${count}${value}`
}

/** With the search of the evaluation that is compared; undefined where the trial cannot be read any more. */
async function specOf({ directory, evaluation }: ComparedTrial): Promise<RunRecord['spec'] | undefined> {
  try {
    const { record } = await openTrial(directory)
    const { evaluations } = readEvaluations(directory, record.trialId)
    const { decode = record.spec.decode } = evaluations.find(({ id }) => id === evaluation) ?? {}
    return { ...record.spec, decode }
  } catch (error) {
    if (error instanceof SeqlabError) return undefined
    throw error
  }
}

function heldOf(
  { directory }: ComparedTrial,
  spec: RunRecord['spec'] | undefined,
  weights: PlaygroundChoice['playgroundWeights'],
  room: number,
): HeldModel {
  if (spec === undefined) return { leftOut: 'Its files cannot be read.' }
  const found = modelWithin(directory, { spec, status: 'completed' }, weights, room)
  return found ?? { leftOut: 'It has no model that a page can run: that is missing, or an earlier version trained it.' }
}

/** Of the test set, which all variants have: from the first of which that can be read. */
async function examplesOf(group: Group): Promise<PlaygroundExamples> {
  for (const { trial } of chosenTrials(group)) {
    const { record, predictions } = await readWhatIsWhole(trial.directory)
    const scaling = scalingOf(trial)
    if (record === undefined || predictions.length === 0 || 'problem' in scaling) continue
    const given = { predictions, record, joiners: joinersOf(record.spec) }
    return playgroundExamples(given, scaling, record.spec.data.features?.separator)
  }
  return { examples: [], features: [], series: [] }
}

/** Of a forecast: without it a page cannot tell which numbers of a window are the series'. */
function scalingOf({ directory }: ComparedTrial): Pick<PlaygroundModel, 'scaling'> | { readonly problem: string } {
  try {
    const scaling = readExportedForm(directory)?.description.scaling
    return scaling === undefined ? {} : { scaling }
  } catch (error) {
    return { problem: runErrorOrThrow(error).message }
  }
}
