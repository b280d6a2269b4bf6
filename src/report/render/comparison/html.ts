import { relative } from 'node:path'
import { shellLine } from '../../../core/shell.js'
import { isRegistered, orderText } from '../../analysis/comparison/claims/registration.js'
import { answerText, unfinishedText } from '../../analysis/comparison/headline.js'
import type { GroupPlayground } from '../../analysis/comparison/playgrounds.js'
import type { ComparisonReport, Group, MetricComparison, Pair } from '../../analysis/comparison/types.js'
import { agree, capitalised, counted, listed } from '../../format/grammar.js'
import { figure, table } from '../page/figure.js'
import { embeddedJson, type Html, html, idPart, trusted } from '../page/html.js'
import { page } from '../page/page.js'
import { effectsSection } from './effects.js'
import { attentionFigures, confusionFigures } from './figures/examples.js'
import { comparisonFigures } from './figures/figures.js'
import { firstView, hasSeeds } from './figures/variants.js'
import { type ComparisonLinks, noLinks } from './page-links.js'
import { comparedPlaygrounds, idOf } from './playground.js'
import { publishedSection } from './published.js'
import { sharedSection } from './shared.js'
import {
  type Cell,
  intervalsNote,
  mixedText,
  pairTable,
  settingsTable,
  type Table,
  trialTable,
  variantTable,
} from './tables.js'
import { tierList } from './tiers.js'

const pairsInPage = 300

/** The scripts of the page, where they are built. */
interface ComparisonScripts {
  /** Makes charts interactive and tables sortable; without it both are static. */
  readonly page?: string | undefined
  readonly playground?: string | undefined
}

/** comparison.html: self-contained, unless models are served. `links` lead to what exists; `playgrounds`: one for each group, or none. */
export function comparisonHtml(
  report: ComparisonReport,
  { page: script, playground: program }: ComparisonScripts = {},
  links: ComparisonLinks = noLinks,
  playgrounds: readonly GroupPlayground[] = [],
): string {
  const data = { groups: report.groups.map(chartData) }
  const tried = comparedPlaygrounds(playgrounds, program, viewCommand(report))
  return page({
    title: report.title,
    subtitle: html`<span class="quiet">comparison of ${counted(report.groups.flatMap(({ variants }) => variants).length, 'variant')}</span>`,
    nav: contents(report, links, playgrounds),
    body: html`${answerSection(report)}${publishedSection(report)}${claimsSection(report)}
${report.groups.map((group, at) => html`${groupSections(group, `g${at + 1}`, report.groups.length > 1, links)}${tried.sections[at]}`)}
${provenanceSection(report)}${methodSection(report)}
${script !== undefined && html`<script type="application/json" id="data">${embeddedJson(data)}</script>`}`,
    footer: html`${filesText(links.files)}${script === undefined && ' The script of this page is not built (npm run build): charts and tables are static.'}`,
    scripts: [...(script === undefined ? [] : [html`<script>${trusted(script)}</script>`]), ...tried.scripts],
    asksItsServer: playgrounds.some(({ models }) => models.some(({ held }) => 'address' in held)),
  })
}

/** What serves the models of a comparison: of one study alone. */
function viewCommand({ studies: [study, ...others] }: ComparisonReport): string | undefined {
  if (study === undefined || others.length > 0) return undefined
  return shellLine(['seqlab', 'view', relative('', study.directory) || '.'])
}

/** Other pages, and the parts of this one. */
function contents(
  { groups, claims, published }: ComparisonReport,
  { index }: ComparisonLinks,
  playgrounds: readonly GroupPlayground[],
): Html {
  const parts = groups.flatMap((group, at) => {
    const [prefix, of] = [`g${at + 1}`, groups.length > 1 ? ` (${at + 1})` : '']
    return [
      [`${prefix}-table`, `Variants${of}`],
      ...(group.metrics.length > 0 ? [[`${prefix}-charts`, `Charts${of}`]] : []),
      ...(group.shared.length > 0 ? [[`${prefix}-examples`, `Examples${of}`]] : []),
      ...(group.metrics.some(({ pairs }) => pairs.length > 0) ? [[`${prefix}-differences`, `Pairs${of}`]] : []),
      [`${prefix}-list`, `Trials${of}`],
      ...((playgrounds[at]?.models.length ?? 0) > 0 ? [[idOf(at), `Try${of}`]] : []),
    ]
  })
  const all = [
    ...(published.length > 0 ? [['published', 'Published results']] : []),
    ...(claims.length > 0 ? [['claims', 'Claims']] : []),
    ...parts,
    ['method', 'Method'],
  ]
  return html`${index !== undefined && html`<a href="${index}">All runs</a> `}${all.map(([id = '', name = '']) => html`<a href="#${id}">${name}</a> `)}`
}

/** Only files that are beside the page: a link to one that was not written leads nowhere. */
function filesText(files: readonly string[]): Html {
  if (files.length === 0) return html``
  return html`Data: ${files.map((file, at) => html`${at > 0 && ', '}<a href="${encodeURIComponent(file)}">${file}</a>`)}.`
}

