/** What of a cell has been read: nothing, some of a plain one, some of one in quotes, or all of one in quotes. */
type Reading = 'nothing' | 'plain' | 'quoted' | 'closed'

/**
 * Whether a cell's double quote is open at the end of a line of a CSV file, so that its record goes on in the next line.
 * `wasOpen`: whether one was at the line's beginning. A quote opens a cell at its beginning alone, after white space perhaps;
 * "" within quotes is a quote. Of quotes that do not match, which `csvRows` refuses, none is open.
 */
export function isQuoteOpen(line: string, separator: string, wasOpen: boolean): boolean {
  let reading: Reading = wasOpen ? 'quoted' : 'nothing'
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? ''
    if (reading === 'quoted') {
      const closes = character === '"' && line[at + 1] !== '"'
      if (character === '"' && !closes) at++
      if (closes) reading = 'closed'
      if (closes && !mayFollow(line[at + 1], separator)) return false
    } else if (character === separator) reading = 'nothing'
    else if (isSpace(character)) continue
    else if (reading === 'closed') return false
    else if (reading === 'nothing') reading = character === '"' ? 'quoted' : 'plain'
  }
  return reading === 'quoted'
}

function mayFollow(next: string | undefined, separator: string): boolean {
  return next === undefined || next === separator || isSpace(next)
}

/** What stands around a cell without being part of it. */
function isSpace(character: string): boolean {
  return /\s/.test(character)
}
