import { answerText, unfinishedText } from '../../analysis/comparison/headline.js'
import type { ComparisonReport, Group, MetricComparison, Pair } from '../../analysis/comparison/types.js'
import { agree, capitalised, counted, listed } from '../../format/grammar.js'
import { figure, table } from '../page/figure.js'
import { embeddedJson, type Html, html, trusted } from '../page/html.js'
import { page } from '../page/page.js'
import { attentionFigures, confusionFigures } from './figures/examples.js'
import { comparisonFigures, firstShown } from './figures/figures.js'
import { hasSeeds } from './figures/variants.js'
import { type Cell, mixedText, pairTable, settingsTable, type Table, trialTable, variantTable } from './tables.js'

const pairsInPage = 300

/** comparison.html: self-contained. `script` makes its charts interactive and its tables sortable; without it both are static. `files` are beside it. */
export function comparisonHtml(
  report: ComparisonReport,
  script: string | undefined,
  files: readonly string[] = [],
): string {
  const data = { groups: report.groups.map(chartData) }
  return page({
    title: report.title,
    subtitle: html`<span class="quiet">comparison of ${counted(report.groups.flatMap(({ variants }) => variants).length, 'variant')}</span>`,
    body: html`${answerSection(report)}${claimsSection(report)}
${report.groups.map((group, at) => groupSections(group, `g${at + 1}`, report.groups.length > 1))}
${provenanceSection(report)}${methodSection(report)}
${script !== undefined && html`<script type="application/json" id="data">${embeddedJson(data)}</script>`}`,
    footer: html`${filesText(files)}${script === undefined && ' The script of this page is not built (npm run build): charts and tables are static.'}`,
    scripts: script === undefined ? [] : [html`<script>${trusted(script)}</script>`],
  })
}

/** Only files that are beside the page: a link to one that was not written leads nowhere. */
function filesText(files: readonly string[]): Html {
  if (files.length === 0) return html``
  return html`Data: ${files.map((file, at) => html`${at > 0 && ', '}<a href="${encodeURIComponent(file)}">${file}</a>`)}.`
}

/** What the page's script needs: the charts' data, without what is in the tables already. */
function chartData(group: Group): Group {
  const metrics = group.metrics.slice(0, 1).map((metric) => ({ ...metric, pairs: [] }))
  return { ...group, metrics, trials: [], attention: [], confusion: [] }
}

function answerSection(report: ComparisonReport): Html {
  const sentences = answerText(report)
  return html`${unfinishedBanner(report)}<section id="answer">${sentences.map((sentence) => html`<p class="lead">${sentence}</p>`)}
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
    ({ text, verdict, evidence }) =>
      html`<li><b class="${colours[verdict]}">${verdict}</b>: ${text}<br><span class="quiet">${evidence}</span></li>`,
  )
  return html`<section id="claims"><h2>Claims</h2><ul class="plain">${items}</ul></section>`
}

function groupSections(group: Group, prefix: string, several: boolean): Html {
  const main = group.metrics[0]
  const view = { prefix, shown: firstShown(group) }
  const figures = comparisonFigures(group, view).map((parts) =>
    figure({ ...parts, table: table({ caption: parts.title, head: parts.table.head, rows: parts.table.rows }) }),
  )
  return html`<section id="${prefix}" class="group">
${several && html`<h2>${group.task} on data <code>${group.dataDigest.slice(0, 12)}</code></h2>`}
${group.mixed.length > 0 && html`<p class="notice">${mixedText(group)}</p>`}
<h2>Variants</h2>${sortable(variantTable(group), `${prefix}-variants`, `Variants with test ${hasSeeds(group) ? 'means' : 'values of single trained models'} and uncorrected 95 % intervals`, group.variants.length > 8)}
${settingsSection(group, prefix)}
${main !== undefined && html`<h2>Charts</h2>${chooser(group, prefix, view.shown)}<div class="columns">${figures}</div>`}
${attentionFigures(group, prefix)}${confusionFigures(group, prefix)}
${group.metrics.filter(({ pairs }) => pairs.length > 0).map((metric, at) => pairSection(group, metric, prefix, at === 0))}
<h2>Trials</h2>${sortable(trialTable(group), `${prefix}-trials`, group.trials.length === 1 ? 'The only trial' : `All ${counted(group.trials.length, 'trial')}`, true)}
</section>`
}

const variantsInSettings = 8

/** The settings that differ, where the variants fit next to each other. */
function settingsSection(group: Group, prefix: string): Html {
  if (group.differing.length === 0 || group.variants.length > variantsInSettings) return html``
  return html`<details><summary>${counted(group.differing.length, 'setting')} ${agree(group.differing.length, 'differs', 'differ')}</summary>${sortable(settingsTable(group), `${prefix}-settings`, 'Settings that differ', false)}</details>`
}

/** Selects the variants in the charts; handled by the script. */
function chooser(group: Group, prefix: string, shown: ReadonlySet<string>): Html {
  if (group.variants.length < 2) return html``
  return html`<details class="controls small" data-chooser="${prefix}" hidden><summary>Variants in the charts</summary><fieldset><legend class="visually-hidden">Variants in the charts</legend>${group.variants.map(
    ({ id, label }) =>
      html`<label><input type="checkbox" value="${id}"${shown.has(id) ? html` checked` : ''}> ${label}</label> `,
  )}</fieldset></details>`
}

/** Longer tables scroll, so that the next section stays close. */
const rowsAtOnce = 25

function sortable({ head, rows, numbers }: Table, id: string, caption: string, filter: boolean): Html {
  return html`${filter && html`<p class="controls" data-filter-for="${id}" hidden><label>Filter: <input type="search"></label> <span class="quiet small" role="status"></span></p>`}
<div class="scroll${rows.length > rowsAtOnce ? ' tall' : ''}" tabindex="0" role="group" aria-label="${caption}"><table id="${id}" data-sortable><caption>${caption}</caption>
<thead><tr>${head.map((name, at) => html`<th scope="col" class="${numbers.includes(at) ? 'number' : ''}">${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell, at) => cellHtml(cell, numbers.includes(at)))}</tr>\n`)}</tbody></table></div>`
}

/** Characters from which a cell's text is wrapped into lines of some length, not of a word each. */
const longText = 30

function cellHtml({ text, value, folded }: Cell, isNumber: boolean): Html {
  if (folded !== undefined) return html`<td><details><summary>${folded}</summary><code>${text}</code></details></td>`
  if (isNumber) return html`<td class="number" data-value="${value}">${text}</td>`
  return text.length > longText ? html`<td class="long">${text}</td>` : html`<td>${text}</td>`
}

/** All pairs of a metric; collapsed unless it is the main one. */
function pairSection(group: Group, metric: MetricComparison, prefix: string, open: boolean): Html {
  const pairs = pairsShown(metric)
  const omitted = metric.pairs.length - pairs.length
  const single = metric.pairs.length === 1
  const family = single ? '' : `One family of ${counted(metric.pairs.length, 'pair')} under Holm's correction at 5 %. `
  const shown = sortable(
    pairTable(group, { unit: metric.unit, pairs }),
    `${prefix}-pairs-${metric.name}`,
    `Differences in ${metric.title}`,
    pairs.length > 12,
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
  return html`<section><h2>Provenance</h2><dl class="keys">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section>`
}

function methodSection({ method }: ComparisonReport): Html {
  return html`<section id="method"><h2>Method</h2><ul>${method.map((line) => html`<li>${line}</li>`)}</ul></section>`
}
