import { figure, table } from '../charts/figure.js'
import { heatmap } from '../charts/heatmap.js'
import { drawSvg } from '../charts/svg.js'
import { embeddedJson, type Html, html, trusted } from '../page/html.js'
import { page } from '../page/page.js'
import { firstShown, pictures } from './pictures.js'
import { headline } from './report.js'
import { pairTable, settingsTable, type Table, trialTable, variantTable } from './tables.js'
import type { ComparisonReport, Group, MetricComparison, Pair } from './types.js'

const pairsInPage = 300

/** comparison.html: self-contained. `script` makes its pictures live and its tables sortable; without it they stand still. */
export function comparisonHtml(report: ComparisonReport, script: string | undefined): string {
  const data = { groups: report.groups.map(slim) }
  return page({
    title: report.title,
    beside: html`<span class="quiet">comparison of ${report.groups.flatMap(({ variants }) => variants).length} variants</span>`,
    body: html`${answerSection(report)}${claimsSection(report)}
${report.groups.map((group, at) => groupSections(group, `g${at + 1}`, report.groups.length > 1))}
${provenanceSection(report)}${methodSection(report)}
${script !== undefined && html`<script type="application/json" id="data">${embeddedJson(data)}</script>`}`,
    footer: html`The same figures: <a href="comparison.json">comparison.json</a>, <a href="comparison.csv">comparison.csv</a>, <a href="comparison.md">comparison.md</a>.${script === undefined && ' The script of this page is not built (npm run build): pictures and tables stand still.'}`,
    scripts: script === undefined ? [] : [trusted(script)],
  })
}

/** What the page's script needs: the pictures' data, without what is in the tables already. */
function slim(group: Group): Group {
  const metrics = group.metrics.slice(0, 1).map((metric) => ({ ...metric, pairs: [] }))
  return { ...group, metrics, trials: [], attention: [], confusion: [] }
}

function answerSection(report: ComparisonReport): Html {
  const sentences = headline(report)
  return html`<section id="answer">${sentences.length === 0 ? html`<p class="notice">No trial has finished: there is nothing to compare yet.</p>` : sentences.map((sentence) => html`<p class="lead">${sentence}</p>`)}
${report.skipped.length > 0 && html`<details class="notice" open><summary>${report.skipped.length} skipped</summary><ul>${report.skipped.map(({ path, reason }) => html`<li><code>${path}</code>: ${reason}</li>`)}</ul></details>`}
</section>`
}

function claimsSection({ claims }: ComparisonReport): Html {
  if (claims.length === 0) return html``
  const rows = claims.map(({ text, verdict, evidence }) => [
    html`<b class="${verdict === 'supported' ? 'good' : verdict === 'contradicted' ? 'bad' : ''}">${verdict}</b>`,
    text,
    evidence,
  ])
  return html`<section id="claims"><h2>Claims</h2>${table({ caption: 'What the study claimed, and what its figures say', head: ['verdict', 'claim', 'evidence'], rows })}</section>`
}

function groupSections(group: Group, prefix: string, several: boolean): Html {
  const main = group.metrics[0]
  const view = { prefix, shown: firstShown(group) }
  const drawn = pictures(group, view).map((picture) =>
    figure({
      id: picture.id,
      title: picture.title,
      ...(picture.note === undefined ? {} : { note: picture.note }),
      alternative: picture.alternative,
      heights: picture.heights,
      option: picture.option,
      table: table({ caption: picture.title, head: picture.table.head, rows: picture.table.rows }),
    }),
  )
  return html`<section id="${prefix}" class="group">
${several && html`<h2>${group.task} on data <code>${group.dataDigest.slice(0, 12)}</code></h2>`}
${group.mixed.length > 0 && html`<p class="notice">Within a variant other settings differ too (${group.mixed.join(', ')}): the spread is over runs, not over seeds alone.</p>`}
<h2>Variants</h2>${sortable(variantTable(group), `${prefix}-variants`, 'Variants with test means and uncorrected 95 % intervals', group.variants.length > 8)}
${settingsSection(group, prefix)}
${main !== undefined && html`<h2>Pictures</h2>${chooser(group, prefix, view.shown)}<div class="columns pictures">${drawn}</div>`}
${attentionFigures(group, prefix)}${confusionFigures(group, prefix)}
${group.metrics.filter(({ pairs }) => pairs.length > 0).map((metric) => pairSection(group, metric, prefix))}
<h2>Trials</h2>${sortable(trialTable(group), `${prefix}-trials`, `All ${group.trials.length} trials`, true)}
</section>`
}

const variantsBeside = 8

/** What differs, setting by setting, where the variants fit beside each other. */
function settingsSection(group: Group, prefix: string): Html {
  if (group.differing.length === 0 || group.variants.length > variantsBeside) return html``
  return html`<details><summary>${group.differing.length} settings differ</summary>${sortable(settingsTable(group), `${prefix}-settings`, 'Settings that differ', false)}</details>`
}

/** Which variants are drawn: the script listens. */
function chooser(group: Group, prefix: string, shown: ReadonlySet<string>): Html {
  if (group.variants.length < 2) return html``
  return html`<details class="controls small" data-chooser="${prefix}" hidden><summary>Variants drawn</summary><fieldset><legend class="visually-hidden">Variants drawn</legend>${group.variants.map(
    ({ id, label }) =>
      html`<label><input type="checkbox" value="${id}"${shown.has(id) ? html` checked` : ''}> ${label}</label> `,
  )}</fieldset></details>`
}

