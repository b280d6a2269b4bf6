import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'

/** A command with the options that `run` and `sweep` share. */
export function runCommand(name: string) {
  return new Command(name)
    .option('--out <dir>', 'directory for results', 'runs')
    .option('--workers <n>', 'concurrent trials (default: one per core)', count)
    .addOption(isolationOption())
    .addOption(engineOption())
    .addOption(dataDirOption())
    .option('--fresh', 'run finished trials again', false)
    .option('--retry-failed', 'run failed trials again', false)
    .option('--force', 'continue in a directory created by a different plan or version (recorded)', false)
    .option('--memory <GiB>', 'memory limit of each training process (default: 80 % of the machine)', positive)
    .option('--trial-minutes <n>', 'fail trials that run longer than this', positive)
    .option('--cluster <file>', 'run on a cluster: a profile of it (see docs/cluster.md)')
    .option('--detach', 'with --cluster: submit and exit; the same command later takes the results', false)
    .option('--dump-graph <dir>', 'write each graph before and after each optimization pass')
    .option('--json', 'print one JSON record per line on stdout, and nothing else', false)
    .option('--quiet', 'do not print progress', false)
    .option('--live', 'show the run in a browser while it lasts (prints the address; see `seqlab view`)', false)
    .option('--events <file>', 'write progress events as lines of JSON to this file, or to stdout (-)')
    .addOption(setOption())
    .addOption(partsOption())
    .addOption(playgroundOption())
    .addOption(playgroundWeightsOption())
}

/** Their values, as commander parses them. */
export type RunFlags = ReturnType<ReturnType<typeof runCommand>['opts']>

function isolationOption() {
  return new Option('--isolation <kind>', 'run trials in threads of one process, or each in its own process')
    .choices(['thread', 'process'])
    .default('thread' as const)
}

function engineOption() {
  return new Option('--engine <name>', 'compute engine')
    .choices(['auto', 'compiled', 'tfjs-node', 'tfjs-cpu'])
    .default('auto' as const)
}

export function setOption() {
  return new Option(
    '--set <path=value>',
    'override one option; a comma-separated list becomes a grid; repeatable',
  ).argParser(collect)
}

export function dataDirOption() {
  return new Option('--data-dir <dir>', "base directory for relative data paths (default: the spec's own)").env(
    'SEQLAB_DATA',
  )
}

/** `program()` reads the files before the verb's action. */
export function partsOption() {
  return new Option('--parts <file>', 'parts of your own: a JavaScript file that exports them; repeatable').argParser(
    collect,
  )
}

/** Of verbs that run a study. */
export function quickOption() {
  return new Option(
    '--quick',
    'the study in seconds, by its own `quick`, under a name of its own: to see that it runs',
  ).default(false)
}

/** Of verbs that write pages of trials or comparisons. */
export function playgroundOption() {
  return new Option('--playground <when>', "let a page's reader try the models: auto, where they add at most 2 MB")
    .choices(['auto', 'on', 'off'])
    .default('auto' as const)
}

export function playgroundWeightsOption() {
  return new Option('--playground-weights <type>', "precision of the models' weights in a page")
    .choices(['float16', 'float32'])
    .default('float16' as const)
}

/** Where runs are looked up by name. */
export function runsOption() {
  return new Option('--out <dir>', 'directory of the runs').default('runs')
}

/** Values of an option that may be given several times. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`
}

/** A count without a limit of its own. */
export function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number above 0.')
}

export function nonNegative(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value
  throw new InvalidArgumentError('It must be a number, 0 or more.')
}

function count(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number from 1 to 9999.')
}

export function positive(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value
  throw new InvalidArgumentError('It must be a number above 0.')
}

const gibibyte = 2 ** 30

/** `--memory` in bytes. */
export function memoryBytesOf({ memory }: { readonly memory?: number | undefined }): number | undefined {
  return memory === undefined ? undefined : memory * gibibyte
}
