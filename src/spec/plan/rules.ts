import type { Problem } from '../../core/errors.js'
import { judge, readable, unlessUnfit } from '../../core/judge.js'
import { oneOf } from '../../core/suggest.js'
import { usualCharacters } from '../../data/options.js'
import { dataProblems, resolveData } from '../../data/rules.js'
import type { DecodeOptions } from '../../decode/index.js'
import { decodeProblems } from '../../decode/rules.js'
import { type MetricSpec, metrics } from '../../metrics/index.js'
import { attends } from '../../model/attends.js'
import { searchOfHead } from '../../model/heads/index.js'
import { taskOf, tasks } from '../../task/index.js'
import type { ModelSection, TaskPart } from '../../task/types.js'
import type { SelectChoice } from '../../train/options.js'
import { trainProblems } from '../../train/rules.js'
import { selectChoices } from '../../train/select-choices.js'
import { isList, isMap, type Json, type JsonMap } from '../document/nodes.js'
import type { Spec } from '../types.js'
import { jointProblems } from './joint-rules.js'

const sectionNames = ['source', 'target', 'encoder', 'features', 'context', 'decoder', 'head'] as const

/** The task that a spec names, if there is such a one. */
export function taskNamed(written: Json | undefined): TaskPart | undefined {
  const name = isMap(written) ? written.type : written
  return Object.values<TaskPart>(tasks.parts).find((task) => task.name === name)
}

/** The task's default metrics where the spec has none. */
export function withTaskDefaults(written: JsonMap): JsonMap {
  const task = taskNamed(written.task)
  return task === undefined || 'metrics' in written ? written : { ...written, metrics: [...task.defaultMetrics] }
}

/** What follows from other sections: the data that the task's sides need, the metrics that select the checkpoint. */
export function completed(spec: Spec, task: TaskPart, written: JsonMap): Spec {
  const select = selectChoices(spec).map((choice, at) =>
    isBare(written, at) ? asListed(choice, spec.metrics) : choice,
  )
  return {
    ...spec,
    data: withCharacters(resolveData(spec.data, task.sides), spec.model),
    train: { ...spec.train, validate: { ...spec.train.validate, select } },
  }
}

/** The characters that a model reads are there without being asked for. */
function withCharacters(data: Spec['data'], { source }: Spec['model']): Spec['data'] {
  if (source?.characters === undefined || data.characters !== undefined) return data
  return { ...data, characters: usualCharacters }
}

/** Whether the criterion at that place of `train.validate.select` is a name alone. */
function isBare({ train }: JsonMap, at: number): boolean {
  const validate = isMap(train) ? train.validate : undefined
  const select = isMap(validate) ? validate.select : undefined
  return typeof (isList(select) ? select[at] : select) === 'string'
}

/** A name alone means the metric of that name as `metrics` has it, where it is listed there. */
function asListed(choice: SelectChoice, listed: readonly MetricSpec[]): SelectChoice {
  return choice === 'loss' ? choice : (listed.find(({ type }) => type === choice.type) ?? choice)
}

/**
 * The rules between sections that no schema can express. `spec` has its defaults; a rule that reads what does not fit its
 * schema says nothing (core/judge.ts), so that each error is reported once and keeps no other from being reported. `trained`: the
 * spec is that of a trained model, which options without an effect, or a metric under a wrong name, make no worse.
 */
export function crossProblems(spec: Spec, written: JsonMap, trained = false): Problem[] {
  const task = unlessUnfit(() => taskNamed(spec.task.type), undefined)
  if (task === undefined) return []
  const sections = sectionProblems(task, written)
  const unusable = sectionNames.filter((name) => sections.some(({ section }) => section === name))
  return [
    ...sections.map(({ problem }) => problem),
    ...judge(
      () => taskOf(spec.task).problems(readable(spec.model, unusable)),
      () => dataProblems(spec.data, task.sides),
      () => metricProblems(spec.metrics, task),
      () => trainProblems(spec.train, task, trained),
      () => selectingProblems(spec),
      () => attentionProblems(spec.metrics, spec.model, task),
      () => (trained ? [] : unitProblems(spec.metrics, spec.data, task)),
      () => (trained ? [] : selectedUnitProblems(spec, task)),
      () => jointProblems(spec),
      () => (task.decodes ? searchProblems(spec) : ignoredSearch(whyNoSearch(task, spec), written)),
    ),
  ]
}

interface SectionProblem {
  readonly section: ModelSection
  readonly problem: Problem
}

function sectionProblems(task: TaskPart, { model }: JsonMap): SectionProblem[] {
  if (!isMap(model)) return []
  return sectionNames.flatMap((section): SectionProblem[] => {
    const use = task.sections[section]
    if (use === 'required' && !(section in model)) {
      const message = `the task ${task.name} needs \`model.${section}\``
      return [{ section, problem: { path: 'model', message, ...exampleOf(section, task) } }]
    }
    if (use !== 'refused' || !(section in model)) return []
    const used = sectionNames.filter((name) => task.sections[name] !== 'refused')
    const message = `the task ${task.name} does not use \`model.${section}\``
    return [{ section, problem: { path: `model.${section}`, message, expected: oneOf(used) } }]
  })
}

/** How a section that is missing is begun. */
function exampleOf(section: ModelSection, { sides }: TaskPart): Pick<Problem, 'expected'> {
  if (section !== 'source' && section !== 'target') return {}
  return { expected: `\`${section}: { representation: ${sides[section] === 'values' ? 'numbers' : 'embedding'} }\`` }
}

