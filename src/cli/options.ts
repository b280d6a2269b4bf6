import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'

/** A command with the options that `run` and `sweep` share; each adds its own. */
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
    .option('--memory <GiB>', 'memory limit of a process that trains trials (default: 80 % of the machine)', positive)
    .option('--trial-minutes <n>', 'fail trials that run longer than this', positive)
    .option('--dump-graph <dir>', 'write every graph before and after every pass')
    .option('--json', 'print one record per line on stdout, and nothing else', false)
    .option('--quiet', 'no progress', false)
    .addOption(setOption())
}

/** What commander makes of them. */
export type RunFlags = ReturnType<ReturnType<typeof runCommand>['opts']>

function isolationOption() {
  return new Option('--isolation <kind>', 'run trials in threads of one process, or in a process each')
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

/** Where a verb looks for runs that are named without their directory. */
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

function count(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number from 1 to 9999.')
}

function positive(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value
  throw new InvalidArgumentError('It must be a number above 0.')
}

const gibibyte = 2 ** 30

/** `--memory` in bytes. */
export function memoryBytesOf({ memory }: { readonly memory?: number | undefined }): number | undefined {
  return memory === undefined ? undefined : memory * gibibyte
}
