import type { PredictionLine } from '../../train/types.js'
import { axis, textStyle } from '../charts/base.js'
import { type ChartOption, drawSvg } from '../charts/svg.js'
import { colour } from '../page/colours.js'
import { plain } from '../page/format.js'
import { type Html, html } from '../page/html.js'
import type { TrialReportInput } from './input.js'

const mapsShown = 6
const longestShown = 24

/** Heatmaps of the alignments of the first test examples that have one. */
export function attentionSection({ predictions, joiners }: TrialReportInput): Html {
  const test = predictions.filter(({ split, alignment }) => split === 'test' && alignment !== undefined)
  const shown = test.length > 0 ? test : predictions.filter(({ alignment }) => alignment !== undefined)
  const maps = shown.filter(
    ({ source, hypothesis }) => source.length <= longestShown && hypothesis.length < longestShown,
  )
  if (maps.length === 0) return html``
  return html`<section><h2>Attention</h2>
<p class="quiet small">Each row is an output step, each column a source symbol; the stronger the colour, the more of C came from there. Rows sum to 1.</p>
<div class="maps">${maps.slice(0, mapsShown).map((line, at) => attentionFigure(line, `attention-${at}`, joiners))}</div></section>`
}

/** One heatmap with the symbols on both axes. */
export function attentionFigure(line: PredictionLine, id: string, joiners: TrialReportInput['joiners']): Html {
  const { source, hypothesis, alignment = [] } = line
  const rows = [...hypothesis, 'end'].slice(0, alignment.length)
  const title = `${source.join(joiners.source)} → ${hypothesis.join(joiners.target)}`
  const size = { width: 70 + source.length * 24, height: 34 + rows.length * 20 }
  const drawing = drawSvg(heatmap(source, rows, alignment), size, id)
  return html`<figure><figcaption class="mono">${title}</figcaption><div role="img" aria-label="${describe(source, rows, alignment)}">${drawing}</div></figure>`
}

/** For each output symbol the source symbol that it looked at most. */
function describe(
  source: readonly string[],
  rows: readonly string[],
  alignment: readonly (readonly number[])[],
): string {
  const strongest = rows.map((symbol, row) => {
    const weights = alignment[row] ?? []
    const at = weights.indexOf(weights.reduce((most, weight) => Math.max(most, weight), 0))
    return `${symbol} from ${source[at] ?? '?'} (${plain(weights[at] ?? 0, 2)})`
  })
  return `Strongest weights: ${strongest.join(', ')}`
}

function heatmap(
  source: readonly string[],
  rows: readonly string[],
  alignment: readonly (readonly number[])[],
): ChartOption {
  const cells = rows.flatMap((_, row) =>
    source.map((__, column) => ({
      value: [column, row, alignment[row]?.[column] ?? 0],
      itemStyle: { color: colour('s1') },
    })),
  )
  const labels = { interval: 0, hideOverlap: false, color: colour('ink') }
  const bare = { axisTick: { show: false }, splitArea: { show: false } }
  return {
    textStyle,
    grid: { left: 56, right: 8, top: 26, bottom: 6 },
    xAxis: axis({ type: 'category', data: source, position: 'top', ...bare, axisLabel: labels }),
    yAxis: axis({
      type: 'category',
      data: rows,
      inverse: true,
      ...bare,
      axisLabel: { ...labels, width: 50, overflow: 'truncate' },
    }),
    visualMap: { show: false, type: 'continuous', dimension: 2, min: 0, max: 1, inRange: { opacity: [0, 1] } },
    series: [
      { type: 'heatmap', data: cells, silent: true, itemStyle: { borderWidth: 1, borderColor: colour('line') } },
    ],
  }
}
