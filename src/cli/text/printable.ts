import { printable } from '../../report/format/text.js'

export { printable }

/** Text of several lines for a terminal: all control characters but line ends become U+FFFD. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n')
}
