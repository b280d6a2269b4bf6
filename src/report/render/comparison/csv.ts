import { isNumber, type Measured } from '../../../core/measured.js'
import type { ComparisonReport, Group } from '../../analysis/comparison/types.js'
import { isOtherwise, notMeasuredText } from './tables.js'

/** One row per trial for other programs: full precision, settings that differ, both splits (RFC 4180). */
export function comparisonCsv({ groups }: ComparisonReport): string {
  const metrics = [...new Set(groups.flatMap((group) => group.metrics.map(({ name }) => name)))]
  const paths = [...new Set(groups.flatMap(({ differing, factors }) => [...differing, ...factors]))]
  const head = [
    'task',
    'dataDigest',
    'variant',
    ...paths,
    'seed',
    'status',
    ...metrics.flatMap((name) => [`test.${name}`, `dev.${name}`]),
    'parameters',
    'steps',
    'trainMs',
    'trialId',
    'directory',
  ]
  const rows = groups.flatMap((group) =>
    group.trials.map((trial) => {
      const variant = group.variants.find(({ id }) => id === trial.variant)
      return [
        group.task,
        group.dataDigest,
        variant?.label ?? '',
        ...paths.map((path) => csvSetting(variant?.settings[path])),
        trial.seed,
        trial.status,
        ...metrics.flatMap((name) => {
          const isAbsent = trial.test[name] === undefined && isOtherwise(trial, waysOf(group, name))
          const absent = isAbsent ? notMeasuredText : ''
          return [csvValue(trial.test[name], absent), csvValue(trial.dev[name], absent)]
        }),
        trial.parameters,
        trial.steps,
        trial.trainMs ?? '',
        trial.trialId,
        trial.directory,
      ]
    }),
  )
  return [head, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('')
}

/** The metric of which a group has a measure of this name, where it is measured in several ways. */
function waysOf({ metrics }: Group, name: string): string | undefined {
  return metrics.find((one) => one.name === name)?.metric
}

/** An undefined value is its reason: an empty field would be read as a trial that was not evaluated. */
function csvValue(value: Measured | undefined, absent: string): string | number {
  if (value === undefined) return absent
  return isNumber(value) ? value : `undefined: ${value.reason}`
}

function csvSetting(value: unknown): string {
  return value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)
}

/** An apostrophe in front keeps spreadsheets from evaluating a text as a formula. */
function field(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
