import type { Merged } from '../../data/types.js'
import { agree, counted } from './grammar.js'
import { count } from './numbers.js'

type ByName = Readonly<Record<string, Merged>>

const meaning =
  'equal sources are one example with every answer that they have (data.references: separate keeps them apart)'

/** `test 10 examples of 30 read: equal sources are one example ...`, and which of them have several labels. */
export function mergedTexts(merged: ByName): string[] {
  const sizes = Object.entries(merged)
    .map(([name, { read, examples }]) => `${name} ${counted(examples, 'example')} of ${count(read)} read`)
    .join(', ')
  return [`${sizes}: ${meaning}`, ...severalLabelsTexts(merged)]
}

/** `5 of 10 test examples have several labels, any of which counts as right`, of each set with such examples. */
export function severalLabelsTexts(merged: ByName = {}): string[] {
  return Object.entries(merged).flatMap(([name, { examples, severalLabels = 0 }]) => {
    if (severalLabels === 0) return []
    return [
      `${count(severalLabels)} of ${counted(examples, `${name} example`)} ${agree(severalLabels, 'has', 'have')} several labels, any of which counts as right`,
    ]
  })
}
