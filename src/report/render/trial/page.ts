import type { RunRecord } from '../../../store/index.js'
import { type HealthFinding, healthOf, worstLevel } from '../../analysis/trial/health.js'
import type { TrialReportInput } from '../../analysis/trial/input.js'
import type { Playground } from '../../analysis/trial/playground.js'
import { predictionTable } from '../../analysis/trial/table.js'
import { type Html, html, trusted } from '../page/html.js'
import { page } from '../page/page.js'
import { attentionSection } from './attention.js'
import { classesSections } from './classes.js'
import { curvesSection, lossSection } from './curves.js'
import { dataSection, provenanceSection } from './facts.js'
import { forecastsSection } from './forecasts.js'
import { formingSection } from './forming.js'
import { healthSection } from './health.js'
import { lengthsSection } from './lengths.js'
import { modelSection } from './model.js'
import { playgroundParts } from './playground.js'
import { predictionsSection } from './predictions.js'
import { resultsSection } from './results.js'
import { samplesSection } from './samples.js'
import { textsSections } from './texts.js'

/** Green only where nothing is wrong: a trial may run to its end and have learned nothing. */
function badge(status: RunRecord['status'], level: HealthFinding['level']): { colour: string; text: string } {
  if (status !== 'completed') return { colour: 'bad', text: status }
  if (level === 'bad') return { colour: 'bad', text: 'completed, in bad health' }
  return { colour: level === 'good' ? 'good' : '', text: status }
}

/** Other pages, and the parts of this one. */
function contents({ links = {}, forming }: TrialReportInput): Html {
  const pages = [
    [links.index, 'All runs'],
    [links.comparison, 'Comparison'],
  ].filter(([href]) => href !== undefined)
  const parts = [
    ['#results', 'Results'],
    ['#samples', 'Predictions'],
    ...(forming === undefined ? [] : [['#forming', 'How outputs form']]),
    ['#curves', 'Learning curves'],
    ['#model-of', 'Model'],
    ['#provenance', 'Provenance'],
  ]
  return html`${[...pages, ...parts].map(([href = '', name = '']) => html`<a href="${href}">${name}</a> `)}`
}

export type { TrialReportInput } from '../../analysis/trial/input.js'

/** The scripts of the page, where they are built. */
interface TrialScripts {
  /** Shows all predictions and the values of charts; without it the page is static. */
  readonly trial?: string | undefined
  readonly playground?: string | undefined
}

/** report.html of one trial: self-contained, from plain data, the same bytes for the same data. */
export function trialReportHtml(
  input: TrialReportInput,
  { trial: script, playground: program }: TrialScripts = {},
  playground?: Playground,
): string {
  const { section, scripts } = playgroundParts(input, playground, program)
  const { record } = input
  const { colour, text } = badge(record.status, worstLevel(healthOf(input)))
  return page({
    title: record.label,
    subtitle: html`<span class="badge ${colour}">${text}</span><span class="quiet">${record.study} · ${record.spec.task.type} · seed ${record.seed}</span>`,
    nav: contents(input),
    body: html`${resultsSection(input)}<div class="columns">${lossSection(input)}${attentionSection(input, 'first')}</div>${healthSection(input)}${section}${textsSections(input)}${samplesSection(input)}${script !== undefined && predictionsSection(predictionTable(input))}${forecastsSection(input)}${formingSection(input)}${classesSections(input)}${curvesSection(input)}${lengthsSection(input)}${attentionSection(input, 'others')}${modelSection(input)}${dataSection(input)}${provenanceSection(input)}`,
    scripts: [...(script === undefined ? [] : [html`<script>${trusted(script)}</script>`]), ...scripts],
    footer: html`Written by seqlab ${record.versions.seqlab ?? ''}.`,
  })
}
