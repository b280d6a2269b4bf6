import type { ComparisonReport } from '../../analysis/comparison/types.js'

/** One row a trial, for other programs: full figures, settings that differ, both splits (RFC 4180). */
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
        ...paths.map((path) => settingText(variant?.settings[path])),
        trial.seed,
        trial.status,
        ...metrics.flatMap((name) => [trial.test[name] ?? '', trial.dev[name] ?? '']),
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

function settingText(value: unknown): string {
  return value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)
}

/** A text that a spreadsheet would run as a formula gets an apostrophe before it. */
function field(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
