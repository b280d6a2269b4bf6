// How many columns of a terminal a text takes, and how it is made to take fewer.

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character starts every colour code
const colorCodes = /(\u001b\[[0-9;]*m)/g

/** A colour code, or none, on each side of a text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character starts every colour code
const coloured = /^((?:\u001b\[[0-9;]*m)*)([\s\S]*?)((?:\u001b\[[0-9;]*m)*)$/

/** Columns that a text takes on a terminal: two for East Asian wide characters and emoji, none for combining marks and colours. */
export function columnsOf(text: string): number {
  const plain = text.replace(colorCodes, '')
  if (isAscii(plain)) return plain.length
  return graphemes(plain).reduce((sum, grapheme) => sum + columnsOfGrapheme(grapheme), 0)
}

/** At most `width` columns of a text, cut in its middle with `…`; its colour stays, what is one character stays whole. */
export function shortened(text: string, width: number): string {
  if (columnsOf(text) <= width) return text
  const [, before = '', inner = '', after = ''] = coloured.exec(text) ?? []
  const characters = graphemes(inner.replace(colorCodes, ''))
  const room = Math.max(0, width - 1)
  const start = fitting(characters, Math.ceil(room / 2))
  const left = room - columnsOf(start.join(''))
  const end = fitting(characters.slice(start.length).reverse(), left).reverse()
  return `${before}${start.join('')}…${end.join('')}${after}`
}

/** At most `width` columns of a line, cut at its end with `…`; colours of what remains stay. */
export function clipped(line: string, width: number): string {
  if (columnsOf(line) <= width) return line
  const kept: string[] = []
  let room = width - 1
  for (const piece of line.split(colorCodes)) {
    if (piece.startsWith('\u001b[')) kept.push(piece)
    else {
      const fit = fitting(graphemes(piece), room).join('')
      kept.push(fit)
      room = fit === piece ? room - columnsOf(fit) : 0
    }
  }
  return `${kept.join('')}…`
}

/** The first of some characters that together take at most `width` columns. */
function fitting(characters: readonly string[], width: number): string[] {
  let room = width
  const end = characters.findIndex((character) => {
    room -= columnsOfGrapheme(character)
    return room < 0
  })
  return characters.slice(0, end === -1 ? undefined : end)
}

function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text)
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** What a reader calls characters: a letter with its marks, an emoji of several code points. */
function graphemes(text: string): string[] {
  if (isAscii(text)) return [...text]
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

function columnsOfGrapheme(grapheme: string): number {
  if (/^\p{Emoji_Presentation}|\u{fe0f}/u.test(grapheme)) return 2
  return [...grapheme].reduce((sum, symbol) => sum + columnsOfSymbol(symbol), 0)
}

function columnsOfSymbol(symbol: string): number {
  const code = symbol.codePointAt(0) ?? 0
  const isMedialJamo = code >= 0x1160 && code <= 0x11ff
  if (isMedialJamo || /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]$/u.test(symbol)) return 0
  return wide.some(([first, last]) => code >= first && code <= last) ? 2 : 1
}

/** Code points that are wide or full-width after Unicode's EastAsianWidth.txt; gaps within are unassigned or rare. */
const wide: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x1b2ff],
  [0x1f200, 0x1f2ff],
  [0x20000, 0x3fffd],
]
