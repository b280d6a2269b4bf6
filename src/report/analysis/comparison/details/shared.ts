import { numberOrNaN } from '../../../../core/measured.js'
import { randomStream } from '../../../../core/random.js'
import { variance } from '../../../../stats/difference.js'
import { readTestPredictions } from '../../../../store/index.js'
import type { OutputKind } from '../../../../task/reporting.js'
import { editsOf, errorCount } from '../../edits.js'
import type { MetricView } from '../../metrics.js'
import type { SharedExample } from '../types.js'
import type { VariantTrials } from '../variants.js'

const differing = 3
const sampled = 3
/** Of more variants, the first: each of them has its predictions read. */
const variantsShown = 60

interface SharedSettings {
  readonly seed: number
  readonly output: OutputKind
}

/** The same few test examples under every variant: those in which the variants differ most, and some at random. */
export function sharedExamples(
  variants: readonly VariantTrials[],
  metric: MetricView,
  { seed, output }: SharedSettings,
): SharedExample[] {
  if (variants.length < 2 || output === 'numbers') return []
  const shown = variants.slice(0, variantsShown)
  const places = placesOf(shown, metric, seed)
  const indexes = places.map(({ place }) => place)
  const lines = shown.map(({ id, completed: [first] }) => ({
    variant: id,
    seed: first?.record.seed ?? 0,
    lines: first?.evaluation === undefined ? [] : readTestPredictions(first.directory, first.evaluation, indexes),
  }))
  return places.flatMap(({ place, chosen }, at): SharedExample[] => {
    const line = lines.find((one) => one.lines[at] !== undefined)?.lines[at]
    if (line === undefined) return []
    const outputs = lines.flatMap((one) => {
      const own = one.lines[at]
      if (own === undefined) return []
      const errors = errorCount(editsOf(output, own))
      return [{ variant: one.variant, seed: one.seed, tokens: [...own.hypothesis], errors }]
    })
    const references = line.references.map((reference) => [...reference])
    return [{ index: place, chosen, source: [...line.source], references, outputs }]
  })
}

type Place = { readonly place: number } & Pick<SharedExample, 'chosen'>

/** By the variance over variants of the metric of one example; without ties to the order of variants. */
function placesOf(variants: readonly VariantTrials[], metric: MetricView, seed: number): Place[] {
  const tables = variants.flatMap(({ completed: [first] }) => first?.statistics[metric.name] ?? [])
  const examples = tables[0]?.examples ?? 0
  const spread = Array.from({ length: examples }, (_, place) => {
    const values = tables.map(({ data, width }) =>
      numberOrNaN(metric.value([...data.subarray(place * width, (place + 1) * width)])),
    )
    const known = values.filter(Number.isFinite)
    return { place, spread: known.length < 2 ? 0 : variance(known) }
  })
  const most = spread
    .filter((one) => one.spread > 0)
    .sort((a, b) => b.spread - a.spread || a.place - b.place)
    .slice(0, differing)
    .map(({ place }): Place => ({ place, chosen: 'differs' }))
  const others = Array.from({ length: examples }, (_, place) => place).filter(
    (place) => !most.some((one) => one.place === place),
  )
  const drawn = randomStream(seed, 'sampling', 'shared').shuffle(others).slice(0, sampled)
  return [...most, ...drawn.sort((a, b) => a - b).map((place): Place => ({ place, chosen: 'sampled' }))]
}
