import { floats } from '../core/tensors.js'
import { leaf } from '../core/tree.js'
import { aheadScaling, targetScaling } from '../data/scaling.js'
import { type Activity, activityLog } from './activity.js'
import { neverTraced } from './functions.js'
import type { Opened } from './model.js'

/** A window's steps and what is known of the horizon's, in the series' own units: steps, each with its numbers. */
export interface GivenSeries {
  readonly window: readonly (readonly number[])[]
  readonly ahead: readonly (readonly number[])[]
}

export interface ForecastAnswer {
  /** The horizon, step by step a number for each series that is forecast, in its own unit. */
  readonly forecast: readonly (readonly number[])[]
  /** By step of the window: the encoder's cells. */
  readonly read: Activity
}

export async function forecastSeries(
  { model, watched }: Opened,
  { window, ahead }: GivenSeries,
): Promise<ForecastAnswer> {
  const { scaling = [] } = model
  const scaled = (steps: GivenSeries['window'], series: typeof scaling) =>
    steps.flatMap((step) => series.map(({ mean, scale }, at) => ((step[at] ?? 0) - mean) / scale))
  const known = aheadScaling(scaling)
  const source = {
    values: floats(scaled(window, scaling), [1, window.length, scaling.length]),
    mask: floats(new Float32Array(window.length).fill(1), [1, window.length]),
  }
  const future = scaled(ahead, known)
  const inputs = known.length > 0 ? { source, ahead: floats(future, [1, future.length]) } : { source }
  const { activity, look } = activityLog()
  const results = await watched(look())('forecast', neverTraced, inputs)
  const targets = targetScaling(scaling)
  const values = leaf(results, 'values').data
  const forecast = Array.from({ length: values.length / targets.length }, (_, step) =>
    targets.map(({ mean, scale }, series) => (values[step * targets.length + series] ?? 0) * scale + mean),
  )
  return { forecast, read: activity }
}
