import { SeqlabError } from '../../core/errors.js'
import { atPlace, writeOutput } from '../../core/files.js'
import type { ModelSizes } from '../../model/sizes.js'
import { count } from '../../report/format/numbers.js'
import { drawModel } from '../../report/render/drawing.js'
import { palettes } from '../../report/render/page/colours.js'
import { type Explanation, explain } from '../../spec/explain/explain.js'
import { type Known, probe, type Unknown } from '../../spec/explain/symbolic.js'
import { unknownSizes } from '../../spec/plan/parameters.js'
import type { PreparedSpec } from '../../spec/prepare.js'
import { type Cell, type TableLayout, table, widthOf } from './table.js'
import { type Colors, colorsFor } from './terminal.js'

export interface ExplainView {
  /** Vocabularies of source and target, then of features, of characters and of factors where there are some, where the data are not read. */
  readonly vocab: readonly number[] | undefined
  /** Where the drawing goes. */
  readonly svg: string | undefined
}

/** Prints one model, and draws it. */
export async function explainSpec(spec: PreparedSpec, { vocab, svg }: ExplainView): Promise<void> {
  const known = knownSizes(spec, vocab)
  const colors = colorsFor(process.stdout)
  const text = explanationText(explain(spec.spec, known, spec.dataset?.shape), colors)
  const why = spec.unreadable?.[0]?.message
  const note = `The data cannot be read (${why}): sizes are formulas; set them with --vocab.`
  process.stdout.write(why === undefined ? `${text}\n` : `${text}\n\n${colors.dim(note)}\n`)
  if (svg === undefined) return
  const drawing = drawModel(spec.spec, 'sizes' in known ? known.sizes : undefined, 'model')
  await atPlace({ option: '--svg' }, () => writeOutput(svg, standalone(drawing.markup)))
}

/** A drawing outside of a page has no colour variables: it gets the colours of the light page. */
function standalone(markup: string): string {
  const names = Object.entries(palettes.light)
  return names.reduce((svg, [name, colour]) => svg.replaceAll(`var(--${name})`, colour), markup)
}

/** Sizes from `--vocab`, else from the data, else formulas. */
function knownSizes({ spec, dataset }: PreparedSpec, vocab: ExplainView['vocab']): Known {
  const unknown = unknownSizes(spec)
  if (vocab !== undefined) return { sizes: sizesWith(unknown, vocab) }
  return dataset === undefined ? { unknown } : { sizes: dataset.sizes }
}

const places = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth']

function sizesWith(unknown: Unknown, vocab: NonNullable<ExplainView['vocab']>): ModelSizes {
  const listed = (['features', 'characters'] as const).filter((name) => unknown[name] === true)
  const factors = Object.keys(unknown.factors ?? {}).map((name) => `factor ${name}` as const)
  const names = ['source', 'target', ...listed, ...factors]
  const missing = names[vocab.length]
  if (missing !== undefined) {
    const what = missing.startsWith('factor') ? `a ${missing}` : missing
    const place = places[vocab.length] ?? `${vocab.length + 1}th`
    throw new SeqlabError('spec', `--vocab: the data have ${what}, whose vocabulary is the ${place} number`)
  }
  return probe(unknown, Object.fromEntries(names.map((name, at) => [name, vocab[at]])))
}

/** A model in words and numbers, for a terminal. */
function explanationText(explanation: Explanation, colors: Colors): string {
  const { name, parts, flow, parameters, total, cost } = explanation
  const decodes = flow.some(({ shape }) => shape.includes(', T'))
  const characters = flow.some(({ shape }) => shape.includes(', C]'))
  const values = flow.some(({ shape }) => shape.includes(', K]'))
  const heading = (text: string) => colors.bold(text)
  const blocks = [
    heading(name),
    ...parts.map((each) => partText(each, colors)),
    `${heading('tensors')}  (B examples, S source steps${decodes ? ', T target steps' : ''}${characters ? ', C characters' : ''}${values ? ', K values' : ''})\n${indented(
      table(
        flow.map((row) => [{ text: row.name }, row.shape]),
        indentedLayout(),
      ),
    )}`,
    `${heading('parameters')}\n${indented(table(parameterRows(explanation), indentedLayout()))}`,
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

/** Of a table that `indented` moves to the right. */
function indentedLayout(): TableLayout {
  const width = widthOf(process.stdout)
  return { others: 'left', width: width === undefined ? undefined : width - indent.length }
}

function parameterRows({ parameters }: Explanation): readonly (readonly Cell[])[] {
  return parameters.flatMap((group) => [
    [{ text: group.name }, '', group.count],
    ...group.parameters.map(({ name, shape, count }) => [
      { text: `  ${name}` },
      shape,
      group.parameters.length > 1 ? count : '',
    ]),
  ])
}

function costText({ bytes, flops, millisecondsAStep, shape }: NonNullable<Explanation['cost']>): string {
  const { batch, source, target } = shape
  const steps = [`B = ${batch}`, `S = ${source}`, ...(target === 0 ? [] : [`T = ${target}`])].join(', ')
  return [
    `a training step with ${steps}: about ${millions(flops)} million operations,`,
    `${millions(bytes)} MB and ${millisecondsAStep.toFixed(1)} ms on one core (an estimate from operation counts, typically within a factor of two)`,
  ].join('\n')
}

function millions(value: number): string {
  return value < 10e6 ? (value / 1e6).toFixed(value < 0.1e6 ? 2 : 1) : count(value / 1e6)
}

const indent = '  '

function indented(text: string): string {
  return text.replace(/^/gm, indent)
}
