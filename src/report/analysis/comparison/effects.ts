import type { MetricView } from '../metrics.js'
import { unitsOf } from './levels.js'
import { compareMetric } from './metric.js'
import type { ResampleSettings, TrialSamples } from './samples.js'
import type { Effect } from './types.js'
import { groupTrials, settingText, type TrialGroup } from './variants.js'

interface EffectSettings extends ResampleSettings {
  readonly samples: TrialSamples | undefined
}

/**
 * The effect of each factor of a grid on a metric: its levels, averaged over the settings that all of them have, compared as
 * `--by` compares them; each factor's pairs are a family of their own. None where there is one factor: its levels are the
 * variants.
 */
export function effectsOf(group: TrialGroup, metric: MetricView, settings: EffectSettings): Effect[] {
  if (group.by !== undefined || group.factors.length < 2) return []
  const completed = group.variants.flatMap((variant) => variant.completed)
  return group.factors.flatMap((path) => {
    const [levels] = groupTrials(completed, { by: path, onlyChanged: true })
    if (levels === undefined || levels.variants.length < 2) return []
    const units = unitsOf(levels)
    const seedWord = levels.mixed.length > 0 && !units.averaged ? 'run' : 'seed'
    const shown = levels.variants.map(({ id, settings: of }) => ({ id, level: settingText(of[path]) }))
    const metricOfLevels = compareMetric(levels, metric, { ...settings, units, seedWord })
    return [
      { path, averaged: units.averaged, seedWord, mixed: [...levels.mixed], levels: shown, metric: metricOfLevels },
    ]
  })
}
