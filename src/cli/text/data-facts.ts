import type { DataFacts, LabelShare, SideFacts, SplitFacts } from '../../data/facts.js'
import type { CheckedSpec } from '../../library/check.js'
import { foundVectorsText } from '../../report/format/found-vectors.js'
import { agree, counted } from '../../report/format/grammar.js'
import { mergedTexts, severalLabelsTexts } from '../../report/format/merged.js'
import { count } from '../../report/format/numbers.js'
import { significant } from '../../report/format/values.js'
import { isKept } from '../standard-input.js'
import { printable } from './printable.js'
import { type Colors, colorsFor } from './terminal.js'

/** Labels that are named; the others are counted. */
const labelsNamed = 6

/** What `check` has read for a file: a block for each of the datasets of its variants. */
export function checkedText(file: string, specs: readonly CheckedSpec[]): string {
  const colors = colorsFor(process.stdout)
  const variants = specs.length > 1 ? `, ${counted(specs.length, 'variant')}` : ''
  const blocks = blocksOf(specs)
  if (blocks.length === 0) return `${file}: no errors${variants} (the data were not read)\n`
  const several = blocks.length > 1
  const lines = blocks.flatMap(({ read, labels }) => [
    ...(several ? [`  ${colors.bold(named(labels))}`] : []),
    ...datasetLines(read, colors),
  ])
  return [`${file}: no errors${variants}`, ...lines, ''].join('\n')
}

type Facts = NonNullable<CheckedSpec['dataset']>['read']

interface Block {
  readonly read: Facts
  readonly labels: readonly string[]
}

/** Variants that read the same share a block. */
function blocksOf(specs: readonly CheckedSpec[]): readonly Block[] {
  const blocks = new Map<string, Block>()
  for (const { label, dataset } of specs) {
    if (dataset === undefined) continue
    const key = JSON.stringify(dataset.read)
    const { read, labels } = blocks.get(key) ?? { read: dataset.read, labels: [] }
    blocks.set(key, { read, labels: [...labels, label] })
  }
  return [...blocks.values()]
}

function named(labels: readonly string[]): string {
  const shown = labels.slice(0, 3).map(printable).join('; ')
  return labels.length > 3 ? `${shown} and ${labels.length - 3} more` : shown
}

function datasetLines({ facts, outcomes }: Facts, colors: Colors): string[] {
  const { splits, labels, series, counts } = facts
  const line = (name: string, text: string) => `  ${colors.dim(name.padEnd(8))} ${text}`
  const leftOut = { ...counts.dropped, ...counts.cut }
  return [
    ...splits.map((split) => line(split.name, splitText(split, series === undefined ? 'token' : 'step'))),
    ...(labels === undefined ? [] : [line('labels', labelsText(labels))]),
    ...(series === undefined ? [] : [line('series', seriesText(series))]),
    ...(Object.keys(leftOut).length === 0 ? [] : [line('left out', countsText(leftOut))]),
    ...(counts.vectors === undefined ? [] : [line('vectors', foundVectorsText(counts.vectors))]),
    ...(counts.merged === undefined ? [] : [line('merged', mergedTexts(counts.merged)[0] ?? '')]),
    ...(counts.carried === undefined ? [] : [line('carried', carriedText(counts.carried))]),
    ...outcomes.map((outcome) => line('metric', outcome)),
    ...warningsOf(facts).map((warning) => `  ${colors.yellow('warning')}  ${warning}`),
  ]
}

function splitText(facts: SplitFacts, unit: string): string {
  const { examples, source, target, features, characters, factors = {}, unseenLabels } = facts
  const sides = [`source ${sideText(source, unit)}`, ...(target ? [`target ${sideText(target, unit)}`] : [])]
  const unseen = unseenLabels ? [`${percent(unseenLabels)} of labels not in train`] : []
  const known = features ? [`features ${sideText(features, 'feature')}`] : []
  const inside = characters ? [`each of ${sideText(characters, 'character')}`] : []
  const values = Object.entries(factors).map(([name, each]) => `${name} of each with ${sideText(each, 'value')}`)
  return [counted(examples, 'example'), ...sides, ...inside, ...values, ...known, ...unseen].join('; ')
}

