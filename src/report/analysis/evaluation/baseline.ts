import { isUndefined } from '../../../core/measured.js'
import { metrics } from '../../../metrics/index.js'
import { counted } from '../../format/grammar.js'
import { differenceSuffix, differenceText, rangeText, signedDifference } from '../../format/values.js'
import { metricTitle } from '../metrics.js'
import type { ComparedBaseline } from './details.js'

/** The paired differences to another trained model, a sentence a metric, and what they are about. */
export function baselineSentences({ label, differences }: ComparedBaseline, examples: number): string[] {
  const sentences = Object.entries(differences).map(([name, difference]) => differenceSentence(name, difference, label))
  return [
    ...sentences,
    `These are two trained models on these ${counted(examples, 'example')}, paired example by example: nothing follows about other trainings of them.`,
  ]
}

type Difference = ComparedBaseline['differences'][string]

function differenceSentence(name: string, difference: Difference, label: string): string {
  const title = metricTitle(name)
  const { unit = 'number', better = 'higher' } = metrics.find(name) ?? {}
  if (isUndefined(difference)) return `${title}: no difference to ${label}: ${difference.reason}.`
  const { value, interval } = difference
  if (value === 0 && isUndefined(interval)) return `${title}: equal to that of ${label}.`
  const size = signedDifference(value, unit)
  if (isUndefined(interval)) return `${title}: ${size} against ${label} (no interval: ${interval.reason}).`
  const { low, high } = interval
  const range = `95 % interval ${rangeText(low, high, unit)}${differenceSuffix(unit)}`
  if (low <= 0 && high >= 0) return `${title}: no significant difference to ${label} (${size}; ${range}).`
  const direction = value > 0 ? 'higher' : 'lower'
  const verdict = direction === better ? 'better' : 'worse'
  return `${title}: ${direction} than that of ${label} by ${differenceText(Math.abs(value), unit)}, which is ${verdict} (${range}).`
}
