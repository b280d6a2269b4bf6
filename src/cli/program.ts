import { readFileSync } from 'node:fs'
import { Command, InvalidArgumentError, Option } from 'commander'
import { addReportVerbs } from './reports.js'

const collect = (value: string, before: readonly string[] = []) => [...before, value]

function count(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number from 1 to 9999.')
}

function amount(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value
  throw new InvalidArgumentError('It must be a number above 0.')
}

const setOption = () =>
  new Option('--set <path=value>', 'override one option; a,b makes a grid; repeatable').argParser(collect)
const dataDirOption = () =>
  new Option('--data-dir <dir>', "folder that relative data paths are against, instead of the spec's").env(
    'SEQLAB_DATA',
  )

/** The command line: verbs, their options and help. Each verb's code is loaded when it is called. */
export function program(): Command {
  const root = new Command('seqlab')
    .description(
      'A declarative laboratory for recurrent sequence models: a YAML spec in, a trained model and a report out.',
    )
    .version(version())
    .showHelpAfterError('(seqlab --help lists the commands)')
    .showSuggestionAfterError()
  addRun(root)
  addSweep(root)
  addCheck(root)
  addExplain(root)
  addSchema(root)
  addReportVerbs(root)
  return root
}

function addRun(root: Command): void {
  const verb = root.command('run <specs...>').description('train what the specs declare and report on it')
  withRunOptions(verb)
    .addOption(setOption())
    .option('--name <name>', "the study's name; by default the spec's, or adhoc-<hash> for several")
    .addHelpText(
      'after',
      examples(
        'seqlab run configs/attention-additive.yaml',
        'seqlab run configs/*.yaml --name contexts --workers 2',
        'seqlab run configs/attention-additive.yaml --set train.steps=500 --set model.encoder.cell=gru,lstm',
      ),
    )
    .action(async (files: string[], options) => {
      const { run } = await import('./run.js')
      process.exitCode = await run(files, options)
    })
}

function addSweep(root: Command): void {
  const verb = root.command('sweep <study>').description('train every variant of a study and compare them')
  withRunOptions(verb)
    .addOption(setOption())
    .option('--name <name>', "the study's name instead of the one in its file: its folder")
    .option('--plan', 'print the trials, their parameters, memory and time, and run nothing', false)
    .addOption(
      new Option(
        '--only <text>',
        'only trials with this in their label, or at the start of their id; repeatable',
      ).argParser(collect),
    )
    .addOption(new Option('--resume', 'go on where the study was left (the default)').conflicts('fresh'))
    .addHelpText(
      'after',
      examples(
        'seqlab sweep experiments/scorers.yaml --plan',
        'seqlab sweep experiments/scorers.yaml --workers 2',
        'seqlab sweep experiments/scorers.yaml --only additive --retry-failed',
      ),
    )
    .action(async (file: string, options) => {
      const { sweep } = await import('./sweep.js')
      process.exitCode = await sweep(file, options)
    })
}

function withRunOptions(verb: Command): Command {
  return verb
    .option('--out <dir>', 'where results go', 'runs')
    .option('--workers <n>', 'trials at a time; by default one a core', count)
    .addOption(
      new Option('--isolation <kind>', 'threads of one process, or a process each')
        .choices(['thread', 'process'])
        .default('thread'),
    )
    .addOption(
      new Option('--engine <name>', 'what computes')
        .choices(['auto', 'compiled', 'tfjs-node', 'tfjs-cpu'])
        .default('auto'),
    )
    .addOption(dataDirOption())
    .option('--fresh', 'run finished trials again', false)
    .option('--retry-failed', 'run failed trials again', false)
    .option('--force', 'go on in a directory made by another plan or other code; the mix is recorded', false)
    .option('--memory <GiB>', 'memory that a host of trials may take; by default 80 % of the machine', amount)
    .option('--trial-minutes <n>', 'end a trial that runs longer, as failed', amount)
    .option('--dump-graph <dir>', 'write every graph before and after every pass')
    .option('--json', 'one record a line on stdout, and nothing else there', false)
    .option('--quiet', 'no progress', false)
}

function addCheck(root: Command): void {
  root
    .command('check <specs...>')
    .description('say every mistake in the specs and what of them does not fit their data, and do nothing else')
    .addOption(setOption())
    .addOption(dataDirOption())
    .option('--no-data', 'leave the data unread')
    .option('--resolved', 'print each spec with every default filled in', false)
    .addHelpText('after', examples('seqlab check configs/*.yaml', 'seqlab check my.yaml --resolved'))
    .action(async (files: string[], options) => {
      const { check } = await import('./check.js')
      process.exitCode = await check(files, options)
    })
}

function addExplain(root: Command): void {
  root
    .command('explain <spec>')
    .description('the model of a spec as text: equations, shapes, parameters, memory, time')
    .addOption(setOption())
    .addOption(dataDirOption())
    .option('--vocab <s,t>', 'sizes of source and target vocabulary, instead of reading the data', vocabulary)
    .option('--no-data', 'formulas in V_s and V_t, instead of reading the data')
    .option('--svg <file>', 'draw the model as well')
    .addHelpText(
      'after',
      examples(
        'seqlab explain configs/attention-additive.yaml',
        'seqlab explain configs/attention-additive.yaml --no-data',
        'seqlab explain configs/attention-additive.yaml --vocab 30,42 --svg model.svg',
      ),
    )
    .action(async (file: string, options) => {
      const { explain } = await import('./explain.js')
      process.exitCode = await explain(file, options)
    })
}

function vocabulary(text: string): readonly [number, number] {
  const [source, target, ...more] = text.split(',').map(Number)
  const sizes = [source, target]
  if (
    source === undefined ||
    target === undefined ||
    more.length > 0 ||
    !sizes.every((size) => Number.isInteger(size) && Number(size) > 0)
  ) {
    throw new InvalidArgumentError('It must be two whole numbers, such as 30,42.')
  }
  return [source, target]
}

function addSchema(root: Command): void {
  root
    .command('schema')
    .description('print the JSON schema of a spec, for editors')
    .option('--study', 'the schema of a study', false)
    .addOption(new Option('--comparison', 'the schema of comparison.json').conflicts('study'))
    .addHelpText('after', examples('seqlab schema > seqlab.schema.json', 'seqlab schema --study > study.schema.json'))
    .action(async (options) => {
      const { schema } = await import('./schema.js')
      process.exitCode = schema(options)
    })
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