function sortable({ head, rows, numbers }: Table, id: string, caption: string, filter: boolean): Html {
  return html`${filter && html`<p class="controls" data-filter-for="${id}" hidden><label>Filter: <input type="search"></label> <span class="quiet small" role="status"></span></p>`}
<div class="scroll" tabindex="0" role="group" aria-label="${caption}"><table id="${id}" data-sortable><caption>${caption}</caption>
<thead><tr>${head.map((name, at) => html`<th scope="col" class="${numbers.includes(at) ? 'number' : ''}">${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map(({ text, value }, at) => html`<td${numbers.includes(at) ? html` class="number" data-value="${value}"` : ''}>${text}</td>`)}</tr>\n`)}</tbody></table></div>`
}

function pairSection(group: Group, metric: MetricComparison, prefix: string): Html {
  const pairs = mostTelling(metric)
  const left = metric.pairs.length - pairs.length
  return html`<h2>Every pair: ${metric.title}</h2><p class="quiet small">One family of ${metric.pairs.length} pairs under Holm's correction at 5 %. ${metric.better} is better.${left > 0 && ` ${left} pairs that leave the best variant out stand in comparison.json.`}</p>
${sortable(pairTable(group, { unit: metric.unit, pairs }), `${prefix}-pairs-${metric.name}`, `Differences in ${metric.title}`, pairs.length > 12)}`
}

/** All pairs where they are few, else those with the best variant first. */
function mostTelling({ pairs, best }: MetricComparison): readonly Pair[] {
  if (pairs.length <= pairsInPage) return pairs
  return pairs.filter(({ left, right }) => left === best || right === best).slice(0, pairsInPage)
}

function attentionFigures(group: Group, prefix: string): Html {
  if (group.attention.length === 0) return html``
  const label = (id: string) => group.variants.find((variant) => variant.id === id)?.label ?? id
  const maps = group.attention.map(
    ({ source, maps: of }, example) =>
      html`<h3 class="mono">${source.join(' ')}</h3><div class="maps">${of.map(({ variant, rows, weights }, at) => {
        const size = { width: 70 + source.length * 24, height: 34 + rows.length * 20 }
        const drawing = drawSvg(
          heatmap({ columns: source, rows, values: weights, range: [0, 1] }),
          size,
          `${prefix}-attention-${example}-${at}`,
        )
        return html`<figure><figcaption>${label(variant)}</figcaption><div role="img" aria-label="${`Attention of ${label(variant)}: ${rows.join(' ')} over ${source.join(' ')}`}">${drawing}</div></figure>`
      })}</div>`,
  )
  return html`<h2>Where does each variant look?</h2><p class="quiet small">The same test examples under every variant with attention (its first seed): a row an output step, a column a source symbol.</p>${maps}`
}

function confusionFigures(group: Group, prefix: string): Html {
  if (group.confusion.length === 0) return html``
  const label = (id: string) => group.variants.find((variant) => variant.id === id)?.label ?? id
  const shown = (token: string) => (token === '' ? '(nothing)' : token)
  return html`<h2>Which errors does each variant make?</h2><div class="columns">${group.confusion.map(
    ({ variant, seed, pairs }, at) => {
      const rows = [...new Set(pairs.map(({ expected }) => expected))]
      const columns = [...new Set(pairs.map(({ given }) => given))]
      const values = rows.map((row) =>
        columns.map(
          (column) => pairs.find(({ expected, given }) => expected === row && given === column)?.count ?? null,
        ),
      )
      const most = Math.max(...pairs.map(({ count }) => count))
      const size = { width: Math.max(200, 90 + columns.length * 34), height: 50 + rows.length * 24 }
      const drawing = drawSvg(
        heatmap({
          columns: columns.map(shown),
          rows: rows.map(shown),
          values,
          range: [0, most],
          labelWidth: 80,
          format: String,
          columnName: 'given',
        }),
        size,
        `${prefix}-confusion-${at}`,
      )
      return html`<figure><figcaption>${label(variant)}<span class="quiet small">The ${pairs.length} most frequent errors of seed ${seed}: rows expected, columns given.</span></figcaption><div class="scroll" tabindex="0" role="img" aria-label="${pairs.map(({ expected, given, count }) => `${shown(given)} for ${shown(expected)}: ${count}`).join('; ')}">${drawing}</div></figure>`
    },
  )}</div>`
}

function provenanceSection({ command, machine, versions, studies, groups }: ComparisonReport): Html {
  const facts: [string, Html | string][] = [
    ['command', html`<code>${command}</code>`],
    ...studies.map(({ name, command: made }): [string, Html] => [`study ${name}`, html`<code>${made}</code>`]),
    ['compared on', machine],
    ...groups.map(({ task, dataDigest, examples }): [string, Html] => [
      `data (${task})`,
      html`<code>${dataDigest}</code>, ${examples} test examples`,
    ]),
    [
      'versions',
      Object.entries(versions)
        .map(([name, of]) => `${name} ${of.join(' and ')}`)
        .join(' · '),
    ],
  ]
  return html`<section><h2>Provenance</h2><dl class="keys">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section>`
}

function methodSection({ method }: ComparisonReport): Html {
  return html`<section id="method"><h2>Method</h2><ul>${method.map((line) => html`<li>${line}</li>`)}</ul></section>`
}
