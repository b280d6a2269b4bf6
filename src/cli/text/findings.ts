import type { Finding } from '../../runner/doctor.js'
import { printable } from './printable.js'
import { colorsFor } from './terminal.js'

/** What the doctor found: a line each, with what to do below it. */
export function findingLines(findings: readonly Finding[], json: boolean): string {
  if (json) return findings.map((finding) => `${JSON.stringify(finding)}\n`).join('')
  const colors = colorsFor(process.stdout)
  const marks = { ok: colors.green('ok     '), missing: colors.red('missing'), absent: colors.dim('absent ') }
  const lines = findings.flatMap(({ name, status, found, fix }) => [
    `${marks[status]}  ${name.padEnd(17)}  ${printable(found)}`,
    ...(fix === undefined ? [] : [`${' '.repeat(28)}${colors.dim(printable(fix))}`]),
  ])
  return `${lines.join('\n')}\n`
}
