// A picture is laid out without a browser: how wide its words come out is estimated, on the wide side.

export const lineHeight = 13

/** Letters of the page's font are up to 7.2 pixels wide at the axes' size, those of Chinese and the like 12. */
function textWidth(text: string): number {
  return [...text].reduce((sum, character) => sum + widthOf(character), 0)
}

function widthOf(character: string): number {
  return (character.codePointAt(0) ?? 0) >= 0x1100 ? 12 : 7.2
}

/** Room for names beside an axis. */
export function labelRoom(names: readonly string[]): number {
  return Math.max(...names.map(textWidth)) + 10
}

const linesAtMost = 3

/** Lines that the longest name takes when it is broken at a width; at most three. */
export function linesAt(names: readonly string[], width: number): number {
  return Math.min(linesAtMost, Math.max(1, ...names.map((name) => Math.ceil(textWidth(name) / (width - 4)))))
}

/** A name that fits so many lines of a width: what is longer loses its end to an ellipsis. */
export function cutAt(name: string, width: number, lines = linesAtMost): string {
  if (textWidth(name) <= width * lines) return name
  let room = width * lines - widthOf('…')
  const kept = [...name].filter((character) => {
    room -= room < 0 ? 0 : widthOf(character)
    return room >= 0
  })
  return `${kept.join('')}…`
}
