/** Order by code points (JavaScript compares UTF-16 units, which differs beyond the basic plane). */
export function byCodePoints(a: string, b: string): number {
  for (let at = 0; at < a.length && at < b.length; at++) {
    const [left, right] = [a.codePointAt(at) ?? 0, b.codePointAt(at) ?? 0]
    if (left !== right) return left - right
  }
  return a.length - b.length
}
