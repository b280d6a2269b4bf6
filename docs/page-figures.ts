import { newestRecord } from './bench-records.js'
import { markdownTable } from './markdown.js'

// What pages cost, from the newest records of `npm run bench:playground` and `npm run bench:view`.

interface BenchRecord {
  readonly date: string
  readonly machine: { readonly model: string; readonly cores: number; readonly load: readonly number[] }
  readonly versions: Readonly<Record<string, string>>
}

interface PlaygroundRecord extends BenchRecord {
  readonly texts: number
  readonly kilobytes: { readonly interpreter: number; readonly script: number }
  readonly pages: readonly { readonly page: string; readonly kilobytes: number; readonly without: number }[]
  readonly answerInNode: Spread
  readonly keyToPicture: readonly (Spread & { readonly slower: number })[]
}

interface Spread {
  readonly medianMs: number
  readonly ninetiethMs: number
}

interface ViewRecord extends BenchRecord {
  readonly trials: number
  readonly firstPaint: readonly { readonly page: string; readonly firstPaintMs: number; readonly tableMs: number }[]
  readonly memory: {
    readonly trials: number
    readonly firstPageMs: number
    readonly megabytes: { readonly begun: number; readonly page: number; readonly curves: number }
  }
}

function provenance(command: string, { date, machine, versions }: BenchRecord): string {
  const { model, cores, load } = machine
  const [average = Number.NaN] = load
  const browsers = `Node ${versions.node}, Chromium ${versions.chromium}`
  return `Measured by \`npm run ${command}\` on ${date.slice(0, 10)}: ${model}, ${cores} cores, load ${average.toFixed(1)}; ${browsers}.`
}

function notMeasured(command: string): string[] {
  return [`Not measured yet: \`npm run ${command}\`.`]
}

const spreadText = ({ medianMs, ninetiethMs }: Spread) => `${medianMs} ms (nine of ten within ${ninetiethMs} ms)`

function playgroundText(record: PlaygroundRecord | undefined): string[] {
  if (record === undefined) return notMeasured('bench:playground')
  const { texts, kilobytes, pages, answerInNode, keyToPicture } = record
  return [
    provenance('bench:playground', record),
    `The interpreter has ${kilobytes.interpreter.toFixed(1)} KB minified, the whole script of a playground ${kilobytes.script.toFixed(1)} KB. An answer of the model of configs/attention-additive.yaml takes ${spreadText(answerInNode)} in Node, over ${texts} words.`,
    markdownTable(
      ['Speed of the processor', 'From a key to the picture'],
      keyToPicture.map((each) => [each.slower === 1 ? 'full' : `1/${each.slower}`, spreadText(each)]),
    ),
    'Pages of tiny runs, with their model as float16 and without one:',
    markdownTable(
      ['Page', 'KB', 'KB without the model'],
      pages.map(({ page, kilobytes: whole, without }) => [page, whole, without]),
    ),
  ]
}

function viewText(record: ViewRecord | undefined): string[] {
  if (record === undefined) return notMeasured('bench:view')
  const { trials, firstPaint, memory } = record
  const { begun, page, curves } = memory.megabytes
  return [
    provenance('bench:view', record),
    markdownTable(
      [`Page, with ${trials} trials`, 'First paint', 'Its table'],
      firstPaint.map((each) => [each.page, `${each.firstPaintMs} ms`, `${each.tableMs} ms`]),
    ),
    `With ${memory.trials.toLocaleString('en')} trials the first page comes after ${memory.firstPageMs} ms, and the server has ${begun} MB before it, ${page} MB after it and ${curves} MB once the curves of all trials have been looked at.`,
  ]
}

/** The page docs/page-figures.md. */
export function pageFigures(): string {
  const parts = [
    '# What pages cost',
    'This page is written by `npm run docs` from the newest records in bench/results.',
    '## Trying a model',
    ...playgroundText(newestRecord<PlaygroundRecord>('playground')),
    '## Live pages',
    ...viewText(newestRecord<ViewRecord>('view')),
  ]
  return `${parts.join('\n\n')}\n`
}
