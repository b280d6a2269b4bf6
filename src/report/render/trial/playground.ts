import { joinTokens } from '../../../core/pieces.js'
import { randomStream } from '../../../core/random.js'
import type { PlaygroundModel } from '../../../playground/model.js'
import type { PredictionLine } from '../../../train/types.js'
import type { TrialReportInput } from '../../analysis/trial/input.js'
import type { Playground } from '../../analysis/trial/playground.js'
import { embeddedJson, type Html, html, trusted } from '../page/html.js'

const examplesGiven = 20

/** A section in which the reader tries the model; `scripts` are the page's last, decoded at first use. */
interface PlaygroundParts {
  readonly section: Html
  readonly scripts: readonly Html[]
}

/** `script`: the page's program, where it is built. */
export function playgroundParts(
  input: TrialReportInput,
  playground: Playground | undefined,
  script: string | undefined,
): PlaygroundParts {
  if (playground === undefined) return { section: html``, scripts: [] }
  if ('leftOut' in playground)
    return { section: section(html`<p class="quiet">${playground.leftOut}</p>`), scripts: [] }
  const { model, parameters } = playground
  if (script === undefined) {
    return {
      section: section(html`<p class="quiet">The script of this page is not built (npm run build).</p>`),
      scripts: [],
    }
  }
  const rounded =
    model.parameters.width === 2
      ? ' Its weights are rounded to float16: its numbers differ a little from those of the run.'
      : ''
  const search = ['transduce', 'generate'].includes(model.task) ? searchText(model.decode) : ''
  return {
    section:
      section(html`<p class="quiet small">The trained model, in this page: nothing leaves it.${search}${rounded}</p>
<div id="playground-body" class="playground"></div><noscript><p>This needs JavaScript.</p></noscript>`),
    scripts: [
      html`<script type="application/json" id="playground-data">${embeddedJson({ model, ...examplesOf(input, model) })}</script>`,
      html`<script type="text/plain" id="playground-weights">${trusted(parameters)}</script>`,
      html`<script>${trusted(script)}</script>`,
    ],
  }
}

function section(content: Html): Html {
  return html`<section id="playground"><h2>Try the model</h2>${content}</section>`
}

function searchText(decode: { readonly type: string; readonly width?: number }): string {
  if (decode.type === 'beam') return ` Outputs are found by the run's final search, a beam of ${decode.width}.`
  return decode.type === 'sample'
    ? " The run's final search draws at random; here the most probable symbols are taken."
    : ''
}

/** Sources of the test split, drawn by the trial's seed. */
function examplesOf({ predictions, record, joiners }: TrialReportInput, { scaling = [] }: PlaygroundModel) {
  const test = predictions.filter(({ split }) => split === 'test')
  const drawn = randomStream(record.seed, 'sampling', 'report').shuffle(test.length > 0 ? test : predictions)
  const shown = drawn.filter(({ values }) => values === undefined).slice(0, examplesGiven)
  const separator = record.spec.data.features?.separator ?? ' '
  return {
    examples: shown.map(({ source }) => joinTokens(source, joiners.source)),
    features: shown.map(({ features = [] }) => features.join(separator)),
    series: scaling.some(({ role }) => role !== undefined) ? [] : seriesIn(test, scaling.length),
  }
}

const stepsGiven = 500

/**
 * The series of the test part, out of the first steps that its windows forecast: where each window is one step after the one
 * before, and everything that the model reads is forecast.
 */
function seriesIn(test: readonly PredictionLine[], width: number): number[][] {
  const rows = test.slice(0, stepsGiven).map(({ values }) => values?.reference ?? [])
  const follows = rows.every((row, at) => {
    const before = rows[at - 1]
    return (
      before === undefined ||
      row.slice(0, before.length - width).every((value, place) => value === before[place + width])
    )
  })
  return follows && rows.some(({ length }) => length > width) ? rows.map((row) => row.slice(0, width)) : []
}
