import type { PredictionTable } from '../../analysis/trial/table.js'
import { counted } from '../../format/grammar.js'
import { count } from '../../format/numbers.js'
import { embeddedJson, type Html, html } from '../page/html.js'

/** All predictions, filtered and sorted by the page's script; nothing without one. */
export function predictionsSection(table: PredictionTable | undefined): Html {
  if (table === undefined) return html``
  const { rows, all, split, kind } = table
  const how =
    rows.length < all
      ? `${count(rows.length)} of ${counted(all, `${split} example`)}: the worst mistakes and a sample`
      : `All ${counted(all, `${split} example`)}`
  const option = (value: string, text: string) => html`<option value="${value}">${text}</option>`
  return html`<section id="predictions" hidden><h2>All predictions</h2><p class="quiet small">${how}. Highlighted columns are errors.</p>
<form class="controls small" id="prediction-filter"><label>Text <input type="search" name="text"></label>
<label><input type="checkbox" name="wrong"> only wrong</label>
<label>Length from <input type="number" name="from" min="0" class="short"></label> <label>to <input type="number" name="to" min="0" class="short"></label>
${kind === 'sequence' && html`<label>Edit <select name="edit">${option('', 'any')}${option('substitute', 'substitution')}${option('insert', 'insertion')}${option('delete', 'deletion')}</select></label>`}
<label>Sort by <select name="sort">${option('errors', 'most errors')}${option('low', 'lowest score')}${option('high', 'highest score')}${option('length', 'longest source')}${option('index', 'order of the split')}</select></label></form>
<p class="small" role="status" id="prediction-count"></p><ol class="samples" id="prediction-rows"></ol><p><button type="button" id="prediction-more">Show more</button></p>
<script type="application/json" id="prediction-data">${embeddedJson(table)}</script></section>`
}