function sideText({ mean, longest, unknown }: SideFacts, unit: string): string {
  const lengths =
    mean === longest ? counted(longest, unit) : `${significant(mean)} ${unit}s on average, ${count(longest)} at most`
  return unknown === undefined ? lengths : `${lengths}, ${percent(unknown)} unknown`
}

/** `load; inputs: wind; known ahead: hour`. */
function seriesText({ names, inputs, knownAhead }: NonNullable<DataFacts['series']>): string {
  const named = (what: string, of: readonly string[] | undefined) =>
    of === undefined ? [] : [`${what}: ${of.map(printable).join(', ')}`]
  return [names.map(printable).join(', '), ...named('inputs', inputs), ...named('known ahead', knownAhead)].join('; ')
}

/** `3 missing values of load as the last number before them`. */
function carriedText(carried: Readonly<Record<string, number>>): string {
  const parts = Object.entries(carried).map(
    ([name, number]) => `${counted(number, 'missing value')} of ${printable(name)}`,
  )
  return `${parts.join(', ')}: the last number before each`
}

function labelsText(labels: readonly LabelShare[]): string {
  const shown = labels.slice(0, labelsNamed).map(({ label, share }) => `${printable(label)} ${percent(share)}`)
  const rest = labels.length - shown.length
  return `${count(labels.length)}: ${[...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(', ')}`
}

/** `0 %` is none at all. */
function percent(share: number): string {
  if (share > 0 && share < 0.001) return 'under 0.1 %'
  return `${share === 0 ? 0 : (share * 100).toFixed(1)} %`
}

function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, number]) => counted(number, name, several(name)))
    .join(', ')
}

/** `comment lines`, `targets across a border of the split`: the noun is the word before a preposition, or the last. */
function several(name: string): string {
  const [, noun = name, rest = ''] = /^(.+?)( (?:across|at|longer than|outside) .*)$/.exec(name) ?? []
  // `train beyond the limit` has no noun: its examples are meant.
  return name.endsWith(' beyond the limit') ? name : `${noun}s${rest}`
}

/** What is no error and may still not be what the author thinks that it is. */
function warningsOf({ splits, series, counts }: DataFacts): string[] {
  const { seenInTraining = {}, otherForm = {}, otherKind = {}, doubted = {} } = counts
  const kinds = Object.entries(otherKind).map(([file, hint]) => `${isKept(file) ? 'stdin' : printable(file)}: ${hint}`)
  const seen = splits.flatMap(({ name, examples }) => {
    const number = seenInTraining[name] ?? 0
    if (number === 0) return []
    return [
      `${count(number)} of ${counted(examples, `${name} example`)} ${agree(number, 'has a source', 'have sources')} that ${agree(number, 'is', 'are')} in train too: \`data.split\` with keepTogether: source keeps equal sources in one set`,
    ]
  })
  const forms = Object.entries(otherForm).map(
    ([where, number]) =>
      `${counted(number, `unknown token`)} of ${where} ${agree(number, 'is', 'are')} in train in another Unicode form: set normalise: NFC`,
  )
  const unseen = splits
    .filter(({ unseenLabels }) => unseenLabels === 1)
    .map(({ name }) => `no label of ${name} is in train`)
  const constant = (series?.constant ?? []).map(
    (name) => `${printable(name)} is constant in train, seen from one season to the next: MASE is undefined`,
  )
  const doubts = Object.entries(doubted).map(
    ([doubt, { examples, first }]) =>
      `${counted(examples, 'example')} (first at ${printable(first)}) ${agree(examples, 'has', 'have')} a ${doubt}, read as the end of a column: a quoted cell is read by the source csv, with separator: "\\t"`,
  )
  const several = severalLabelsTexts(counts.merged).map(
    (text) => `${text}: data.references: separate counts each by itself`,
  )
  return [...kinds, ...seen, ...several, ...forms, ...unseen, ...constant, ...doubts]
}
