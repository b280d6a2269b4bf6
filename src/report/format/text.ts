/** Text from specs and data for a terminal or a file that a terminal shows: control characters become U+FFFD. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\u{fffd}')
}
