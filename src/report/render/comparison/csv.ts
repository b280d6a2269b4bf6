import { isNumber, type Measured } from '../../../core/measured.js'
import type { ComparisonReport } from '../../analysis/comparison/types.js'

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
        ...metrics.flatMap((name) => [csvValue(trial.test[name]), csvValue(trial.dev[name])]),
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

/** An undefined value is its reason: an empty field would be read as a trial that was not evaluated. */
function csvValue(value: Measured | undefined): string | number {
  if (value === undefined) return ''
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
