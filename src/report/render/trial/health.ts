import { type HealthFinding, healthOf } from '../../analysis/trial/health.js'
import type { TrialReportInput } from '../../analysis/trial/input.js'
import { capitalised } from '../../format/grammar.js'
import { type Html, html } from '../page/html.js'

const marks: Readonly<Record<HealthFinding['level'], Html>> = {
  good: html`<span class="good">good</span>`,
  notice: html`<b>notice</b>`,
  bad: html`<b class="bad">bad</b>`,
}

/** How training went: one line for each finding, the worst first. */
export function healthSection(input: TrialReportInput): Html {
  const findings = healthOf(input)
  if (findings.length === 0) return html``
  const ordered = (['bad', 'notice', 'good'] as const).flatMap((level) => findings.filter((one) => one.level === level))
  return html`<section id="health"><h2>Health of the training</h2><ul class="plain small">${ordered.map(({ level, text }) => html`<li>${marks[level]}: ${capitalised(text)}.</li>`)}</ul></section>`
}
