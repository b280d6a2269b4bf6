import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ended } from './commands.js'
import type { GraphSummary } from './onnx.js'
import type { ParameterSummary, Trained } from './trained.js'

/** What `write` writes. */
export interface Written {
  /** Which share of the combinations it holds; absent: all. */
  readonly shard?: string
  readonly graphs?: Readonly<Record<string, Trained>>
  readonly parameters?: Readonly<Record<string, Trained>>
  readonly commands?: Readonly<Record<string, Ended>>
}

/** Relative difference of values that a change of the graph may make. */
const tolerance = 1e-5

export interface Comparison {
  readonly lines: readonly string[]
  /** Values beyond the tolerance, errors, and combinations that one of the two lacks. */
  readonly flagged: number
}

/** Every difference between two files of `write`, in lines. Of parts and shards, what both hold is compared. */
export function compare(before: Written, after: Written): Comparison {
  const lines: string[] = []
  let flagged = 0
  for (const part of ['graphs', 'parameters'] as const) {
    const [old, now] = [before[part], after[part]]
    if (old === undefined || now === undefined) continue
    const found = compareAll(old, now, (before.shard ?? '1/1') === (after.shard ?? '1/1'))
    flagged += found.flagged
    lines.push(`## ${part}`, ...found.lines, '')
  }
  if (before.commands !== undefined && after.commands !== undefined) {
    lines.push('## commands', ...compareCommands(before.commands, after.commands))
  }
  return { lines, flagged }
}

type All = Readonly<Record<string, Trained>>

/** `whole`: whether what one of them lacks is gone, and not merely in another shard. */
function compareAll(before: All, after: All, whole: boolean): Comparison {
  const shared = Object.keys(before).filter((name) => name in after)
  const lacking = whole ? lackingOf(before, after) : []
  const compared = shared.map((name) => compareOne(name, before[name] as Trained, after[name] as Trained))
  const flags = [...lacking, ...compared.flatMap(({ flags }) => flags)]
  const count = (fits: (one: Compared) => boolean) => compared.filter(fits).length
  const largest = [...compared].sort((a, b) => b.largest - a.largest)[0]
  const summary = [
    `${shared.length} compared`,
    `${count(({ changes }) => changes.length > 0)} with changed graphs`,
    `${count(({ changes, reordered }) => changes.length === 0 && reordered)} with nodes in another order alone`,
    `${count(({ largest }) => largest > 0)} with other values`,
    `${flags.length} flags`,
  ].join(', ')
  const most =
    largest && largest.largest > 0 ? [`largest difference ${relative(largest.largest)}: ${largest.name}`] : []
  return {
    lines: [summary, ...most, ...flags.map((flag) => `FLAG ${flag}`), ...grouped(compared)],
    flagged: flags.length,
  }
}

const relative = (difference: number) => difference.toExponential(1)

function lackingOf(before: All, after: All): string[] {
  const gone = Object.keys(before).filter((name) => !(name in after))
  const fresh = Object.keys(after).filter((name) => !(name in before))
  return [...gone.map((name) => `${name}: is gone`), ...fresh.map((name) => `${name}: is new`)]
}

interface Change {
  /** What changed, the same for all graphs that changed in that way. */
  readonly what: string
  readonly counts: string
}

interface Compared {
  readonly name: string
  readonly changes: readonly Change[]
  readonly reordered: boolean
  readonly flags: readonly string[]
  readonly largest: number
}

function compareOne(name: string, before: Trained, after: Trained): Compared {
  const { flags, largest } = valueDifferences(before, after)
  return {
    name,
    ...graphDifferences(before.graphs, after.graphs),
    flags: flags.map((flag) => `${name}: ${flag}`),
    largest,
  }
}

/** Each way in which graphs changed, with how many did and the first of them. */
function grouped(compared: readonly Compared[]): string[] {
  const ways = new Map<string, string[]>()
  for (const { name, changes } of compared) {
    for (const { what, counts } of changes) ways.set(what, [...(ways.get(what) ?? []), `${name}${counts}`])
  }
  const sorted = [...ways].sort(([, a], [, b]) => b.length - a.length)
  return sorted.map(([what, names]) => `${what}\n     in ${names.length}, such as ${names[0]}`)
}

type Graphs = Readonly<Record<string, GraphSummary>>

