/** In place of a chart by source length where all examples are in one bin of lengths. */
export function oneLengthText(bin: string): string {
  return `No chart: all examples are in one bin of source lengths (${bin} ${bin === '1' ? 'token' : 'tokens'}).`
}
