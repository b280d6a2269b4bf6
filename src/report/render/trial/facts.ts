import type { RunRecord } from '../../../runner/record.js'
import { memoryText } from '../../../spec/cost.js'
import { count, duration, plain } from '../../format/values.js'
import type { TrialReportInput } from '../../trial/input.js'
import { type Html, type HtmlValue, html } from '../page/html.js'

type Fact = readonly [name: string, value: HtmlValue]

function facts(entries: readonly Fact[]): Html {
  return html`<dl class="keys">${entries.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`
}

function counts(named: Readonly<Record<string, number>>): string {
  const entries = Object.entries(named).filter(([, number]) => number > 0)
  return entries.length === 0 ? 'none' : entries.map(([name, number]) => `${name}: ${count(number)}`).join(' · ')
}

/** What happened to the data on the way in: nothing is dropped in silence. */
export function dataSection({ record }: TrialReportInput): Html {
  const { data, batching } = record
  if (data === undefined) return html``
  const { train, dev, test } = data.kept
  const padding: Fact[] =
    batching === undefined
      ? []
      : [
          [
            'padding',
            `${plain(batching.paddingShare * 100)} % of training positions, in ${batching.shapes} batch shapes`,
          ],
        ]
  return html`<section><h2>Data</h2>${facts([
    ['read', `${count(data.read)} examples`],
    ['kept', `${count(train)} train · ${count(dev)} dev · ${count(test)} test`],
    ['left out', counts(data.dropped)],
    ['cut short', counts(data.cut)],
    ['unknown tokens', counts(data.unknownTokens)],
    ['held-out sources that stand in training too', counts(data.seenInTraining ?? {})],
    ...padding,
    ['digest', html`<code>${record.dataDigest}</code>`],
  ])}</section>`
}

/** Who made this, from what, with what, and how to make it again. */
export function provenanceSection({ record, command, machine }: TrialReportInput): Html {
  const versions = Object.entries(record.versions).map(([name, version]) => `${name} ${version}`)
  return html`<section><h2>Provenance</h2>${facts([
    ['command', html`<code>${command ?? 'not known'}</code>`],
    ['trial', html`<code>${record.trialId}</code>`],
    ['spec hash', html`<code>${record.specHash}</code>`],
    ['seed', record.seed],
    ['engine', record.engine],
    ['machine', machine ?? 'not known'],
    ['versions', versions.join(' · ') || 'not known'],
    ['times', timings(record)],
    ['memory', memory(record)],
    ['attempts', record.attempts],
  ])}</section>`
}

function memory({ memory: taken }: RunRecord): string {
  if (taken === undefined) return 'not known'
  const { stateBytes, processPeakBytes } = taken
  return `${memoryText(stateBytes)} of parameters, gradients and optimizer state · ${memoryText(processPeakBytes)} its process at most`
}

function timings({ timings: named }: RunRecord): string {
  const entries = Object.entries(named).filter(([, elapsedMs]) => Number.isFinite(elapsedMs))
  return (
    entries.map(([name, elapsedMs]) => `${name.replace(/Ms$/, '')} ${duration(elapsedMs)}`).join(' · ') || 'not known'
  )
}
