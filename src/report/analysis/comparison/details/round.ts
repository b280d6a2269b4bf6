/** Six significant digits: charts resolve no more, and a page of a thousand trials stays small. */
export function round(value: number): number {
  return Number(value.toPrecision(6))
}
