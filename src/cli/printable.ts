/** Text from specs and data for a terminal: control characters, which could drive it, are shown as a sign. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\u{fffd}')
}
