import { SeqlabError } from '../../src/core/errors.js'
import { isNumber, isUndefined } from '../../src/core/measured.js'
import { countQuantity, metricQuantity, plainQuantity } from '../../src/report/format/quantity.js'
import { drawnResult, resultText } from '../../src/report/format/values.js'
import { bandChart } from '../../src/report/render/charts/bands.js'
import { labelWidth, lineCount } from '../../src/report/render/charts/base/text-width.js'
import type { ChartOption, Size } from '../../src/report/render/charts/base/types.js'
import type { CellsParts } from '../../src/report/render/charts/cells.js'
import { dotPlot, nameLines, rowGap } from '../../src/report/render/charts/dots.js'
import { intervalChart } from '../../src/report/render/charts/intervals.js'
import type { LegendEntry } from '../../src/report/render/page/legend.js'
import { shortLabel } from './names.js'
import { groupOf, metricOf, pairOf, seedCount, shareText, variantOf } from './placeholders.js'
import type { RecordedGroup, StudyRecord } from './record.js'
import type { Placeholder } from './texts.js'
import { type Language, measureName, words } from './words.js'

/** A picture of a study: a chart at any width, or heatmaps. */
export type Picture = { readonly alternative: string } & (
  | {
      readonly heights: { readonly wide: number; readonly narrow: number }
      readonly option: (size: Size) => ChartOption
      readonly legend: readonly LegendEntry[]
    }
  | { readonly cells: readonly (Omit<CellsParts, 'id'> & { readonly name: string })[] }
)

interface Asked extends Placeholder {
  readonly record: StudyRecord
  readonly language: Language
}

/** Throws SeqlabError 'spec' where the record has not what the picture is of. */
export function pictureOf(record: StudyRecord, placeholder: Placeholder, language: Language): Picture {
  const draw = kinds[placeholder.name]
  if (draw === undefined) throw new SeqlabError('spec', `there is no picture \`${placeholder.name}\``)
  return draw({ record, language, ...placeholder })
}

const kinds: Readonly<Record<string, (asked: Asked) => Picture>> = { curve, values, lengths, attention, spread, wrong }

/** `{curve validation-loss}`, `{curve per: gru | lstm}`: of the variants that are named, else of all. */
function curve({ record, language, argument, rest }: Asked): Picture {
  const [named = '', groupNamed = ''] = argument.split('@')
  const group = groupOf(record, groupNamed)
  const chosen = chosenVariants(group, rest)
  const found = chosen.flatMap((variant, colourIndex) => {
    const points = group.curves.find(({ name, variant: id }) => name === named && id === variant.id)?.points ?? []
    return points.length === 0 ? [] : [{ name: shortLabel(group, variant.label), colourIndex, points }]
  })
  if (found.length === 0) throw new SeqlabError('spec', `no variant has a curve \`${named}\``)
  const ys = found.flatMap(({ points }) => points.flatMap(([, ...each]) => each))
  const metric = group.metrics.find(({ name }) => name === named)
  const title = measureName(named, metric?.title ?? named, language)
  const y = metric ? metricQuantity(title, metric.unit, ys) : plainQuantity(title, 'number', ys)
  const x = countQuantity(words[language].step)
  return {
    alternative: found.map(({ name, points }) => `${name}: ${y.text(points.at(-1)?.[1] ?? 0)}${y.unit}`).join('; '),
    heights: { wide: 300, narrow: 280 },
    option: ({ width }) => bandChart({ width, x, y, series: found }),
    legend: found.map(({ name, colourIndex }) => ({ name, colourIndex, kind: 'line' })),
  }
}

/** `{values accuracy}`: a test metric of every variant, with intervals and seeds. */
function values({ record, language, argument, rest }: Asked): Picture {
  const [name = '', groupNamed = ''] = argument.split('@')
  const group = groupOf(record, groupNamed)
  const metric = metricOf(group, name)
  const rows = chosenVariants(group, rest).flatMap(({ id, label }) => {
    const found = metric.values.find(({ variant }) => variant === id)
    if (found === undefined || isUndefined(found.mean)) return []
    const text = resultText(found.mean, metric.unit)
    return [
      { name: shortLabel(group, label), ...drawnResult(found.mean), perSeed: found.perSeed.filter(isNumber), text },
    ]
  })
  const ends = rows.flatMap(({ value, low, high, perSeed }) => [value, low, high, ...perSeed])
  const quantity = metricQuantity(words[language].test(measureName(name, metric.title, language)), metric.unit, ends)
  const names = rows.map((row) => row.name)
  const roomFor = (width: number) => Math.round(Math.min(labelWidth(names) + 10, width * 0.4))
  const heightAt = (width: number) =>
    60 + rows.length * (rowGap(rows.length) + 14 * lineCount(names, roomFor(width) - 12, nameLines))
  return {
    alternative: rows.map((row) => `${row.name}: ${row.text}`).join('; '),
    heights: { wide: heightAt(540), narrow: heightAt(340) },
    option: ({ width }) => dotPlot(rows, quantity, { width, labelWidth: roomFor(width) }),
    legend: [],
  }
}

