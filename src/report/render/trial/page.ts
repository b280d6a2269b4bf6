import type { RunRecord } from '../../../store/index.js'
import { type HealthFinding, healthOf, worstLevel } from '../../analysis/trial/health.js'
import type { TrialReportInput } from '../../analysis/trial/input.js'
import type { Playground } from '../../analysis/trial/playground.js'
import { html } from '../page/html.js'
import { page } from '../page/page.js'
import { attentionSection } from './attention.js'
import { curvesSection } from './curves.js'
import { dataSection, provenanceSection } from './facts.js'
import { forecastsSection } from './forecasts.js'
import { healthSection } from './health.js'
import { lengthsSection } from './lengths.js'
import { modelSection } from './model.js'
import { playgroundParts } from './playground.js'
import { resultsSection } from './results.js'
import { samplesSection } from './samples.js'

/** Green only where nothing is wrong: a trial may run to its end and have learned nothing. */
function badge(status: RunRecord['status'], level: HealthFinding['level']): { colour: string; text: string } {
  if (status !== 'completed') return { colour: 'bad', text: status }
  if (level === 'bad') return { colour: 'bad', text: 'completed, in bad health' }
  return { colour: level === 'good' ? 'good' : '', text: status }
}

export type { TrialReportInput } from '../../analysis/trial/input.js'

/** report.html of one trial: self-contained, from plain data, the same bytes for the same data. `script` is that of its playground. */
export function trialReportHtml(input: TrialReportInput, playground?: Playground, script?: string): string {
  const { section, scripts } = playgroundParts(input, playground, script)
  const { record } = input
  const { colour, text } = badge(record.status, worstLevel(healthOf(input)))
  return page({
    title: record.label,
    subtitle: html`<span class="badge ${colour}">${text}</span><span class="quiet">${record.study} · ${record.spec.task.type} · seed ${record.seed}</span>`,
    body: html`${resultsSection(input)}${healthSection(input)}${section}${modelSection(input)}${curvesSection(input)}${samplesSection(input)}${forecastsSection(input)}${lengthsSection(input)}${attentionSection(input)}${dataSection(input)}${provenanceSection(input)}`,
    scripts,
    footer: html`Written by seqlab ${record.versions.seqlab ?? ''}.`,
  })
}
