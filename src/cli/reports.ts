import { type CommandUnknownOpts as Command, Option } from '@commander-js/extra-typings'

/** The verbs that read finished runs: nothing here trains. */
export function addReportVerbs(root: Command): void {
  addCompare(root)
  addList(root)
  addShow(root)
  addDiff(root)
  addExport(root)
}

const outOption = () => new Option('--out <dir>', 'directory of the runs').default('runs')
const examples = (...lines: readonly string[]) => `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`

function addCompare(root: Command): void {
  root
    .command('compare <runs...>')
    .description('compare finished trials of runs and studies: which differences are real')
    .option('--by <path>', 'group trials by this setting (model.encoder.hidden) instead of by their whole spec')
    .option('--metric <name>', "primary metric (default: the specs' first)")
    .addOption(
      new Option('--format <format>', 'output format (default: by the ending of --out, else md)').choices([
        'html',
        'md',
        'csv',
        'json',
      ]),
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
    .action(async (paths: string[], options) => {
      const { compareRuns } = await import('./compare.js')
      process.exitCode = await compareRuns(paths, options)
    })
}

function addExport(root: Command): void {
  root
    .command('export <run>')
    .description('write a trained encoder-decoder as ONNX models, with their inputs and outputs')
    .requiredOption('--onnx <dir>', 'output directory')
    .option('--data-dir <dir>', "base directory for relative data paths (default: the run's own)")
    .addOption(outOption())
    .addHelpText('after', examples('seqlab export runs/attention-additive --onnx exported'))
    .action(async (run: string, options) => {
      const { exportRun } = await import('../inference/export.js')
      process.exitCode = await exportRun(run, options)
    })
}

function addList(root: Command): void {
  root
    .command('list')
    .description('list runs with their status, main metric and age')
    .addOption(outOption())
    .option('--json', 'print one run per line as JSON', false)
    .action(async (options) => {
      const { list } = await import('./list.js')
      process.exitCode = await list(options)
    })
}

function addShow(root: Command): void {
  root
    .command('show <run>')
    .description('show one run: curves, metrics, samples; a folder, a study of one run, or the start of a trial id')
    .addOption(outOption())
    .option('--html', "write the run's report.html and print its path", false)
    .option('--json', 'print its record', false)
    .addHelpText('after', examples('seqlab show attention-additive', 'seqlab show scorers/3f2a --html'))
    .action(async (run: string, options) => {
      const { show } = await import('./show.js')
      process.exitCode = await show(run, options)
    })
}

function addDiff(root: Command): void {
  root
    .command('diff <a> <b>')
    .description('show what differs between two runs: settings, metrics, predictions')
    .addOption(outOption())
    .option('--json', 'print JSON', false)
    .addHelpText('after', examples('seqlab diff attention-additive last-state'))
    .action(async (a: string, b: string, options) => {
      const { diff } = await import('./diff.js')
      process.exitCode = await diff(a, b, options)
    })
}
