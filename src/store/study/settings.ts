// What trains the trials of a study, kept in study.json so that a change is named by its path.

import { canonicalJson } from '../../core/canonical-json.js'
import { isJsonObject } from '../../core/json.js'
import { valueText } from '../../spec/plan/study/labels.js'
import type { Spec } from '../../spec/types.js'

/** The sections of a resolved spec that train a trial; search, metrics and name are not among them. */
export type TrainingSettings = Readonly<Record<string, unknown>>

export function trainingSettings({
  task,
  data,
  model,
  train,
}: Pick<Spec, 'task' | 'data' | 'model' | 'train'>): TrainingSettings {
  return { task, data, model, train }
}

/** What differs, a line each: `train.steps: 10 -> 12`. A part of another type is named as a whole. */
export function changedSettings(before: TrainingSettings, after: TrainingSettings): string[] {
  return changesAt('', before, after)
}

function changesAt(path: string, before: unknown, after: unknown): string[] {
  if (isSame(before, after)) return []
  if (!isJsonObject(before) || !isJsonObject(after) || before.type !== after.type) {
    return [`${path}: ${settingText(before)} -> ${settingText(after)}`]
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return keys.flatMap((key) => changesAt(path === '' ? key : `${path}.${key}`, before[key], after[key]))
}

function isSame(before: unknown, after: unknown): boolean {
  if (before === undefined || after === undefined) return before === after
  return canonicalJson(before) === canonicalJson(after)
}

function settingText(value: unknown): string {
  if (value === undefined) return 'absent'
  const isPart = isJsonObject(value) && typeof value.type === 'string'
  const text = isPart ? valueText(value) : typeof value === 'string' ? value : canonicalJson(value)
  return text.length > longestText ? `${text.slice(0, longestText)}...` : text
}

const longestText = 60
