import { writeFileSync } from 'node:fs'
import { SeqlabError } from '../core/errors.js'
import type { Dataset } from '../data/types.js'
import { drawModel } from '../report/drawing.js'
import { palettes } from '../report/page/colours.js'
import { type Explanation, explain as explanationOf } from '../spec/explain/explain.js'
import type { Known } from '../spec/explain/symbolic.js'
import { loadSpecs } from '../spec/load.js'
import { unknownSizes } from '../spec/parameters.js'
import { meanLengths } from '../spec/trial-cost.js'
import type { LoadedSpec } from '../spec/types.js'
import { modelSizes } from '../task/sizes.js'
import { createDataReader } from './data.js'
import { refuse } from './run.js'
import { type Colors, colorsFor, grouped, table } from './terminal.js'

export interface ExplainFlags {
  readonly set?: readonly string[]
  readonly dataDir?: string
  /** Source and target vocabulary, instead of reading the data. */
  readonly vocab?: readonly [source: number, target: number]
  /** False: formulas in V_s and V_t. */
  readonly data: boolean
  readonly svg?: string
}

/** `seqlab explain`: the model as text, and drawn with `--svg`. No engine is loaded. */
export async function explain(file: string, flags: ExplainFlags): Promise<number> {
  const { set, dataDir } = flags
  const { specs, problems } = loadSpecs([file], { ...(set && { set }), ...(dataDir && { dataDir }) })
  if (problems.length > 0) return refuse(problems)
  for (const loaded of specs) await explainOne(loaded, flags)
  return 0
}

async function explainOne(loaded: LoadedSpec, flags: ExplainFlags): Promise<void> {
  const { known, data, note } = await knowledge(loaded, flags)
  const shape = data === undefined ? undefined : { batch: loaded.spec.train.batchSize, ...meanLengths(data) }
  const colors = colorsFor(process.stdout)
  const text = explanationText(explanationOf(loaded.spec, known, shape), colors)
  process.stdout.write(note === undefined ? `${text}\n` : `${text}\n\n${colors.dim(note)}\n`)
  if (flags.svg === undefined) return
  const drawing = drawModel(loaded.spec, 'sizes' in known ? known.sizes : undefined, 'model')
  writeFileSync(flags.svg, standalone(drawing.markup))
}

/** A drawing by itself has no page to take its colours from: it gets those of the light page. */
function standalone(markup: string): string {
  const names = Object.entries(palettes.light)
  return names.reduce((svg, [name, colour]) => svg.replaceAll(`var(--${name})`, colour), markup)
}

interface Knowledge {
  readonly known: Known
  readonly data?: Dataset
  readonly note?: string
}

/** Sizes from `--vocab`, else from the data, else formulas. */
async function knowledge(loaded: LoadedSpec, { vocab, data: wanted }: ExplainFlags): Promise<Knowledge> {
  const unknown = unknownSizes(loaded.spec)
  if (vocab !== undefined) return { known: { sizes: given(loaded, vocab) } }
  if (!wanted) return { known: { unknown } }
  try {
    const data = await createDataReader().read(loaded)
    return { known: { sizes: modelSizes(data) }, data }
  } catch (error) {
    if (!(error instanceof SeqlabError) || error.code !== 'data') throw error
    const why = error.problems[0]?.message ?? error.message
    return { known: { unknown }, note: `The data cannot be read (${why}): sizes are formulas; --vocab gives them.` }
  }
}

function given({ spec }: LoadedSpec, [source, target]: readonly [number, number]) {
  const { source: sourceKind, target: targetKind } = unknownSizes(spec)
  const space = (kind: string, size: number) => (kind === 'width' ? { width: size } : { vocabulary: size })
  return { source: space(sourceKind, source), target: space(targetKind, target), longestSource: 1, longestTarget: 1 }
}

function explanationText(explanation: Explanation, colors: Colors): string {
  const { name, parts, flow, parameters, total, cost } = explanation
  const heading = (text: string) => colors.bold(text)
  const blocks = [
    heading(name),
    ...parts.map((each) => partText(each, colors)),
    `${heading('tensors')}  (B examples, S source steps, T target steps)\n${indented(
      table(
        flow.map((row) => [row.name, row.shape]),
        'left',
      ),
    )}`,
    `${heading('parameters')}\n${indented(table(parameterRows(explanation), 'left'))}`,
    `${total} parameters in ${parameters.length} groups`,
    ...(cost === undefined ? [] : [costText(cost)]),
  ]
  return blocks.join('\n\n')
}

function partText({ path, kind, part, options, where }: Explanation['parts'][number], colors: Colors): string {
  const chosen = Object.entries(options).map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
  const head = `${colors.bold(`${kind} ${part.name}`)}  ${colors.dim(path)}${chosen.length === 0 ? '' : `  { ${chosen.join(', ')} }`}`
  const lines = [
    part.summary,
    ...part.equations.filter((equation) => applies(equation, options)).map((equation) => `  ${equation}`),
    ...where.map((each) => `  ${colors.cyan(each)}`),
  ]
  const { paper, equation } = part.source
  return [
    head,
    ...lines.map((line) => `  ${line}`),
    `  ${colors.dim(equation === undefined ? paper : `${paper}; ${equation}`)}`,
  ].join('\n')
}

/** An equation that ends in `(reset: after)` is about that choice alone. */
function applies(text: string, options: Readonly<Record<string, unknown>>): boolean {
  const [, key, value] = /\((\w+): ([\w-]+)\)\s*$/.exec(text) ?? []
  return key === undefined || options[key] === undefined || String(options[key]) === value
}

function parameterRows({ parameters }: Explanation): readonly (readonly string[])[] {
  return parameters.flatMap((group) => [
    [group.name, '', group.count],
    ...group.parameters.map(({ name, shape, count }) => [`  ${name}`, shape, group.parameters.length > 1 ? count : '']),
  ])
}

function costText({ bytes, flops, millisecondsAStep, shape }: NonNullable<Explanation['cost']>): string {
  const { batch, source, target } = shape
  return [
    `a training step with B = ${batch}, S = ${source}, T = ${target}: about ${grouped(flops / 1e6)} million operations,`,
    `${grouped(bytes / 1e6)} MB and ${millisecondsAStep.toFixed(1)} ms on one core (an estimate from counting, good within a factor of two or so)`,
  ].join('\n')
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ')
}
