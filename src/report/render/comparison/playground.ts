import type { ComparedModel, GroupPlayground } from '../../analysis/comparison/playgrounds.js'
import { megabytes, mostCharacters } from '../../analysis/trial/playground.js'
import { agree, counted } from '../../format/grammar.js'
import { embeddedJson, type Html, html, trusted } from '../page/html.js'

interface ComparedParts {
  /** One for each group. */
  readonly sections: readonly Html[]
  /** The page's last scripts. */
  readonly scripts: readonly Html[]
}

/** How many variants are shown at a time. */
const variantsAtOnce = 4

/**
 * Of each group a section in which the reader gives up to four variants the same input. `script`: the program, where it is built;
 * `view`: the command that serves the models which are not in the page.
 */
export function comparedPlaygrounds(
  playgrounds: readonly GroupPlayground[],
  script: string | undefined,
  view: string | undefined,
): ComparedParts {
  const sections = playgrounds.map((playground, at) => groupSection(playground, idOf(at), script !== undefined, view))
  const data = playgrounds.flatMap((playground, at) => (isUsable(playground) ? groupData(playground, idOf(at)) : []))
  if (data.length === 0 || script === undefined) return { sections, scripts: [] }
  return { sections, scripts: [...data, html`<script>${trusted(script)}</script>`] }
}

export function idOf(group: number): string {
  return `g${group + 1}-playground`
}

function groupSection(playground: GroupPlayground, id: string, isBuilt: boolean, view: string | undefined): Html {
  if (playground.models.length === 0) return html``
  const sentences = [...aboutText(playground), ...absentText(playground.models, view)]
  const body = !isUsable(playground)
    ? html``
    : isBuilt
      ? playgroundBody(id)
      : html`<p class="quiet">The script of this page is not built (npm run build).</p>`
  return html`<section id="${id}" class="try"><h2>Try the variants</h2>${sentences.map((text) => html`<p class="quiet small">${text}</p>`)}${body}</section>`
}

/** What the script fills, from the data of `groupData`. */
export function playgroundBody(id: string, needsScript = 'This needs JavaScript.'): Html {
  return html`<div id="${id}-body" class="playground" data-compared="${id}"></div><noscript><p>${needsScript}</p></noscript>`
}

function isUsable({ models }: GroupPlayground): boolean {
  return models.some(({ held }) => 'model' in held || 'address' in held)
}

function aboutText({ models }: GroupPlayground): string[] {
  const [held] = models.flatMap(({ held }) => ('model' in held ? [held] : []))
  const served = models.some(({ held }) => 'address' in held)
  if (held === undefined && !served) return []
  const where = served ? 'loaded from seqlab view as they are chosen' : 'in this page: nothing leaves it'
  const rounded =
    served || held?.model.parameters.width === 2
      ? ' Their weights are rounded to float16: their numbers differ a little from those of the runs.'
      : ''
  return [
    `One input for up to ${counted(variantsAtOnce, 'variant')}, ${where}. Of each variant it is the trained model that is best on dev.${rounded}`,
  ]
}

/** Which models are not there, why, and what brings them. */
function absentText(models: readonly ComparedModel[], view: string | undefined): string[] {
  const large = models.flatMap(({ held }) => ('tooLarge' in held ? [held.tooLarge] : []))
  const others = models.flatMap(({ label, held }) => ('leftOut' in held ? [`${label}: ${held.leftOut}`] : []))
  const all = large.reduce((sum, size) => sum + size, 0)
  const isAll = large.length === models.length
  const which = isAll ? 'The models are' : `${counted(large.length, 'more model')} ${agree(large.length, 'is', 'are')}`
  const why = `not in this page, which holds ${mostCharacters / 1e6} MB of models at most: ${megabytes(all)} more.`
  const served = view === undefined ? '' : `To load any of them: ${view}. `
  const sentence = `${which} ${why} ${served}To put all of them in: --playground on.`
  return [...(large.length === 0 ? [] : [sentence]), ...others]
}

/** Numbers of models are apart from all else: they are decoded when they are first used. */
export function groupData({ models, examples, features, series }: GroupPlayground, id: string): Html[] {
  const given = models.map(({ held, ...named }, at) => {
    if ('model' in held) return { ...named, model: held.model, weights: `${id}-weights-${at}` }
    return 'address' in held ? { ...named, address: held.address, decode: held.decode } : named
  })
  const weights = models.flatMap(({ held }, at) =>
    'model' in held
      ? [html`<script type="text/plain" id="${id}-weights-${at}">${trusted(held.parameters)}</script>`]
      : [],
  )
  const data = embeddedJson({ models: given, atOnce: variantsAtOnce, examples, features, series })
  return [html`<script type="application/json" id="${id}-data">${data}</script>`, ...weights]
}
