import type { RunRecord } from '../../../store/index.js'
import { lossMeasure } from '../../../task/reporting.js'
import type { MetricsLine } from '../../../train/types.js'

/** What the horizontal axis of a curve over steps counts. */
export type AxisName = 'step' | 'tokens' | 'time'

/** What a training's steps may be counted in besides: absent where it is not known. */
export interface StepAxes {
  /** Tokens (in a forecast numbers, in a classification examples) that were trained on until a step, in order; straight lines between. */
  readonly tokens?: { readonly name: string; readonly knots: readonly (readonly [step: number, total: number])[] }
  /** Of the whole training, which is spread evenly over its steps. */
  readonly time?: { readonly ms: number; readonly steps: number }
}

type Recorded = Pick<RunRecord, 'spec' | 'timings' | 'stepsDone'>

/** Of a trial that is recorded; older ones did not record what they were trained on. */
export function stepAxes({ spec, timings, stepsDone }: Recorded, lines: readonly MetricsLine[]): StepAxes {
  const knots = tokensUntil(lines)
  const ms = timings.train ?? timings.trainMs
  return {
    ...(knots !== undefined && { tokens: { name: `${lossMeasure(spec.task).over}s`, knots } }),
    ...(ms !== undefined && ms > 0 && stepsDone > 0 && { time: { ms, steps: stepsDone } }),
  }
}

/** Of every recorded step how much had been trained on; undefined where a line does not say. */
export function tokensUntil(lines: readonly MetricsLine[]): [step: number, total: number][] | undefined {
  const knots: [number, number][] = [[0, 0]]
  let total = 0
  for (const line of lines) {
    if (line.kind !== 'train') continue
    if (line.tokens === undefined) return undefined
    total += line.tokens
    knots.push([line.step, total])
  }
  return total === 0 ? undefined : knots
}
