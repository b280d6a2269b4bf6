import picocolors from 'picocolors'

export type Colors = ReturnType<typeof picocolors.createColors>

/** The part of a stream that commands use: process.stderr, process.stdout, or a test's own. */
export interface Output {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  write(text: string): unknown
}

/** Colour only on a terminal, never with NO_COLOR. */
export function colorsFor(output: Output, env: NodeJS.ProcessEnv = process.env): Colors {
  const wanted = output.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'
  return picocolors.createColors(wanted)
}

/** Rows as aligned columns: the first to the left, the others to the right (numbers) or left (text). */
export function table(rows: readonly (readonly string[])[], others: 'left' | 'right' = 'right'): string {
  const widths = rows.reduce<number[]>((most, row) => {
    row.forEach((cell, index) => {
      most[index] = Math.max(most[index] ?? 0, columnsOf(cell))
    })
    return most
  }, [])
  const line = (row: readonly string[]) =>
    row.map((cell, index) => pad(cell, widths[index] ?? 0, index > 0 && others === 'right')).join('  ')
  return rows.map((row) => line(row).trimEnd()).join('\n')
}

function pad(cell: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - columnsOf(cell)))
  return right ? space + cell : cell + space
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character starts every colour code
const colorCodes = /\u001b\[[0-9;]*m/g

/** Columns that a text takes on a terminal; East Asian wide characters take two. */
export function columnsOf(text: string): number {
  let width = 0
  for (const symbol of text.replace(colorCodes, '')) width += isWide(symbol.codePointAt(0) ?? 0) ? 2 : 1
  return width
}

function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  )
}
