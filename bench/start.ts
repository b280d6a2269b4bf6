// npm run bench:start: processor time (user and system) from the start to the end of commands that train nothing, and the
// sizes of what a user installs. Commands take turns, so that all of them see the same load; medians are printed.
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { packageRoot } from '../src/core/package.js'
import { writeBenchRecord } from './record.js'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '9' } } })
const rounds = Number(values.rounds)
const spec = 'configs/attention-additive.yaml'
const program = join(packageRoot, 'dist', 'cli', 'main.js')

/** Seconds that a command may take; none: it is measured for comparison. */
const commands: readonly { readonly name: string; readonly args: readonly string[]; readonly most?: number }[] = [
  { name: 'node -e 0', args: ['-e', '0'] },
  { name: 'seqlab --help', args: [program, '--help'], most: 0.4 },
  { name: 'seqlab list', args: [program, 'list'], most: 0.4 },
  { name: `seqlab check --no-data ${spec}`, args: [program, 'check', '--no-data', spec], most: 0.4 },
  { name: `seqlab check ${spec}`, args: [program, 'check', spec], most: 1.2 },
]

/** Processor seconds of Node with these arguments: of a shell's child, from the shell's own count. */
function seconds(args: readonly string[]): number {
  const script = 'TIMEFORMAT="%U %S"; time "$@" >/dev/null'
  const { status, stderr } = spawnSync('bash', ['-c', script, 'bash', process.execPath, ...args], {
    cwd: packageRoot,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`)
  const [user = 0, system = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number)
  return user + system
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

/** Megabytes (10^6 bytes) of all files below. */
function megabytes(folder: string): number {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile())
  return entries.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0) / 1e6
}

const times = commands.map((): number[] => [])
for (let round = 0; round < rounds; round++) {
  for (const [index, { args }] of commands.entries()) times[index]?.push(seconds(args))
}
const rows = commands.map(({ name, most }, index) => ({
  name,
  seconds: median(times[index] ?? []),
  ...(most !== undefined && { most }),
}))
for (const { name, seconds, most } of rows) {
  const limit = most === undefined ? '' : `  (at most ${most} s)`
  process.stdout.write(`${seconds.toFixed(2).padStart(6)} s  ${name}${limit}\n`)
}

const modules = join(packageRoot, 'node_modules')
const sizes = {
  dist: megabytes(join(packageRoot, 'dist')),
  onnxruntime: megabytes(join(modules, 'onnxruntime-node', 'bin')),
  dependencies: ['cmu-pronouncing-dictionary', 'onnxruntime-common', 'piscina']
    .map((name) => megabytes(join(modules, name)))
    .reduce((sum, size) => sum + size, 0),
}
for (const [name, size] of Object.entries(sizes)) process.stdout.write(`${size.toFixed(1).padStart(6)} MB  ${name}\n`)

writeBenchRecord('start', { rounds, rows, megabytes: sizes })
