import { type Command, Option } from 'commander'

/** The verbs that read what runs have left: nothing here trains. */
export function addReportVerbs(root: Command): void {
  addCompare(root)
}

function addCompare(root: Command): void {
  root
    .command('compare <runs...>')
    .description('compare finished trials of runs and studies: which differences are real')
    .option('--by <path>', 'group trials by this setting (model.encoder.hidden) instead of by their whole spec')
    .option('--metric <name>', "the metric that is asked about first; by default the specs' first")
    .addOption(
      new Option('--format <format>', 'form of the result; by default the ending of --out, else md').choices([
        'html',
        'md',
        'csv',
        'json',
        'schema',
      ]),
    )
    .option('--out <file>', 'write it there instead of to stdout')
    .option('--strict', 'exit with 1 unless every claim of the studies is supported', false)
    .option('--no-only-changed', 'list all settings, not only those that differ')
    .addHelpText(
      'after',
      '\nExamples:\n  $ seqlab compare runs/scorers\n  $ seqlab compare runs/scorers runs/cells --metric wer --out comparison.html\n  $ seqlab compare runs/sizes --by model.encoder.hidden --format json',
    )
    .action(async (paths: string[], options) => {
      const { compareRuns } = await import('./compare.js')
      process.exitCode = await compareRuns(paths, options)
    })
}