/** What the page's script needs: the charts' data, without what is in the tables already. */
function chartData(group: Group): Group {
  const metrics = group.metrics.slice(0, 1).map((metric) => ({ ...metric, pairs: [] }))
  const effects = group.effects.map((effect) => ({ ...effect, metric: { ...effect.metric, pairs: [] } }))
  return { ...group, metrics, effects, trials: [], shared: [], attention: [], confusion: [] }
}

function answerSection(report: ComparisonReport): Html {
  const sentences = answerText(report)
  return html`${unfinishedBanner(report)}<section id="answer">${sentences.map((sentence) => html`<p class="lead">${sentence}</p>`)}
${report.groups.map((group) => group.metrics[0] !== undefined && tierList(group, group.metrics[0]))}
${report.skipped.length > 0 && html`<details class="notice" open><summary>${counted(report.skipped.length, 'folder or file', 'folders or files')} skipped</summary><ul>${report.skipped.map(({ path, reason }) => html`<li><code>${path}</code>: ${reason}</li>`)}</ul></details>`}
</section>`
}

/** What a reader must know before the figures: that they are not all. */
function unfinishedBanner(report: ComparisonReport): Html {
  const sentences = unfinishedText(report)
  if (sentences.length === 0) return html``
  const missing = report.studies.flatMap((study) => study.missing)
  return html`<div class="notice" id="unfinished" role="status">${sentences.map((sentence) => html`<p>${sentence}</p>`)}
${missing.length > 0 && html`<details><summary>${counted(missing.length, 'trial')} without a result</summary><ul>${missing.map(({ trial, state }) => html`<li>${trial}: ${state}</li>`)}</ul></details>`}</div>`
}

function claimsSection({ claims }: ComparisonReport): Html {
  if (claims.length === 0) return html``
  const colours = { supported: 'good', contradicted: 'bad', undecided: '' }
  const items = claims.map(
    ({ text, verdict, evidence, registered, registration }) =>
      html`<li><b class="${colours[verdict]}">${verdict}</b>: ${text} <span class="${isRegistered(registered) ? 'quiet' : 'bad'}">(${registration})</span><br><span class="quiet">${evidence}</span></li>`,
  )
  return html`<section id="claims"><h2>Claims</h2><ul class="plain">${items}</ul><p class="quiet">${orderText(claims)}</p></section>`
}

function groupSections(group: Group, prefix: string, several: boolean, links: ComparisonLinks): Html {
  const main = group.metrics[0]
  const view = firstView(group, prefix)
  const [deciding, ...others] = comparisonFigures(group, view).map((parts) =>
    figure({ ...parts, table: table({ caption: parts.title, head: parts.table.head, rows: parts.table.rows }) }),
  )
  const pairs = group.metrics.filter((metric) => metric.pairs.length > 0)
  return html`<section id="${prefix}" class="group">
${several && html`<h2>${group.task} on data <code>${group.dataDigest.slice(0, 12)}</code></h2>`}
${group.mixed.length > 0 && html`<p class="notice">${mixedText(group)}</p>`}
${controls(group, prefix, view.shown)}
${deciding}
<h2 id="${prefix}-table">Variants</h2>${sortable(variantTable(group, links), `${prefix}-variants`, `Variants with test ${hasSeeds(group) ? 'means' : 'values of single trained models'} and uncorrected 95 % intervals`)}
${lettersNote(group)}${noteText(intervalsNote(group))}
${settingsSection(group, prefix)}
${effectsSection(group, prefix)}
${main !== undefined && html`<h2 id="${prefix}-charts">Charts</h2><div class="columns">${others}</div>`}
${sharedSection(group, prefix)}
${attentionFigures(group, prefix)}${confusionFigures(group, prefix)}
${pairs.length > 0 && html`<div id="${prefix}-differences">${pairs.map((metric, at) => pairSection(group, metric, prefix, at === 0))}</div>`}
<h2 id="${prefix}-list">Trials</h2>${sortable(trialTable(group, links), `${prefix}-trials`, group.trials.length === 1 ? 'The only trial' : `All ${counted(group.trials.length, 'trial')}`)}
</section>`
}

function noteText(text: string | undefined): Html {
  return text === undefined ? html`` : html`<p class="quiet small">${text}</p>`
}

function lettersNote({ metrics: [main] }: Group): Html {
  if (main === undefined || Object.keys(main.ranking.letters).length < 2) return html``
  return html`<p class="quiet small">Letters: two variants that share one do not differ significantly in ${main.title}.</p>`
}

const variantsInSettings = 8

/** The settings that differ, where the variants fit next to each other. */
function settingsSection(group: Group, prefix: string): Html {
  if (group.differing.length === 0 || group.variants.length > variantsInSettings) return html``
  return html`<details><summary>${counted(group.differing.length, 'setting')} ${agree(group.differing.length, 'differs', 'differ')}</summary>${sortable(settingsTable(group), `${prefix}-settings`, 'Settings that differ')}</details>`
}

