import { type CommandUnknownOpts as Command, Option } from '@commander-js/extra-typings'

/** The verbs that read what runs have left: nothing here trains. */
export function addReportVerbs(root: Command): void {
  addCompare(root)
  addList(root)
  addShow(root)
  addDiff(root)
  addExport(root)
}

const outOption = () => new Option('--out <dir>', 'where the runs are').default('runs')
const examples = (...lines: readonly string[]) => `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`

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
      ]),
    )
    .option('--out <file>', 'write it there instead of to stdout')
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
    .description('write a trained encoder-decoder as ONNX models, with what they take and give')
    .requiredOption('--onnx <dir>', 'folder that the files are written into')
    .option('--data-dir <dir>', 'folder that relative data paths are against; by default as the run had it')
    .addOption(outOption())
    .addHelpText('after', examples('seqlab export runs/attention-additive --onnx exported'))
    .action(async (run: string, options) => {
      const { exportRun } = await import('./export.js')
      process.exitCode = await exportRun(run, options)
    })
}

function addList(root: Command): void {
  root
    .command('list')
    .description('list runs with their status, main metric and age')
    .addOption(outOption())
    .option('--json', 'one run a line', false)
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
    .description('what differs between two runs: settings, metrics, predictions')
    .addOption(outOption())
    .option('--json', 'as JSON', false)
    .addHelpText('after', examples('seqlab diff attention-additive last-state'))
    .action(async (a: string, b: string, options) => {
      const { diff } = await import('./diff.js')
      process.exitCode = await diff(a, b, options)
    })
}
