import type { TrialReportInput } from '../../analysis/trial/input.js'
import type { Playground } from '../../analysis/trial/playground.js'
import { playgroundExamples } from '../../analysis/trial/playground-examples.js'
import { embeddedJson, type Html, html, trusted } from '../page/html.js'

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
  const examples = playgroundExamples(input, model, input.record.spec.data.features?.separator)
  const search = ['transduce', 'generate'].includes(model.task) ? searchText(model.decode) : ''
  return {
    section:
      section(html`<p class="quiet small">The trained model, in this page: nothing leaves it.${search}${rounded}</p>
<div id="playground-body" class="playground"></div><noscript><p>This needs JavaScript.</p></noscript>`),
    scripts: [
      html`<script type="application/json" id="playground-data">${embeddedJson({ model, ...examples })}</script>`,
      html`<script type="text/plain" id="playground-weights">${trusted(parameters)}</script>`,
      html`<script>${trusted(script)}</script>`,
    ],
  }
}

function section(content: Html): Html {
  return html`<section id="playground" class="try"><h2>Try the model</h2>${content}</section>`
}

function searchText(decode: { readonly type: string; readonly width?: number }): string {
  if (decode.type === 'beam') return ` Outputs are found by the run's final search, a beam of ${decode.width}.`
  return decode.type === 'sample'
    ? " The run's final search draws at random; here the most probable symbols are taken."
    : ''
}
