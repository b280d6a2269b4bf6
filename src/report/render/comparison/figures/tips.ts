import { isUndefined } from '../../../../core/measured.js'
import { counted } from '../../../format/grammar.js'
import { type Quantity, quantityText } from '../../../format/quantity.js'
import { type AnyInterval, type AnyResult, resultNotes } from '../../../format/values.js'

// What tooltips say of a result.

const kinds: Readonly<Record<string, string>> = {
  t: 't interval',
  bootstrap: 'bootstrap interval',
  'clopper-pearson': 'Clopper-Pearson interval',
}

/** `test PER: 8.8 %`, `95 % t interval: 8.3 to 9.3 %`, and why there is none, or no value; `over` follows the value. */
export function resultLines(result: AnyResult, quantity: Quantity, over?: string): string[] {
  const notes = resultNotes(result)
  if (isUndefined(result)) return notes
  const value = `${quantity.name}: ${quantityText(quantity, result.value)}${over === undefined ? '' : ` (${over})`}`
  return [value, ...(isUndefined(result.interval) ? [] : [intervalLine(result.interval, quantity)]), ...notes]
}

function intervalLine({ low, high, method }: AnyInterval, quantity: Quantity): string {
  if (method === 'clopper-pearson-errors') {
    const share = (end: number) => (100 * end).toFixed(1)
    return `examples with an error: ${share(low)} to ${share(high)} % (95 % Clopper-Pearson interval)`
  }
  return `95 % ${kinds[method] ?? 'interval'}: ${quantity.text(low)} to ${quantityText(quantity, high)}`
}

/** `3 seeds`, `1 example`: what a value is over. */
export function overText(...numbers: readonly (readonly [number, string])[]): string {
  return numbers.map(([number, noun]) => counted(number, noun)).join(', ')
}
