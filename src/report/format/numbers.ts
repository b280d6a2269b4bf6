/** A count with thousands separators: 134,000. */
export function count(number: number): string {
  return grouped(Number(number.toFixed(0)))
}

/** 1234.5 -> 1,234.5. As toLocaleString, which takes 20 ms to load its locales and makes a formatter for each call. */
export function grouped(number: number): string {
  const [whole = '', ...fraction] = String(number).split('.')
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...fraction].join('.')
}
