/**
 * What Python's `str.split()` takes for a space, so that words are those of the field's tools: U+0085 and the separators
 * U+001C to U+001F are among them, the byte order mark is not.
 */
const space = String.raw`[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+`
const spaces = new RegExp(space, 'u')
const everySpace = new RegExp(space, 'gu')
const spacesAtEnd = new RegExp(`${space}$`, 'u')

/** The words of a text: what stands between its spaces. */
export function words(text: string): string[] {
  return text.split(spaces).filter((word) => word !== '')
}

export function withoutSpaces(text: string): string {
  return text.replace(everySpace, '')
}

export function withoutSpacesAtEnd(text: string): string {
  return text.replace(spacesAtEnd, '')
}
