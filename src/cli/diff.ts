import { SeqlabError } from '../core/errors.js'
import { joinersOf } from '../report/analysis/joiners.js'
import { type SampleChange, sampleChanges, settingChanges } from '../report/changes.js'
import { findRun, type RunRecord, readTrial, type StoredTrial } from '../store/index.js'
import { intervalText } from './metrics.js'
import { printable } from './printable.js'
import { type Colors, colorsFor, table } from './terminal.js'

const samplesShown = 10

/** `seqlab diff A B`: what differs in spec, metrics and samples. It describes two trained models; `compare` tests. */
export async function diff(
  a: string,
  b: string,
  { out, json }: { readonly out: string; readonly json: boolean },
): Promise<number> {
  const runs = await Promise.all([a, b].map(async (name) => readTrial(await findRun(name, out))))
  const [before, after] = runs
  const broken = runs.find(({ record }) => record === undefined)
  if (broken !== undefined || before === undefined || after === undefined) {
    throw new SeqlabError('run', broken?.problems.join('\n') ?? 'two runs are needed')
  }
  const settings = settingChanges(before, after)
  const samples = sampleChanges(before, after)
  const metrics = [before, after].map(({ record }) => record?.metrics ?? {})
  const text = json
    ? JSON.stringify({ runs: runs.map(({ directory }) => directory), settings, metrics, samples: samples ?? null })
    : [
        ...settingLines(settings),
        ...metricLines(before, after),
        ...sampleLines(before, samples, colorsFor(process.stdout)),
      ].join('\n')
  process.stdout.write(`${text}\n`)
  return 0
}

function settingLines(changes: ReturnType<typeof settingChanges>): string[] {
  if (changes.length === 0) return ['the same spec', '']
  const text = (value: unknown) =>
    value === undefined ? '(absent)' : typeof value === 'string' ? value : JSON.stringify(value)
  return [...changes.map(({ path, before, after }) => printable(`${path}: ${text(before)} -> ${text(after)}`)), '']
}

function metricLines({ record: a }: StoredTrial, { record: b }: StoredTrial): string[] {
  if (a === undefined || b === undefined) return []
  const names = [...new Set([a, b].flatMap(({ metrics }) => Object.keys(metrics.test ?? {})))]
  const cell = ({ metrics }: RunRecord, name: string) => {
    const value = metrics.test?.[name]
    return value === undefined ? '-' : intervalText(name, value)
  }
  const title = ({ label, seed }: RunRecord) => printable(`${label} seed ${seed}`)
  return [table([['test', title(a), title(b)], ...names.map((name) => [name, cell(a, name), cell(b, name)])]), '']
}

function sampleLines({ record }: StoredTrial, changes: readonly SampleChange[] | undefined, colors: Colors): string[] {
  if (changes === undefined || record === undefined)
    return ['samples cannot be matched: the two were tested on different data']
  const number = (kind: SampleChange['kind']) => changes.filter((change) => change.kind === kind).length
  const counts = `${changes.length} test predictions differ: ${number('mended')} mended, ${number('broken')} broken, ${number('still wrong')} wrong both times`
  const joiners = joinersOf(record.spec)
  const line = ({ source, reference, before, after, kind }: SampleChange) => {
    const color = kind === 'mended' ? colors.green : kind === 'broken' ? colors.red : colors.dim
    const [was, is, should] = [before, after, reference].map((tokens) => printable(tokens.join(joiners.target)))
    return `  ${color(kind.padEnd(11))} ${printable(source.join(joiners.source))}: ${was} -> ${is}${kind === 'mended' ? '' : colors.dim(` (${should})`)}`
  }
  return [counts, ...changes.slice(0, samplesShown).map(line)]
}
