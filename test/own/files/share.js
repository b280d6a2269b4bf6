/** Nothing of nothing is no number. */
export function share(part, whole) {
  return whole === 0 ? undefined : part / whole
}
