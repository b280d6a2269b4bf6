import { joinTokens } from '../../../core/pieces.js'
import { attendedSymbols } from '../../../model/attends.js'
import type { PredictionLine } from '../../../train/types.js'
import type { PredictionsInput } from '../../analysis/trial/input.js'
import { significant } from '../../format/values.js'
import { cellsFigure } from '../charts/cells.js'
import { type Html, html } from '../page/html.js'

const mapsShown = 6
const longestShown = 24
const ranges = { all: [0, mapsShown], first: [0, 1], others: [1, mapsShown] } as const

/** Heatmaps of the attention weights of the first test examples that have recorded them: the first of all, or the others. */
export function attentionSection(
  { record, predictions, joiners }: PredictionsInput,
  part: 'all' | 'first' | 'others' = 'all',
): Html {
  const { features } = record.spec.model
  const test = predictions.filter(({ split, alignment }) => split === 'test' && alignment !== undefined)
  const shown = test.length > 0 ? test : predictions.filter(({ alignment }) => alignment !== undefined)
  const maps = shown.filter(
    (line) => attendedSymbols(line, features).length <= longestShown && line.hypothesis.length < longestShown,
  )
  const [from, to] = ranges[part]
  if (maps.length <= from) return html``
  const title = { all: 'Attention', first: 'What one output attends to', others: 'Attention of other examples' }[part]
  return html`<section><h2 id="attention-${part}">${title}</h2>
<p class="quiet small">One row per output step, one column per source symbol; stronger colours are larger weights. Rows sum to 1.${markNote(maps)}</p>
<div class="maps">${maps.slice(from, to).map((line, at) => attentionFigure(line, attendedSymbols(line, features), `attention-${from + at}`, joiners))}</div></section>`
}

function markNote(maps: readonly PredictionLine[]): string {
  const isKnown = maps.slice(0, mapsShown).some(({ trueAlignment }) => trueAlignment !== undefined)
  return isKnown ? ' A circle marks the true source of a symbol, where the output has it at its place.' : ''
}

/** Where the output has the reference's symbol at its place: whether a source token is one that it truly goes with. */
function trueLinks({ hypothesis, references, trueAlignment }: PredictionLine, before: number) {
  if (trueAlignment === undefined) return {}
  const [reference = []] = references
  const links = [...trueAlignment.sure, ...trueAlignment.possible]
  const outlined = (row: number, column: number) =>
    hypothesis[row] === reference[row] && links.some(([from, to]) => from === column - before && to === row)
  return { outlined }
}

/** One heatmap with the symbols on both axes. */
function attentionFigure(
  line: PredictionLine,
  columns: readonly string[],
  id: string,
  joiners: PredictionsInput['joiners'],
): Html {
  const { source, hypothesis, features = [], alignment = [] } = line
  const known = features.length > 0 ? ` (${features.join(' · ')})` : ''
  const rows = [...hypothesis, 'end'].slice(0, alignment.length)
  const title = `${joinTokens(source, joiners.source)}${known} → ${joinTokens(hypothesis, joiners.target)}`
  const marks = trueLinks(line, columns.length - source.length)
  const drawn = { id, columns, rows, values: alignment, range: [0, 1], ...marks } as const
  const alternative = describe(columns, rows, alignment)
  return cellsFigure({ ...drawn, caption: html`<span class="mono">${title}</span>`, alternative })
}

/** For each output symbol the source symbol with the largest weight. */
function describe(
  source: readonly string[],
  rows: readonly string[],
  alignment: readonly (readonly number[])[],
): string {
  const strongest = rows.map((symbol, row) => {
    const weights = alignment[row] ?? []
    const at = weights.indexOf(weights.reduce((most, weight) => Math.max(most, weight), 0))
    return `${symbol} from ${source[at] ?? '?'} (${significant(weights[at] ?? 0, 2)})`
  })
  return `Largest weights: ${strongest.join(', ')}`
}
