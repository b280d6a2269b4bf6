import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { program } from '../../src/cli/program.js'

/** What one command of the built program (`npm run build`) printed, without what differs from run to run. */
export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const verbs = program().commands.map((verb) => verb.name())
const good = 'test/spec/broken/base.yaml'

/** In order: later ones read what earlier ones wrote into TMP. */
const commands: readonly string[] = [
  '',
  '--help',
  '--version',
  ...verbs.map((verb) => `${verb} --help`),
  'trian',
  `run ${good} --worker 2`,
  `run ${good} --workers all`,
  'sweep TMP/study.yaml --resume --fresh',
  'check configs/attention-additive.yaml configs/tickets-tag.yaml experiments/scorers.yaml',
  `check ${good} --resolved`,
  `check ${good} --set model.encoder.cell=grru --set train.stepz=3`,
  'check BROKEN',
  'check no-such-file.yaml',
  'explain configs/attention-additive.yaml --vocab 30,42',
  'explain configs/forecast.yaml --no-data',
  `explain ${good} --set model.encoder.cell=lstm --set model.context.scorer=multi-head-dot`,
  'schema',
  'schema --study',
  'schema --comparison',
  'schema --events',
  `run ${good} --out TMP/runs --json --workers 1`,
  `run ${good} --out TMP/runs --workers 1`,
  `run ${good} --out TMP/runs --quiet --name other --set model.encoder.cell=elman`,
  'run TMP/unstable.yaml --out TMP/runs --workers 1',
  'sweep TMP/study.yaml --plan --out TMP/runs',
  'sweep TMP/study.yaml --out TMP/runs --json --workers 1',
  'sweep TMP/study.yaml --out TMP/runs --workers 1',
  'list --out TMP/runs',
  'list --out TMP/runs --json',
  'show base --out TMP/runs',
  'show base --out TMP/runs --json',
  'show nothing --out TMP/runs',
  'diff base other --out TMP/runs',
  'diff base other --out TMP/runs --json',
  'compare TMP/runs/study',
  'compare TMP/runs/study --format json',
  'compare TMP/runs/study --format csv --by model.encoder.cell',
  'export TMP/runs/base --onnx TMP/exported',
]

/** Runs all commands, each in the folder of the checkout; gives what each printed. */
export async function runCommands(): Promise<Record<string, Ended>> {
  if (!existsSync('dist/cli/main.js')) throw new Error('The program is not built: npm run build')
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'seqlab-equality-')))
  writeSpecs(folder)
  const results: Record<string, Ended> = {}
  try {
    for (const command of commands) results[command] = await runCommand(command, folder)
    for (const file of readdirSync(join(folder, 'runs'), { recursive: true, encoding: 'utf8' }).sort()) {
      if (/(metrics\.jsonl|predictions\.jsonl|spec\.yaml|comparison\.md)$/.test(file)) {
        const stdout = normalise(readFileSync(join(folder, 'runs', file), 'utf8'), folder)
        results[`file ${file}`] = { code: 0, stdout, stderr: '' }
      }
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  return results
}

function writeSpecs(folder: string): void {
  mkdirSync(folder, { recursive: true })
  const extending = `extends: ${resolve(good)}\n`
  writeFileSync(
    join(folder, 'study.yaml'),
    `${extending}name: study\ngrid: { model.encoder.cell: [gru, elman] }\nseeds: 2\nbudget: { steps: 4 }\n`,
  )
  writeFileSync(
    join(folder, 'unstable.yaml'),
    `${extending}name: unstable\ntrain: { optimizer: { type: sgd, learningRate: 1.0e+38 } }\n`,
  )
}

function runCommand(command: string, folder: string): Promise<Ended> {
  const broken = readdirSync('test/spec/broken').filter((file) => file.endsWith('.yaml') && file !== 'base.yaml')
  const words = command.split(' ').filter((word) => word !== '')
  const args = words.flatMap((word) =>
    word === 'BROKEN' ? broken.map((file) => `test/spec/broken/${file}`) : [word.replace('TMP', folder)],
  )
  const env = { ...process.env, NO_COLOR: '1', COLUMNS: '120' }
  return new Promise((done) => {
    const options = { env, maxBuffer: 2 ** 26 }
    execFile(process.execPath, ['dist/cli/main.js', ...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      done({ code, stdout: normalise(stdout, folder), stderr: normalise(stderr, folder) })
    })
  })
}

const volatile = new Set([
  ...['timings', 'memory', 'machine', 'versions', 'attempts', 'startedAt', 'endedAt', 'finishedAt', 'modified'],
  ...['elapsedMs', 'ageMs', 'age', 'seconds', 'bytes', 'created', 'date'],
])

function normalise(text: string, folder: string): string {
  return (
    text
      .split('\n')
      // Progress between validations follows the clock.
      .filter((line) => !/: step \d+\/\d+ /.test(line))
      .map((line) => (/^[{[].*[}\]]$/.test(line) ? withoutVolatile(line) : line))
      .join('\n')
      .replaceAll(folder, 'TMP')
      .replaceAll(resolve('.'), 'ROOT')
      .replace(/^( *"(?:startedAt|endedAt|date|created|finishedAt)": ).*$/gm, '$1"-"')
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d[\d:.]*Z/g, 'DATE')
      .replace(/\b\d+:\d\d(:\d\d)?\b/g, 'CLOCK')
      .replace(/[\d.,]+ (ms|s|seconds?|min|minutes?)\b(?! a)/g, 'N $1')
      .replace(/[\d.,]+( (tokens|symbols|steps|numbers|values|examples)\/s)/g, 'N$1')
  )
}

/** JSON on one line, without what depends on the clock and the machine. */
function withoutVolatile(line: string): string {
  try {
    return JSON.stringify(JSON.parse(line, (key, value: unknown) => (volatile.has(key) ? '-' : value)))
  } catch {
    return line
  }
}
