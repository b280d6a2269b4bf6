// The table of scores in CONTRIBUTING.md.
import { areas } from './areas.js'
import type { AreaRecord } from './record.js'

const [start, end] = ['<!-- scores: npm run test:mutation -->', '<!-- /scores -->']

/** The text with the table of these records in its place. Errors: a text without the marks around it. */
export function withScores(text: string, records: readonly AreaRecord[]): string {
  const [from, to] = [text.indexOf(start), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`CONTRIBUTING.md lacks ${start} and ${end}`)
  return `${text.slice(0, from + start.length)}\n\n${tableOf(records)}\n\n${text.slice(to)}`
}

function tableOf(records: readonly AreaRecord[]): string {
  const rows = [['Area', 'Changes', 'Noticed', 'Equivalent', 'Left', 'Without a reason'], ...records.map(rowOf)]
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  const [head = [], ...others] = rows
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...others.map(line)].join('\n')
}

function rowOf({ area, mutants, score, survivors, of }: AreaRecord): string[] {
  const folder = areas.find(({ name }) => name === area)?.folder ?? area
  const count = (has: (reason: string | null) => boolean) => `${survivors.filter(({ reason }) => has(reason)).length}`
  return [
    `\`${folder}\``,
    of === undefined ? `${mutants}` : `${mutants} of ${of}`,
    `${(100 * score).toFixed(1)} %`,
    count((reason) => reason?.startsWith('equivalent') ?? false),
    count((reason) => reason !== null && !reason.startsWith('equivalent')),
    count((reason) => reason === null),
  ]
}
