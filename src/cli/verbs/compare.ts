import { existsSync } from 'node:fs'
import { dirname, extname, resolve } from 'node:path'
import { Command, Option } from '@commander-js/extra-typings'
import type { ComparisonReport } from '../../report/analysis/comparison/types.js'
import { type Format, formats } from '../../report/render/comparison/formats.js'
import { examples, partsOption, playgroundOption, playgroundWeightsOption } from '../options.js'

/** `seqlab compare`: 0, 1 with --strict where a claim is not supported, 2 for a bad path or flag. */
export const compareVerb = () =>
  new Command('compare')
    .argument('<runs...>', 'folders of runs and studies, or names of those in runs/')
    .description('compare the finished trials of runs and studies, with tests of significance')
    .option('--by <path>', 'group trials by one setting, such as model.encoder.hidden, instead of by the whole spec')
    .option('--metric <name>', "primary metric (default: the specs' first)")
    .option('--evaluation <name>', "compare by this evaluation (see `seqlab evaluate`) instead of the runs' own")
    .addOption(
      new Option('--format <format>', 'output format (default: by the ending of --out, else md)').choices(formats),
    )
    .option('--out <file>', 'write to this file instead of stdout')
    .option(
      '--strict',
      'exit with 1 unless every claim of the studies is supported, no copies of a trial differ and every study can be read',
      false,
    )
    .option('--no-only-changed', 'list all settings, not only those that differ')
    .addOption(playgroundOption())
    .addOption(playgroundWeightsOption())
    .addOption(partsOption())
    .addHelpText(
      'after',
      examples(
        'seqlab compare runs/scorers',
        'seqlab compare runs/scorers runs/cells --metric wer --out comparison.html',
        'seqlab compare runs/sizes --by model.encoder.hidden --format json',
        'seqlab compare scorers --evaluation new-words',
      ),
    )
    .action(async (paths, { by, metric, evaluation, format, out, strict, onlyChanged, parts = [], ...choice }) => {
      const { compare } = await import('../../library/compare.js')
      const { formatComparison } = await import('../../report/render/comparison/write.js')
      const form = format ?? (await formatOf(out))
      const command = ['seqlab', ...process.argv.slice(2)].join(' ')
      const { foldersNamed } = await import('../../store/index.js')
      // A name that is no folder is told as it was written.
      const folders = paths.map((name) => foldersNamed(name, 'runs')[0] ?? name)
      if (out !== undefined) {
        const { refuseToOverwrite } = await import('../inputs.js')
        await refuseToOverwrite('--out', [out], { paths: parts, runs: folders })
      }
      const report = await compare(folders, { command, onlyChanged, by, metric, evaluation })
      const { links } = await import('../../report/render/comparison/links.js')
      const { playgroundsOf } = await import('../../report/analysis/comparison/playgrounds.js')
      const playgrounds = form === 'html' ? await playgroundsOf(report, choice) : []
      await write(await formatComparison(report, form, links(out, report), playgrounds), out)
      const isPrinted = out === undefined && form !== 'csv' && form !== 'json'
      if (!isPrinted) await printCopies(report)
      await printProblems(report, { strict, isPrinted })
      await refreshIndexes(report)
    })

/** The index of the runs is written again where there is one: comparing alone writes into no folder of runs. */
async function refreshIndexes({ studies }: ComparisonReport): Promise<void> {
  const { writeRunsIndex } = await import('../../report/render/runs/write.js')
  const { runsIndexPath } = await import('../../store/index.js')
  for (const outDir of new Set(studies.map(({ directory }) => dirname(resolve(directory))))) {
    if (existsSync(runsIndexPath(outDir))) await writeRunsIndex(outDir).catch(() => undefined)
  }
}

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

/** Trials that were found in several folders, where stdout does not say so. */
async function printCopies({ copies }: ComparisonReport): Promise<void> {
  const { copiesText } = await import('../../report/analysis/comparison/headline.js')
  await printLines(copiesText(copies))
}

interface Printing {
  readonly strict: boolean
  /** Whether the report is on stdout, as a text for people. */
  readonly isPrinted: boolean
}

/**
 * What was skipped and, with --strict, that claims are not supported: on stderr. Which ones, and how copies differ, where stdout
 * does not say so.
 */
async function printProblems(report: ComparisonReport, { strict, isPrinted }: Printing): Promise<void> {
  const { skipped, claims, copies } = report
  const { studyPath } = await import('../../store/index.js')
  const { unsupportedText, verdictText } = await import('../../report/analysis/comparison/claims/verdict.js')
  const unsupported = claims.filter(({ verdict }) => strict && verdict !== 'supported')
  const areCopies = new Set(copies.flatMap(({ directories }) => directories.map((directory) => resolve(directory))))
  const told = isPrinted ? skipped.filter(({ path }) => !areCopies.has(resolve(path))) : skipped
  await printLines([
    ...told.map(({ path, reason }) => `skipped ${path}: ${reason}`),
    ...(isPrinted ? unsupportedText(unsupported.length, claims.length) : unsupported.map(verdictText)),
  ])
  const contradictory = strict && copies.some(({ difference }) => difference !== null)
  // What a study claims that cannot be read is unknown.
  const unknown = strict && skipped.some(({ path }) => path === studyPath(dirname(path), 'study'))
  if (unsupported.length > 0 || contradictory || unknown) process.exitCode = 1
}

async function printLines(lines: readonly string[]): Promise<void> {
  const { printable } = await import('../text/printable.js')
  process.stderr.write(lines.map((line) => `${printable(line)}\n`).join(''))
}
