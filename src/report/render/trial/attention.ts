import { joinTokens } from '../../../core/pieces.js'
import { attendedSymbols } from '../../../model/attends.js'
import { type OutputKind, outputKind } from '../../../task/reporting.js'
import type { PredictionLine } from '../../../train/types.js'
import { editsOf } from '../../analysis/edits.js'
import type { PredictionsInput } from '../../analysis/trial/input.js'
import { worstFirst } from '../../analysis/trial/samples.js'
import { counted } from '../../format/grammar.js'
import { significant } from '../../format/values.js'
import { cellsFigure } from '../charts/cells.js'
import { keptText } from '../kept.js'
import { type Html, html } from '../page/html.js'
import { verdictOf } from '../verdict.js'

const mapsShown = 6
const mistakesShown = 3
const longestShown = 24
const ranges = { all: [0, mapsShown], first: [0, 1], others: [1, mapsShown] } as const

/** Heatmaps of the attention weights of some test examples that have recorded them: the first of all, or the others. */
export function attentionSection(input: PredictionsInput, part: 'all' | 'first' | 'others' = 'all'): Html {
  const { record, predictions, joiners } = input
  const { features } = record.spec.model
  const test = predictions.filter(({ split, alignment }) => split === 'test' && alignment !== undefined)
  const aligned = test.length > 0 ? test : predictions.filter(({ alignment }) => alignment !== undefined)
  const kind = outputKind(record.spec.task)
  const maps = mapsOf(aligned, features, kind)
  const [from, to] = ranges[part]
  if (maps.length <= from) return html``
  const title = { all: 'Attention', first: 'What one output attends to', others: 'Attention of other examples' }[part]
  const drawn = { features, kind, joiners }
  return html`<section><h2 id="attention-${part}">${title}</h2>
<p class="quiet small">${keptNote(aligned)}One row per output step, one column per source symbol; stronger colours are larger weights. Rows sum to 1.${markNote(maps)}</p>
<div class="maps">${maps.slice(from, to).map((line, at) => attentionFigure(line, `attention-${from + at}`, drawn))}</div></section>`
}

/** Of the random sample, then of the worst mistakes the worst ones; those that are small enough to be read. */
function mapsOf(lines: readonly PredictionLine[], features: Features, kind: OutputKind): readonly PredictionLine[] {
  const small = lines.filter(
    (line) => attendedSymbols(line, features).length <= longestShown && line.hypothesis.length < longestShown,
  )
  const sample = small.filter(({ kept }) => kept !== 'mistake')
  const mistakes = worstFirst(
    small.filter(({ kept }) => kept === 'mistake'),
    kind,
  )
  const few = mistakes.slice(0, Math.max(mistakesShown, mapsShown - sample.length))
  return [...sample.slice(0, mapsShown - few.length), ...few]
}

/** Of how many examples there are alignments, and why of these; nothing of a run of an earlier version, which does not say. */
function keptNote(lines: readonly PredictionLine[]): string {
  const of = (name: NonNullable<PredictionLine['kept']>) => lines.filter(({ kept }) => kept === name).length
  const [sampled, mistakes] = [of('sampled'), of('mistake')]
  if (sampled + mistakes === 0) return ''
  const worst = mistakes === 0 ? '' : ` and for the ${counted(mistakes, 'worst mistake')} among the others`
  return `Alignments are kept for ${counted(sampled, 'example')} drawn at random${worst}. `
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

type Features = PredictionsInput['record']['spec']['model']['features']

/** One heatmap with the symbols on both axes. */
function attentionFigure(
  line: PredictionLine,
  id: string,
  {
    features: read,
    kind,
    joiners,
  }: { readonly features: Features; readonly kind: OutputKind } & Pick<PredictionsInput, 'joiners'>,
): Html {
  const { source, hypothesis, features = [], alignment = [], kept } = line
  const columns = attendedSymbols(line, read)
  const known = features.length > 0 ? ` (${features.join(' · ')})` : ''
  const rows = [...hypothesis, 'end'].slice(0, alignment.length)
  const title = `${joinTokens(source, joiners.source)}${known} → ${joinTokens(hypothesis, joiners.target)}`
  const marks = trueLinks(line, columns.length - source.length)
  const drawn = { id, columns, rows, values: alignment, range: [0, 1], ...marks } as const
  const alternative = describe(columns, rows, alignment)
  const { text, style } = verdictOf(kind, editsOf(kind, line))
  const why = kept === undefined ? '' : ` · ${keptText(kept)}`
  const judged = html`<span class="quiet small"><span class="${style}">${text}</span>${why}</span>`
  const caption = html`<span class="mono">${title}</span>${judged}`
  return cellsFigure({ ...drawn, caption, alternative })
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
