/** Six significant digits: a picture shows no more, and a page of a thousand trials stays small. */
export function round(value: number): number {
  return Number(value.toPrecision(6))
}
