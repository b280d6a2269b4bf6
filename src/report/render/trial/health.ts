import { type HealthFinding, healthOf } from '../../analysis/trial/health.js'
import type { TrialReportInput } from '../../analysis/trial/input.js'
import { type Html, html } from '../page/html.js'

const marks: Readonly<Record<HealthFinding['level'], Html>> = {
  good: html`<span class="good">good</span>`,
  notice: html`<b>notice</b>`,
  bad: html`<b class="bad">bad</b>`,
}

/** How training went: a line for what is wrong, one for all that is right. */
export function healthSection(input: TrialReportInput): Html {
  const findings = healthOf(input)
  if (findings.length === 0) return html``
  const lines = (['bad', 'notice', 'good'] as const).flatMap((level) => {
    const texts = findings.filter((finding) => finding.level === level).map(({ text }) => text)
    return texts.length === 0 ? [] : [html`<li>${marks[level]}: ${texts.join('; ')}.</li>`]
  })
  return html`<section id="health"><h2>Health of the training</h2><ul class="plain small">${lines}</ul></section>`
}
