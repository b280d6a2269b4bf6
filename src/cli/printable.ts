/** Text from specs and data for a terminal: control characters, which could drive it, are shown as a sign. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\u{fffd}')
}

/** The same of a message, which may have several lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n')
}
