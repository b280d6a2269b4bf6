// Charts are laid out without a browser: text widths are estimated, rather too wide than too narrow.

export const lineHeight = 13

/** Characters of the page's font are up to 7.2 pixels wide at the axes' size, East Asian ones 12. */
export function textWidth(text: string): number {
  return [...text].reduce((sum, character) => sum + widthOf(character), 0)
}

function widthOf(character: string): number {
  return (character.codePointAt(0) ?? 0) >= 0x1100 ? 12 : 7.2
}

/** Pixels that the widest of the names needs next to an axis. */
export function labelWidth(names: readonly string[]): number {
  return Math.max(...names.map(textWidth)) + 10
}

const linesAtMost = 3

/** Lines of the name that has the most of them when it is wrapped at a width; at most `most`. */
export function lineCount(names: readonly string[], width: number, most = linesAtMost): number {
  return Math.min(most, Math.max(1, ...names.map((name) => linesOf(name, width).length)))
}

/** A name in up to `lines` lines of a width, which line breaks separate; truncated with an ellipsis where it needs more. */
export function wrapped(name: string, width: number, lines = linesAtMost): string {
  const all = linesOf(name, width)
  const last = all.slice(lines - 1).join('')
  return [...all.slice(0, lines - 1), ...(last === '' ? [] : [truncate(last, width)])]
    .map((line) => line.trim())
    .join('\n')
}

/** A name truncated with an ellipsis where it is wider than a width. */
export function truncate(name: string, width: number): string {
  if (textWidth(name) <= width) return name
  let room = width - widthOf('…')
  const kept = [...name].filter((character) => {
    room -= room < 0 ? 0 : widthOf(character)
    return room >= 0
  })
  return `${kept.join('')}…`
}

/** Lines break where words and options end; inside of these only where one alone is wider than a line. */
function linesOf(name: string, width: number): string[] {
  const lines: string[] = []
  for (const piece of piecesOf(name, width)) {
    const line = lines.at(-1)
    if (line !== undefined && fits(line + piece, width)) lines[lines.length - 1] = line + piece
    else lines.push(piece)
  }
  return lines
}

/** Where a name may be broken, the best places first: `untied(`, `length=16, `; then `length=`; then anywhere. */
const breaks = [/[^\s,(]*[\s,(]+|[^\s,(]+/g, /[^-=/_.:]*[-=/_.:]+|[^-=/_.:]+/g, /./gsu]

function piecesOf(name: string, width: number, level = 0): string[] {
  const places = breaks[level]
  if (places === undefined) return [name]
  return (name.match(places) ?? []).flatMap((piece) =>
    fits(piece, width) ? [piece] : piecesOf(piece, width, level + 1),
  )
}

function fits(text: string, width: number): boolean {
  return textWidth(text.trimEnd()) <= width
}