/** `{lengths per: gru | lstm}`, `{lengths ser@copy}`: a test metric by source length. */
function lengths({ record, language, argument, rest }: Asked): Picture {
  const [name = '', groupNamed = ''] = argument.split('@')
  const group = groupOf(record, groupNamed)
  const metric = metricOf(group, name)
  const found = group.lengths.find((each) => each.metric === name)
  if (found === undefined) throw new SeqlabError('spec', `\`${name}\` is not known by source length`)
  const series = chosenVariants(group, rest).flatMap(({ id, label }, colourIndex) => {
    const own = found.variants.find(({ variant }) => variant === id)
    const points = own?.values.map((value) => (isUndefined(value) ? undefined : drawnResult(value)))
    return points === undefined ? [] : [{ name: shortLabel(group, label), colourIndex, values: points }]
  })
  const ends = series.flatMap((one) => one.values.flatMap((value) => (value ? Object.values(value) : [])))
  const y = metricQuantity(measureName(name, metric.title, language), metric.unit, ends)
  const said = (one: (typeof series)[number]) =>
    one.values.map((value, at) => `${found.bins[at]}: ${value === undefined ? '' : y.text(value.value)}`).join(', ')
  return {
    alternative: series.map((one) => `${one.name}: ${said(one)}`).join('; '),
    heights: { wide: 320, narrow: 300 },
    option: () => intervalChart({ x: words[language].sourceLength, y, categories: found.bins, series }),
    legend: series.map(({ name: label, colourIndex }) => ({ name: label, colourIndex, kind: 'dot' })),
  }
}

/** `{attention}`, `{attention: additive | dot}`: where the first example's outputs look. */
function attention({ record, argument, rest }: Asked): Picture {
  const group = groupOf(record, argument)
  const [example] = group.attention
  if (example === undefined) throw new SeqlabError('spec', 'no variant has attention')
  const cells = chosenVariants(group, rest).flatMap(({ id, label }) => {
    const map = example.maps.find(({ variant }) => variant === id)
    if (map === undefined) return []
    const { rows, weights } = map
    return [{ name: shortLabel(group, label), columns: example.source, rows, values: weights, range: [0, 1] as const }]
  })
  return { alternative: cells.map(({ name, rows }) => `${name}: ${rows.join(' ')}`).join('; '), cells }
}

/** `{spread}`: by how much the better model is so in comparisons of few seeds. */
function spread({ record, language }: Asked): Picture {
  const pair = pairOf(record)
  const value = seedCount(pair, pair.seeds.length).least
  const counts = [1, 3, 5].map((k) => seedCount(pair, k))
  const { categories, difference } = words[language].wrong
  const series = [{ name: difference, values: counts.map(({ least, most }) => ({ value, low: least, high: most })) }]
  const y = metricQuantity(difference, pair.unit, [0, ...counts.flatMap(({ least, most }) => [least, most])])
  return {
    alternative: counts.map(({ k, least, most }) => `${categories(k)}: ${y.text(least)}, ${y.text(most)}`).join('; '),
    heights: { wide: 260, narrow: 260 },
    option: () =>
      intervalChart({ x: words[language].head.seeds, y, categories: counts.map(({ k }) => categories(k)), series }),
    legend: [],
  }
}

/** `{wrong}`: how often few seeds name the wrong model, before and after the test. */
function wrong({ record, language }: Asked): Picture {
  const counts = [1, 3, 5].map((k) => seedCount(pairOf(record), k))
  const { categories, axis, named, supported } = words[language].wrong
  const bar = (part: number | null, all: number) =>
    part === null ? undefined : { value: part / all, low: part / all, high: part / all }
  const series = [
    { name: named, colourIndex: 1, values: counts.map((each) => bar(each.wrong, each.subsets)) },
    { name: supported, colourIndex: 0, values: counts.map((each) => bar(each.wrongSupported, each.subsets)) },
  ]
  const y = metricQuantity(axis, 'percent', [
    0,
    ...series.flatMap((one) => one.values.flatMap((each) => each?.value ?? [])),
  ])
  return {
    alternative: counts.map((each) => `${categories(each.k)}: ${shareText(each.wrong, each.subsets)}`).join('; '),
    heights: { wide: 260, narrow: 260 },
    option: () =>
      intervalChart({ x: words[language].head.seeds, y, categories: counts.map(({ k }) => categories(k)), series }),
    legend: series.map(({ name, colourIndex }) => ({ name, colourIndex, kind: 'dot' })),
  }
}

/** Those that are named (`gru | lstm`), else all. */
function chosenVariants(group: RecordedGroup, names: string) {
  return names === '' ? group.variants : names.split('|').map((name) => variantOf(group, name.trim()))
}
