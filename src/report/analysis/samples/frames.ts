import { metrics } from '../../../metrics/index.js'
import type { Samples } from '../../../store/index.js'
import { outputKind } from '../../../task/reporting.js'
import type { SamplesLine } from '../../../train/types.js'
import { lossText, measuredText } from '../../format/values.js'
import { joinersOf } from '../joiners.js'
import { metricTitle } from '../metrics.js'
import { readsFeaturesFirst, type Settings, selectedBy, taskOf, tokensOf } from '../running/settings.js'
import { roomForFrames, thinFrames } from './thin.js'
import type { Forming, Frame } from './types.js'

/** Undefined where nothing was recorded. */
export function formingOf(settings: Settings, { examples, validations }: Samples): Forming | undefined {
  if (validations.length === 0) return undefined
  const selected = selectedBy(settings)
  const frames = thinFrames(
    validations.map((line) => frameOf(line, selected)),
    roomForFrames,
  )
  return { ...howShown(settings), examples, frames, recorded: validations.length }
}

/** How samples are shown, as a trial's settings say. */
export function howShown(settings: Settings): Pick<Forming, 'kind' | 'joiners' | 'featuresFirst'> {
  const kind = outputKind(taskOf(settings) ?? { type: '' })
  return { kind, joiners: joinersOf(tokensOf(settings)), featuresFirst: readsFeaturesFirst(settings) }
}

/** `selected`: the metric that selects; of a validation without it the first of its metrics is named, else the loss. */
export function frameOf(line: SamplesLine, selected: string | undefined): Frame {
  const { step, best, outputs } = line
  return {
    step,
    ...(line.kind === 'average' && { mean: line.validations }),
    dev: devText(line, selected),
    best,
    outputs,
  }
}

function devText({ loss, metrics: values }: SamplesLine, selected: string | undefined): string {
  const name = selected ?? Object.keys(values)[0]
  const value = name === undefined ? undefined : values[name]
  if (name === undefined || value === undefined) return `loss ${lossText(loss)}`
  return `${metricTitle(name)} ${measuredText(value, metrics.find(name)?.unit ?? 'number')}`
}