/** What a trained model is evaluated with instead of its own metrics and search. */
interface Evaluated {
  readonly metrics?: readonly MetricSpec[] | undefined
  readonly decode?: DecodeOptions | undefined
}

/** The same rules for that, at the paths that it has in a spec. */
export function evaluationProblems(
  { metrics: chosen = [], decode }: Evaluated,
  { task, model, data }: Spec,
): Problem[] {
  const part = tasks.get(task.type)
  const search = decode === undefined || part.decodes ? [] : [{ path: 'decode', message: whyNoSearch(part, { model }) }]
  return [
    ...metricProblems(chosen, part),
    ...attentionProblems(chosen, model, part),
    ...unitProblems(chosen, data, part),
    ...search,
    ...(decode !== undefined && part.decodes ? decodeProblems(decode, 'decode', attends(model)) : []),
  ]
}

function metricProblems(chosen: readonly MetricSpec[], task: TaskPart): Problem[] {
  const typeAt = (at: number) => unlessUnfit(() => chosen[at]?.type, undefined)
  return Array.from({ length: chosen.length }, (_, index) => index).flatMap((index): Problem[] => {
    const path = `metrics.${index}`
    const type = typeAt(index)
    const metric = type === undefined ? undefined : metrics.find(type)
    if (metric === undefined) return []
    if (Array.from({ length: index }, (_, at) => typeAt(at)).includes(type)) {
      return [{ path, message: `\`${type}\` is in the list twice` }]
    }
    if (metric.tasks.includes(task.name)) return []
    const fitting = Object.values(metrics.parts).filter((other) => other.tasks.includes(task.name))
    const message = `\`${type}\` cannot score the task ${task.name}`
    return [{ path, message, expected: oneOf(fitting.map(({ name }) => name)) }]
  })
}

/** Metrics of attention weights need some. */
function attentionProblems(chosen: readonly MetricSpec[], model: Spec['model'], task: TaskPart): Problem[] {
  if (attends(model)) return []
  return chosen.flatMap(({ type }, index): Problem[] => {
    const metric = metrics.find(type)
    if (metric?.reads !== 'alignment' || !metric.tasks.includes(task.name)) return []
    const message = `\`${type}\` reads the weights of attention, and the model has none`
    return [
      {
        path: `metrics.${index}`,
        message,
        expected: 'model.context.from: attention',
        received: model.context?.from ?? 'no context',
      },
    ]
  })
}

/** Metrics of characters need tokens that are characters. */
function unitProblems(chosen: readonly MetricSpec[], { sourceTokens }: Spec['data'], task: TaskPart): Problem[] {
  const tokens = sourceTokens?.type ?? 'whitespace'
  return chosen.flatMap(({ type }, index): Problem[] => {
    const metric = metrics.find(type)
    if (metric?.tokens === undefined || metric.tokens === tokens || !metric.tasks.includes(task.name)) return []
    const message = `\`${type}\` counts each token as a character, and the tokens are not: its value would be per token`
    const hint = 'Take `perplexity` or `cross-entropy`, which are per token, or set data.sourceTokens: characters.'
    const expected = `data.sourceTokens: ${metric.tokens}`
    return [{ path: `metrics.${index}`, message, expected, received: tokens, hint }]
  })
}

/** The same of what selects a checkpoint and is not among the metrics. */
function selectedUnitProblems({ train, metrics: listed, data }: Spec, task: TaskPart): Problem[] {
  const choices = selectChoices({ train, metrics: listed }).flatMap((choice) => (choice === 'loss' ? [] : [choice]))
  const own = choices.filter(({ type }) => !listed.some((other) => other.type === type))
  return unitProblems(own, data, task).map((problem) => ({ ...problem, path: 'train.validate.select' }))
}

/** What training makes does not depend on true alignments. */
function selectingProblems(spec: Spec): Problem[] {
  return selectChoices(spec).flatMap((choice): Problem[] => {
    if (choice === 'loss' || metrics.find(choice.type)?.reads !== 'alignment') return []
    const message = `\`${choice.type}\` cannot select a checkpoint: training knows no true alignment`
    const hint =
      'By default the first of `metrics` selects: list another one first, or name one in train.validate.select.'
    return [
      { path: 'train.validate.select', message, expected: 'another metric, or `loss`', received: choice.type, hint },
    ]
  })
}

function searchProblems(spec: Spec): Problem[] {
  const sees = unlessUnfit(() => attends(spec.model), true)
  return judge(
    () => decodeProblems(spec.decode, 'decode', sees),
    () => decodeProblems(spec.train.validate.decode, 'train.validate.decode', sees),
  )
}

/** Of a task that does not search, or a head that finds the best outputs exactly. */
function whyNoSearch({ name }: TaskPart, spec: Pick<Spec, 'model'>): string {
  const byHead = unlessUnfit(() => searchOfHead(spec.model.head), undefined)
  return byHead ?? `the task ${name} does not search for an output`
}

function ignoredSearch(why: string, written: JsonMap): Problem[] {
  const validate = isMap(written.train) ? written.train.validate : undefined
  const paths = [
    ...('decode' in written ? ['decode'] : []),
    ...(isMap(validate) && 'decode' in validate ? ['train.validate.decode'] : []),
  ]
  return paths.map((path) => ({ path, message: `${why}: \`decode\` would be ignored` }))
}
