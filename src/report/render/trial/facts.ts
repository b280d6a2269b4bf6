import { outcomesOf } from '../../../metrics/score.js'
import { memoryText } from '../../../spec/plan/cost.js'
import type { RunRecord } from '../../../store/index.js'
import { outputKind } from '../../../task/reporting.js'
import type { TrialReportInput } from '../../analysis/trial/input.js'
import { foundVectorsText } from '../../format/found-vectors.js'
import { counted } from '../../format/grammar.js'
import { mergedTexts } from '../../format/merged.js'
import { count } from '../../format/numbers.js'
import { duration, significant } from '../../format/values.js'
import { type Html, type HtmlValue, html } from '../page/html.js'

type Fact = readonly [name: string, value: HtmlValue]

function facts(entries: readonly Fact[]): Html {
  return html`<dl class="keys">${entries.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`
}

function counts(named: Readonly<Record<string, number>>): string {
  const entries = Object.entries(named).filter(([, number]) => number > 0)
  return entries.length === 0 ? 'none' : entries.map(([name, number]) => `${name}: ${count(number)}`).join(' · ')
}

/** What was read, kept, dropped and truncated: no example is dropped without a count. */
export function dataSection({ record }: TrialReportInput): Html {
  const { data, batching } = record
  if (data === undefined) return html``
  const { train, dev, test } = data.kept
  const { otherForm = {} } = data
  const outcomes = outcomesOf(record.spec.metrics, data)
  const padding: Fact[] =
    batching === undefined
      ? []
      : [
          [
            'padding',
            `${significant(batching.paddingShare * 100)} % of training positions, in ${counted(batching.shapes, 'batch shape')}`,
          ],
        ]
  return html`<section><h2>Data</h2>${facts([
    ['read', `${count(data.read)} examples`],
    ['kept', `${count(train)} train · ${count(dev)} dev · ${count(test)} test`],
    ['dropped', counts(data.dropped)],
    ['truncated', counts(data.cut)],
    ...(data.vectors === undefined ? [] : [['word vectors', foundVectorsText(data.vectors)] as const]),
    ...(data.merged === undefined ? [] : [['merged', mergedTexts(data.merged).join('; ')] as const]),
    ...(outputKind(record.spec.task) === 'numbers' ? [] : [['unknown tokens', counts(data.unknownTokens)] as const]),
    ...(Object.keys(otherForm).length === 0 ? [] : [['known in another Unicode form', counts(otherForm)] as const]),
    ...(data.seenInTraining === undefined
      ? []
      : [['also in training', counts(seenSources(data.seenInTraining))] as const]),
    ...outcomes.map((outcome) => ['metric', outcome] as const),
    ...padding,
    ['digest', html`<code>${record.digests.training}</code>`],
  ])}</section>`
}

function seenSources(seen: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(seen).map(([split, number]) => [`${split} sources`, number]))
}

/** Command, identity, software and machine of the trial. */
export function provenanceSection({ record, command, machine }: TrialReportInput): Html {
  const versions = Object.entries(record.versions).map(([name, version]) => `${name} ${version}`)
  return html`<section id="provenance"><h2>Provenance</h2>${facts([
    ['command', html`<code>${command ?? 'unknown'}</code>`],
    ['trial', html`<code>${record.trialId}</code>`],
    ['training hash', html`<code>${record.trainHash}</code>`],
    ['seed', record.seed],
    ['engine', record.engine],
    ['machine', machine ?? 'unknown'],
    ['versions', versions.join(' · ') || 'unknown'],
    ['times', timings(record)],
    ['memory', memory(record)],
    ['attempts', record.attempts],
  ])}</section>`
}

function memory({ memory: taken }: RunRecord): string {
  if (taken === undefined) return 'unknown'
  const { stateBytes, processPeakBytes } = taken
  return `${memoryText(stateBytes)} of parameters, gradients and optimizer state · ${memoryText(processPeakBytes)} peak of its process`
}

function timings({ timings: named }: RunRecord): string {
  const entries = Object.entries(named).filter(([, elapsedMs]) => Number.isFinite(elapsedMs))
  return (
    entries.map(([name, elapsedMs]) => `${name.replace(/Ms$/, '')} ${duration(elapsedMs)}`).join(' · ') || 'unknown'
  )
}