/** Filters the group's tables and charts, and selects the variants that are drawn as curves; handled by the script. */
function controls(group: Group, prefix: string, shown: ReadonlySet<string>): Html {
  if (group.variants.length < 2) return html``
  const boxes = group.variants.map(
    ({ id, label }) =>
      html`<label><input type="checkbox" value="${id}"${shown.has(id) ? html` checked` : ''}> ${label}</label> `,
  )
  return html`<p class="controls" data-filter="${prefix}" hidden><label>Filter tables and charts: <input type="search"></label> <span class="quiet small" role="status"></span></p>
<details class="controls small" data-chooser="${prefix}" hidden><summary>Variants in the charts</summary><fieldset><legend class="visually-hidden">Variants in the charts</legend>${boxes}</fieldset></details>`
}

/** Longer tables scroll, so that the next section stays close. */
const rowsAtOnce = 25

function sortable({ head, rows, variants = [], numbers }: Table, id: string, caption: string): Html {
  return html`<div class="scroll${rows.length > rowsAtOnce ? ' tall' : ''}" tabindex="0" role="group" aria-label="${caption}"><table id="${id}" data-sortable><caption>${caption}</caption>
<thead><tr>${head.map((name, at) => html`<th scope="col" class="${numbers.includes(at) ? 'number' : ''}">${name}</th>`)}</tr></thead>
<tbody>${rows.map((row, place) => html`<tr${about(variants[place])}>${row.map((cell, at) => cellHtml(cell, numbers.includes(at)))}</tr>\n`)}</tbody></table></div>`
}

/** Ids of the variants that a row is about, for the filter. */
function about(variants: readonly string[] | undefined): Html | '' {
  return variants === undefined ? '' : html` data-variant="${variants.join(' ')}"`
}

/** Characters from which a cell's text is wrapped into lines of some length, not of a word each. */
const longText = 30
const someText = 15

function cellHtml({ text, value, folded, links = [] }: Cell, isNumber: boolean): Html {
  if (links.length > 0) {
    const anchors = links.map(({ text: name, href }) => html`<a href="${href}">${name}</a> `)
    const words = text === '' ? anchors : html`${text}<br><span class="small">${anchors}</span>`
    return isNumber ? html`<td class="number" data-value="${value}">${words}</td>` : html`<td>${words}</td>`
  }
  if (folded !== undefined) return html`<td><details><summary>${folded}</summary><code>${text}</code></details></td>`
  if (isNumber) return html`<td class="number" data-value="${value}">${text}</td>`
  if (text.length > longText) return html`<td class="long">${text}</td>`
  return text.length > someText ? html`<td class="some">${text}</td>` : html`<td>${text}</td>`
}

/** All pairs of a metric; collapsed unless it is the main one. */
function pairSection(group: Group, metric: MetricComparison, prefix: string, open: boolean): Html {
  const pairs = pairsShown(metric)
  const omitted = metric.pairs.length - pairs.length
  const single = metric.pairs.length === 1
  const family = single ? '' : `One family of ${counted(metric.pairs.length, 'pair')} under Holm's correction at 5 %. `
  const shown = sortable(
    pairTable(group, { unit: metric.unit, pairs }),
    `${prefix}-pairs-${idPart(metric.name)}`,
    `Differences in ${metric.title}`,
  )
  const body = html`<p class="quiet small">${family}${capitalised(metric.better)} is better.${omitted > 0 && ` ${counted(omitted, 'pair')} without the best variant: see comparison.json.`}</p>
${shown}`
  const title = `${single ? 'The only pair' : 'All pairs'}: ${metric.title}`
  return open ? html`<h2>${title}</h2>${body}` : html`<details><summary>${title}</summary>${body}</details>`
}

/** All pairs where they are few, else those with the best variant. */
function pairsShown({ pairs, best }: MetricComparison): readonly Pair[] {
  if (pairs.length <= pairsInPage) return pairs
  return pairs.filter(({ left, right }) => left === best || right === best).slice(0, pairsInPage)
}

function provenanceSection({ command, machine, versions, studies, groups }: ComparisonReport): Html {
  const facts: [string, Html | string][] = [
    ['command', html`<code>${command}</code>`],
    ...studies.map(({ name, command: of }): [string, Html] => [`study ${name}`, html`<code>${of}</code>`]),
    ['compared on', machine],
    ...groups.map(({ task, dataDigest, examples }): [string, Html] => [
      `data (${task})`,
      html`<code>${dataDigest}</code>, ${counted(examples, 'test example')}`,
    ]),
    [
      'versions',
      Object.entries(versions)
        .map(([name, of]) => `${name} ${listed(of)}`)
        .join(' · '),
    ],
  ]
  return html`<section id="provenance"><h2>Provenance</h2><dl class="keys">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section>`
}

function methodSection({ method }: ComparisonReport): Html {
  return html`<section id="method"><h2>Method</h2><ul>${method.map((line) => html`<li>${line}</li>`)}</ul></section>`
}
