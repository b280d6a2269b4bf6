import { extname } from 'node:path'
import { Command, Option } from '@commander-js/extra-typings'
import type { ComparisonReport } from '../../report/analysis/comparison/types.js'
import { type Format, formats } from '../../report/render/comparison/formats.js'
import { examples } from '../options.js'

/** `seqlab compare`: 0, 1 with --strict where a claim is not supported, 2 for a bad path or flag. */
export const compareVerb = () =>
  new Command('compare')
    .argument('<runs...>')
    .description('compare the finished trials of runs and studies, with tests of significance')
    .option('--by <path>', 'group trials by one setting, such as model.encoder.hidden, instead of by the whole spec')
    .option('--metric <name>', "primary metric (default: the specs' first)")
    .addOption(
      new Option('--format <format>', 'output format (default: by the ending of --out, else md)').choices(formats),
    )
    .option('--out <file>', 'write to this file instead of stdout')
    .option('--strict', 'exit with 1 unless every claim of the studies is supported', false)
    .option('--no-only-changed', 'list all settings, not only those that differ')
    .addHelpText(
      'after',
      examples(
        'seqlab compare runs/scorers',
        'seqlab compare runs/scorers runs/cells --metric wer --out comparison.html',
        'seqlab compare runs/sizes --by model.encoder.hidden --format json',
      ),
    )
    .action(async (paths, { by, metric, format, out, strict, onlyChanged }) => {
      const { compare } = await import('../../report/analysis/comparison/compare.js')
      const { checkNames } = await import('../../report/analysis/comparison/names.js')
      const { findTrials } = await import('../../report/analysis/comparison/read.js')
      const { formatComparison } = await import('../../report/render/comparison/write.js')
      const form = format ?? (await formatOf(out))
      const found = await findTrials(paths)
      checkNames(found, { by, metric })
      const command = ['seqlab', ...process.argv.slice(2)].join(' ')
      const report = compare(found, { command, onlyChanged, by, metric })
      await write(formatComparison(report, form), out)
      await printProblems(report, strict)
    })

async function formatOf(out: string | undefined): Promise<Format> {
  if (out === undefined) return 'md'
  const ending = extname(out).slice(1)
  const format = formats.find((each) => each === ending)
  if (format !== undefined) return format
  const { SeqlabError } = await import('../../core/errors.js')
  const hint = 'Give the format with --format.'
  throw new SeqlabError('spec', `--out ${out} must end in one of ${formats.join(', ')}`, { hint })
}

async function write(text: string, out: string | undefined): Promise<void> {
  if (out === undefined) return void process.stdout.write(text)
  const { atPlace, writeOutput } = await import('../../core/files.js')
  await atPlace({ option: '--out' }, () => writeOutput(out, text))
}

/** What was skipped and, with --strict, which claims are not supported: on stderr. */
async function printProblems({ skipped, claims }: ComparisonReport, strict: boolean): Promise<void> {
  const { printable } = await import('../text/printable.js')
  const unsupported = claims.filter(({ verdict }) => strict && verdict !== 'supported')
  const lines = [
    ...skipped.map(({ path, reason }) => `skipped ${path}: ${reason}`),
    ...unsupported.map(({ verdict, text, evidence }) => `${verdict}: ${text}: ${evidence}`),
  ]
  process.stderr.write(lines.map((line) => `${printable(line)}\n`).join(''))
  if (unsupported.length > 0) process.exitCode = 1
}
