import { extname } from 'node:path'
import { SeqlabError } from '../core/errors.js'
import { writeFileDurably } from '../core/files.js'
import { didYouMean } from '../core/suggest.js'
import { compare } from '../report/analysis/comparison/compare.js'
import { settingPaths } from '../report/analysis/comparison/variants.js'
import { type Found, findTrials } from '../report/comparison/read.js'
import { type Format, formatComparison, formats } from '../report/render/comparison/write.js'
import { printable } from './printable.js'

export interface CompareFlags {
  readonly by?: string
  readonly metric?: string
  readonly format?: Format
  readonly out?: string
  readonly strict: boolean
  readonly onlyChanged: boolean
}

/** `seqlab compare`: 0, 1 with --strict where a claim is not supported, 2 for a bad path or flag. */
export async function compareRuns(paths: readonly string[], flags: CompareFlags): Promise<number> {
  const { by, metric, onlyChanged } = flags
  const form = formOf(flags)
  const found = await findTrials(paths)
  checkFlags(found, flags)
  const command = ['seqlab', ...process.argv.slice(2)].join(' ')
  const report = compare(found, {
    command,
    onlyChanged,
    ...(by === undefined ? {} : { by }),
    ...(metric === undefined ? {} : { metric }),
  })
  const text = formatComparison(report, form)
  if (flags.out === undefined) process.stdout.write(text)
  else writeFileDurably(flags.out, text)
  for (const { path, reason } of report.skipped) process.stderr.write(`${printable(`skipped ${path}: ${reason}`)}\n`)
  const unsupported = report.claims.filter(({ verdict }) => verdict !== 'supported')
  for (const claim of flags.strict ? unsupported : []) {
    process.stderr.write(`${printable(`${claim.verdict}: ${claim.text}: ${claim.evidence}`)}\n`)
  }
  return flags.strict && unsupported.length > 0 ? 1 : 0
}

function formOf({ format, out }: CompareFlags): Format {
  if (format !== undefined) return format
  if (out === undefined) return 'md'
  const ending = extname(out).slice(1)
  const form = formats.find((one) => one === ending)
  if (form === undefined)
    throw new SeqlabError('spec', `--out ${out} ends in none of ${formats.join(', ')}`, {
      hint: 'Give the format with --format.',
    })
  return form
}

/** A path or metric that no trial has is a mistake, not an empty table. */
function checkFlags({ trials }: Found, { by, metric }: CompareFlags): void {
  const paths = settingPaths(trials.map(({ record }) => record.spec))
  if (by !== undefined && !paths.includes(by)) {
    const near = paths.filter((path) => path.endsWith(`.${by.split('.').at(-1)}`))
    const hint =
      near.length > 0 ? `Name one, such as ${near.slice(0, 5).join(', ')}.` : 'compare --no-only-changed lists all.'
    throw new SeqlabError('spec', `--by ${by} is no setting of these trials${didYouMean(by, paths)}`, { hint })
  }
  const metrics = [...new Set(trials.flatMap(({ statistics }) => Object.keys(statistics)))]
  if (metric !== undefined && !metrics.includes(metric)) {
    throw new SeqlabError('spec', `--metric ${metric} is no metric of these trials${didYouMean(metric, metrics)}`, {
      hint: `There are: ${metrics.join(', ') || 'none'}.`,
    })
  }
}