function graphDifferences(before: Graphs, after: Graphs) {
  const changes: Change[] = []
  const known = new Set(Object.values(before).map(({ structure }) => structure))
  for (const [name, { operations }] of Object.entries(before)) {
    const what = `${kind(name)}: no such graph any more`
    if (after[name] === undefined) changes.push({ what, counts: ` (${total(operations)} nodes)` })
  }
  for (const [name, now] of Object.entries(after)) {
    const old = before[name]
    if (old === undefined) {
      const what = `${kind(name)}: a new graph${known.has(now.structure) ? ', as another one was' : ''}`
      changes.push({ what, counts: ` (${total(now.operations)} nodes)` })
    } else if (old.structure !== now.structure) {
      changes.push(operationChange(kind(name), old.operations, now.operations))
    }
  }
  const reordered = Object.entries(after).some(([name, { digest }]) => before[name]?.digest !== digest)
  return { changes, reordered }
}

/** A graph's name without the shapes of its inputs. */
const kind = (name: string) => name.replace(/ [\dx ]*$/, '')

type Operations = GraphSummary['operations']

const total = (counts: Operations) => Object.values(counts).reduce((sum, count) => sum + count, 0)

function operationChange(graph: string, before: Operations, after: Operations): Change {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  const differing = names.filter((name) => before[name] !== after[name])
  const counts = differing.map((name) => `${name} ${before[name] ?? 0} -> ${after[name] ?? 0}`)
  const changes = differing.map((name) => `${name} ${signed((after[name] ?? 0) - (before[name] ?? 0))}`)
  const what = changes.join(', ') || 'the same operations, otherwise connected'
  return { what: `${graph}: ${what}`, counts: ` (${counts.join(', ') || `${total(before)} nodes`})` }
}

const signed = (count: number) => (count > 0 ? `+${count}` : String(count))

/** The first line of metrics.jsonl, which the values begin with. */
const valueNames = ['step', 'epoch', 'training loss', 'gradient norm', 'learning rate']

function valueDifferences(before: Trained, after: Trained) {
  const flags: string[] = []
  let largest = 0
  const see = (what: string, old: number, now: number, scale = Math.abs(old)) => {
    const difference = Object.is(old, now) ? 0 : Math.abs(now - old) / Math.max(scale, 1e-3)
    if (!(difference <= tolerance)) flags.push(`${what}: ${old} -> ${now}, ${difference.toExponential(1)}`)
    largest = Math.max(largest, difference)
  }
  if (before.error !== after.error) flags.push(`error: ${before.error} -> ${after.error}`)
  if (before.predictions !== after.predictions) flags.push('other predictions')
  if (before.values.length !== after.values.length) flags.push('another number of values')
  before.values.forEach(
    (value, index) => void see(valueNames[index] ?? `value ${index}`, value, after.values[index] ?? Number.NaN),
  )
  for (const [path, old, now] of pairs(before.parameters, after.parameters)) {
    if (old === undefined || now === undefined)
      flags.push(`parameter ${path} ${old === undefined ? 'is new' : 'is gone'}`)
    else if (old[0] !== now[0]) {
      see(`norm of ${path}`, old[1], now[1])
      see(`weighted sum of ${path}`, old[2], now[2], old[1])
    }
  }
  return { flags, largest }
}

type Parameters = Readonly<Record<string, ParameterSummary>>

function pairs(before: Parameters, after: Parameters) {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return paths.map((path) => [path, before[path], after[path]] as const)
}

function compareCommands(before: Readonly<Record<string, Ended>>, after: Readonly<Record<string, Ended>>): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const changed = names.flatMap((name) => {
    const [old, now] = [before[name], after[name]].map(printed) as [string, string]
    return old === now ? [] : [`### seqlab ${name}`, unifiedDiff(old, now)]
  })
  const count = changed.length / 2
  return [`${names.length} commands and files, ${count} changed`, ...changed]
}

function printed(ended: Ended | undefined): string {
  if (ended === undefined) return 'not run\n'
  return `exit code ${ended.code}\n--- stdout\n${ended.stdout}\n--- stderr\n${ended.stderr}\n`
}

function unifiedDiff(before: string, after: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'seqlab-diff-'))
  const files = [join(folder, 'before'), join(folder, 'after')] as const
  writeFileSync(files[0], before)
  writeFileSync(files[1], after)
  try {
    return execFileSync('git', ['diff', '--no-index', '--no-color', ...files], { encoding: 'utf8' })
  } catch (error) {
    const text = String((error as { stdout?: unknown }).stdout)
    return text.slice(text.indexOf('@@'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
