import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ended } from './commands.js'
import type { GraphSummary } from './onnx.js'
import type { ParameterSummary, Trained } from './trained.js'

/** What `write` writes. */
export interface Written {
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

/** Every difference between two files of `write`, in lines; what only one of them holds is not compared. */
export function compare(before: Written, after: Written): Comparison {
  const lines: string[] = []
  let flagged = 0
  for (const part of ['graphs', 'parameters'] as const) {
    const [old, now] = [before[part], after[part]]
    if (old === undefined || now === undefined) continue
    const found = compareAll(old, now)
    flagged += found.flagged
    lines.push(`## ${part}`, ...found.lines, '')
  }
  if (before.commands !== undefined && after.commands !== undefined) {
    lines.push('## commands', ...compareCommands(before.commands, after.commands))
  }
  return { lines, flagged }
}

function compareAll(before: Readonly<Record<string, Trained>>, after: Readonly<Record<string, Trained>>): Comparison {
  const lines: string[] = []
  const counts = { compared: 0, 'changed graphs': 0, 'nodes in another order': 0, 'other values': 0, flagged: 0 }
  const grouped = new Map<string, string[]>()
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before[name], after[name]]
    counts.compared++
    if (old === undefined || now === undefined) {
      counts.flagged++
      lines.push(`FLAG ${name}: ${old === undefined ? 'is new' : 'is gone'}`)
      continue
    }
    const graphs = graphDifferences(old.graphs, now.graphs)
    const values = valueDifferences(old, now)
    if (graphs.changed.length > 0) counts['changed graphs']++
    else if (graphs.reordered) counts['nodes in another order']++
    if (values.largest > 0) counts['other values']++
    if (values.flags.length > 0) counts.flagged++
    lines.push(...values.flags.map((flag) => `FLAG ${name}: ${flag}`))
    for (const change of graphs.changed) grouped.set(change, [...(grouped.get(change) ?? []), name])
    if (values.largest > 0) lines.push(`     ${name}: values differ by ${values.largest.toExponential(1)}`)
  }
  for (const [change, names] of grouped) lines.push(`${change}\n     in ${names.length}, such as ${names[0]}`)
  const summary = Object.entries(counts).map(([name, count]) => `${count} ${name}`)
  return { lines: [summary.join(', '), ...lines], flagged: counts.flagged }
}

type Graphs = Readonly<Record<string, GraphSummary>>

function graphDifferences(before: Graphs, after: Graphs) {
  const changed: string[] = []
  const known = new Set(Object.values(before).map(({ structure }) => structure))
  for (const [name, { operations }] of Object.entries(before)) {
    if (after[name] === undefined) changed.push(`${kind(name)}: no such graph any more (${total(operations)} nodes)`)
  }
  for (const [name, now] of Object.entries(after)) {
    const old = before[name]
    if (old === undefined) {
      changed.push(
        `${kind(name)}: new${known.has(now.structure) ? ', as another was' : ''} (${total(now.operations)} nodes)`,
      )
    } else if (old.structure !== now.structure) {
      changed.push(`${kind(name)}: ${operationDifferences(old.operations, now.operations)}`)
    }
  }
  const reordered = Object.entries(after).some(([name, { digest }]) => before[name]?.digest !== digest)
  return { changed, reordered }
}

/** A graph's name without the shapes of its inputs. */
const kind = (name: string) => name.replace(/ [\dx ]*$/, '')

const total = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((sum, count) => sum + count, 0)

function operationDifferences(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  const differing = names.filter((name) => before[name] !== after[name])
  if (differing.length === 0) return `the same operations otherwise connected (${total(before)} nodes)`
  return differing.map((name) => `${name} ${before[name] ?? 0} -> ${after[name] ?? 0}`).join(', ')
}

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
  before.values.forEach((value, index) => void see(`value ${index}`, value, after.values[index] ?? Number.NaN))
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
