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

/** Lines of the longest name when it is wrapped at a width; at most `most`. */
export function lineCount(names: readonly string[], width: number, most = linesAtMost): number {
  return Math.min(most, Math.max(1, ...names.map((name) => Math.ceil(textWidth(name) / (width - 4)))))
}

/** A name truncated with an ellipsis where it does not fit into up to `lines` lines of a width. */
export function truncate(name: string, width: number, lines = linesAtMost): string {
  if (textWidth(name) <= width * lines) return name
  let room = width * lines - widthOf('…')
  const kept = [...name].filter((character) => {
    room -= room < 0 ? 0 : widthOf(character)
    return room >= 0
  })
  return `${kept.join('')}…`
}
