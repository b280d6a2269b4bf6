import { writeFileSync } from 'node:fs'
import { SeqlabError } from '../core/errors.js'
import type { Dataset } from '../data/types.js'
import { count } from '../report/format/values.js'
import { drawModel } from '../report/render/drawing.js'
import { palettes } from '../report/render/page/colours.js'
import { type Explanation, explain as explanationOf } from '../spec/explain/explain.js'
import type { Known } from '../spec/explain/symbolic.js'
import { loadSpecs } from '../spec/load.js'
import { unknownSizes } from '../spec/parameters.js'
import { meanLengths } from '../spec/trial-cost.js'
import type { LoadedSpec } from '../spec/types.js'
import { modelSizes } from '../task/sizes.js'
import { createDataReader } from './data.js'
import { refuse } from './run.js'
import { type Colors, colorsFor, table } from './terminal.js'

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
  const shape =
    data === undefined ? undefined : { batch: loaded.spec.train.batchSize, ...meanLengths(loaded.spec, data) }
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
  const { source: sourceKind, target: targetKind, longestSource = 1, longestTarget = 1 } = unknownSizes(spec)
  const space = (kind: string, size: number) => (kind === 'width' ? { width: size } : { vocabulary: size })
  const own = targetKind === 'source' ? space(sourceKind, source) : space(targetKind, target)
  return { source: space(sourceKind, source), target: own, longestSource, longestTarget }
}

function explanationText(explanation: Explanation, colors: Colors): string {
  const { name, parts, flow, parameters, total, cost } = explanation
  const decodes = flow.some(({ shape }) => shape.includes(', T'))
  const heading = (text: string) => colors.bold(text)
  const blocks = [
    heading(name),
    ...parts.map((each) => partText(each, colors)),
    `${heading('tensors')}  (B examples, S source steps${decodes ? ', T target steps' : ''})\n${indented(
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

function partText(
  { path, kind, part, options, equations, where }: Explanation['parts'][number],
  colors: Colors,
): string {
  const chosen = Object.entries(options).map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
  const head = `${colors.bold(`${kind} ${part.name}`)}  ${colors.dim(path)}${chosen.length === 0 ? '' : `  { ${chosen.join(', ')} }`}`
  const lines = [
    part.summary,
    ...equations.map((equation) => `  ${equation}`),
    ...where.map((each) => `  ${colors.cyan(each)}`),
  ]
  const { paper, equation } = part.source
  return [
    head,
    ...lines.map((line) => `  ${line}`),
    `  ${colors.dim(equation === undefined ? paper : `${paper}; ${equation}`)}`,
  ].join('\n')
}

function parameterRows({ parameters }: Explanation): readonly (readonly string[])[] {
  return parameters.flatMap((group) => [
    [group.name, '', group.count],
    ...group.parameters.map(({ name, shape, count }) => [`  ${name}`, shape, group.parameters.length > 1 ? count : '']),
  ])
}

function costText({ bytes, flops, millisecondsAStep, shape }: NonNullable<Explanation['cost']>): string {
  const { batch, source, target } = shape
  const steps = [`B = ${batch}`, `S = ${source}`, ...(target === 0 ? [] : [`T = ${target}`])].join(', ')
  return [
    `a training step with ${steps}: about ${millions(flops)} million operations,`,
    `${millions(bytes)} MB and ${millisecondsAStep.toFixed(1)} ms on one core (an estimate from counting, good within a factor of two or so)`,
  ].join('\n')
}

function millions(value: number): string {
  return value < 10e6 ? (value / 1e6).toFixed(value < 0.1e6 ? 2 : 1) : count(value / 1e6)
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ')
}
