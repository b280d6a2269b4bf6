import type { TrialReportInput } from '../../analysis/trial/input.js'
import { html } from '../page/html.js'
import { page } from '../page/page.js'
import { attentionSection } from './attention.js'
import { curvesSection } from './curves.js'
import { dataSection, provenanceSection } from './facts.js'
import { forecastsSection } from './forecasts.js'
import { lengthsSection } from './lengths.js'
import { modelSection } from './model.js'
import { resultsSection } from './results.js'
import { samplesSection } from './samples.js'

export type { TrialReportInput } from '../../analysis/trial/input.js'

/** report.html of one trial: self-contained, from plain data, the same bytes for the same data. */
export function trialReportHtml(input: TrialReportInput): string {
  const { record } = input
  const colour = record.status === 'completed' ? 'good' : 'bad'
  return page({
    title: record.label,
    subtitle: html`<span class="badge ${colour}">${record.status}</span><span class="quiet">${record.study} · ${record.spec.task.type} · seed ${record.seed}</span>`,
    body: html`${resultsSection(input)}${modelSection(input)}${curvesSection(input)}${samplesSection(input)}${forecastsSection(input)}${lengthsSection(input)}${attentionSection(input)}${dataSection(input)}${provenanceSection(input)}`,
    footer: html`Written by seqlab ${record.versions.seqlab ?? ''}.`,
  })
}
