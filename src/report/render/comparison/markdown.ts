import { headline } from '../../analysis/comparison/headline.js'
import type { ComparisonReport, Group } from '../../analysis/comparison/types.js'
import { pairTable, type Table, variantTable } from './tables.js'

const pairsWritten = 20

/** The comparison as Markdown that reads well in a pull request. */
export function comparisonMarkdown(report: ComparisonReport): string {
  return [
    `# ${escapeMarkdown(report.title)}`,
    ...headline(report).map(escapeMarkdown),
    ...claimsMarkdown(report),
    ...report.groups.flatMap((group) => groupMarkdown(group, report.groups.length > 1)),
    ...skippedMarkdown(report),
    '<details><summary>Method and provenance</summary>',
    report.method.map((line) => `- ${escapeMarkdown(line)}`).join('\n'),
    `Made by ${code(report.command)} on ${escapeMarkdown(report.machine)}; ${escapeMarkdown(
      Object.entries(report.versions)
        .map(([name, of]) => `${name} ${of.join(' and ')}`)
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
    tableMarkdown(variantTable(group)),
    ...group.metrics.flatMap((metric) => {
      const shown = metric.pairs.slice(0, pairsWritten)
      if (shown.length === 0) return []
      const more =
        metric.pairs.length > shown.length
          ? [`${metric.pairs.length - shown.length} more pairs stand in comparison.json.`]
          : []
      return [
        `**${metric.title}**: every pair, corrected together`,
        tableMarkdown(pairTable(group, { unit: metric.unit, pairs: shown })),
        ...more,
      ]
    }),
  ]
}

function claimsMarkdown({ claims }: ComparisonReport): string[] {
  if (claims.length === 0) return []
  const line = ({ text, verdict, evidence }: (typeof claims)[number]) =>
    `- **${verdict}**: ${escapeMarkdown(text)}: ${escapeMarkdown(evidence)}`
  return ['**Claims**', claims.map(line).join('\n')]
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

/** Text that Markdown and the HTML within it leave as it is; control characters, which could drive a terminal, become a sign. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_[\]|~]/g, (character) => `\\${character}`)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/\r?\n/g, ' ')
    .replace(/\p{Cc}/gu, '\u{fffd}')
}

function code(written: string): string {
  const text = written.replace(/\p{Cc}/gu, '\u{fffd}')
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}
