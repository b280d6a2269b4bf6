import { orderText } from '../../analysis/comparison/claims/registration.js'
import { headline } from '../../analysis/comparison/headline.js'
import type { ComparisonReport, Group, MetricComparison } from '../../analysis/comparison/types.js'
import { counted, listed } from '../../format/grammar.js'
import { printable } from '../../format/text.js'
import { bandText, publishedHead, publishedRow } from './published.js'
import { intervalsNote, mixedText, pairTable, type Table, trialTable, variantTable } from './tables.js'

const pairsWritten = 20

/** The comparison as Markdown that reads well in a pull request. */
export function comparisonMarkdown(report: ComparisonReport): string {
  return [
    `# ${escapeMarkdown(report.title)}`,
    ...headline(report).map(escapeMarkdown),
    ...publishedMarkdown(report),
    ...claimsMarkdown(report),
    ...report.groups.flatMap((group) => groupMarkdown(group, report.groups.length > 1)),
    ...skippedMarkdown(report),
    '<details><summary>Method and provenance</summary>',
    report.method.map((line) => `- ${escapeMarkdown(line)}`).join('\n'),
    `Written by ${code(report.command)} on ${escapeMarkdown(report.machine)}; ${escapeMarkdown(
      Object.entries(report.versions)
        .map(([name, of]) => `${name} ${listed(of)}`)
        .join(', '),
    )}.`,
    '</details>',
  ]
    .join('\n\n')
    .concat('\n')
}

function groupMarkdown(group: Group, several: boolean): string[] {
  const title = several ? [`## ${escapeMarkdown(group.task)} on data ${group.dataDigest.slice(0, 12)}`] : []
  return [
    ...title,
    ...(group.mixed.length > 0 ? [escapeMarkdown(mixedText(group))] : []),
    tableMarkdown(variantTable(group)),
    ...[intervalsNote(group)].flatMap((note) => (note === undefined ? [] : [escapeMarkdown(note)])),
    ...stoppedMarkdown(group),
    ...group.metrics.flatMap((metric) => {
      const shown = metric.pairs.slice(0, pairsWritten)
      if (shown.length === 0) return []
      const more =
        metric.pairs.length > shown.length
          ? [`${counted(metric.pairs.length - shown.length, 'more pair')}: see comparison.json.`]
          : []
      return [
        `**${metric.title}**: ${pairsText(metric)}`,
        tableMarkdown(pairTable(group, { unit: metric.unit, pairs: shown })),
        ...more,
      ]
    }),
  ]
}

function pairsText({ pairs }: MetricComparison): string {
  return pairs.length === 1 ? 'the only pair' : "all pairs, one family under Holm's correction"
}

/** Trials that failed, were cancelled or diverged, as they stand in the page's table of trials. */
function stoppedMarkdown(group: Group): string[] {
  const trials = group.trials.filter(({ status, concerns }) => status !== 'completed' || concerns.length > 0)
  if (trials.length === 0) return []
  const { head, rows } = trialTable({ ...group, trials })
  const shown = rows.map((row) => row.slice(0, 3))
  return [
    '**Trials that failed or are in bad health**',
    tableMarkdown({ head: head.slice(0, 3), rows: shown, numbers: [1] }),
  ]
}

function publishedMarkdown({ published }: ComparisonReport): string[] {
  if (published.length === 0) return []
  const rows = published.map((result) => publishedRow(result).map((text) => ({ text, value: text })))
  return ['**Published results**', tableMarkdown({ head: [...publishedHead], rows, numbers: [] }), bandText]
}

function claimsMarkdown({ claims }: ComparisonReport): string[] {
  if (claims.length === 0) return []
  const line = ({ text, verdict, evidence, registration }: (typeof claims)[number]) =>
    `- **${verdict}**: ${escapeMarkdown(text)} (${registration}): ${escapeMarkdown(evidence)}`
  return ['**Claims**', claims.map(line).join('\n'), orderText(claims)]
}

function skippedMarkdown({ skipped }: ComparisonReport): string[] {
  if (skipped.length === 0) return []
  return ['**Skipped**', skipped.map(({ path, reason }) => `- ${code(path)}: ${escapeMarkdown(reason)}`).join('\n')]
}

function tableMarkdown({ head, rows, numbers }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => escapeMarkdown(cell)).join(' | ')} |`
  const rule = `| ${head.map((_, at) => (numbers.includes(at) ? '---:' : '---')).join(' | ')} |`
  return [line(head), rule, ...rows.map((row) => line(row.map(({ text }) => text)))].join('\n')
}

/** Text escaped for Markdown and HTML; control characters become U+FFFD. */
export function escapeMarkdown(text: string): string {
  return printable(text.replace(/\r?\n/g, ' '))
    .replace(/[\\`*_[\]|~]/g, (character) => `\\${character}`)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
}

function code(written: string): string {
  const text = printable(written)
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}
