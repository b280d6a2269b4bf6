import { isUndefined } from '../../../core/measured.js'
import { metrics } from '../../../metrics/index.js'
import { isSameMeasure } from '../../../metrics/measures.js'
import type { ListedRun } from '../../../store/index.js'
import { metricTitle } from '../../analysis/metrics.js'
import { counted } from '../../format/grammar.js'
import { resultText } from '../../format/values.js'
import { table } from '../page/figure.js'
import { type Html, html } from '../page/html.js'
import { page } from '../page/page.js'

/** A study as the index lists it. */
export interface IndexedStudy {
  readonly name: string
  readonly runs: readonly ListedRun[]
  /** Addresses of its pages that exist. */
  readonly comparison?: string
  readonly reports: readonly { readonly name: string; readonly href: string }[]
}

/** index.html of a folder of runs: every study with its state, its best result and its pages; the same bytes for the same runs. */
export function runsIndexHtml(studies: readonly IndexedStudy[]): string {
  const runs = studies.reduce((sum, study) => sum + study.runs.length, 0)
  return page({
    title: 'Runs',
    subtitle: html`<span class="quiet">${counted(studies.length, 'study', 'studies')}, ${counted(runs, 'trial')}</span>`,
    body:
      studies.length === 0
        ? html`<p>There are no runs yet.</p>`
        : html`<div class="stacked">${studyTable(studies)}</div>`,
    footer: html`Written when a run or a sweep ends; <code>seqlab list</code> shows the state now.`,
  })
}

function studyTable(studies: readonly IndexedStudy[]): Html {
  return table({
    caption: 'Studies, the latest result first',
    head: ['study', 'task', 'trials', 'best on dev', 'test result', 'pages', 'latest'],
    rows: studies.map((study) => {
      const best = bestOf(study.runs)
      const { record } = study.runs.find((run) => run.record !== undefined) ?? {}
      return [
        html`<b id="${study.name}">${study.name}</b>`,
        record?.spec.task.type ?? '',
        stateText(study.runs),
        best?.label ?? '',
        best?.result ?? '',
        pagesOf(study),
        html`<span class="whole">${latest(study.runs)}</span>`,
      ]
    }),
  })
}

/** `3 completed, 1 failed`. */
function stateText(runs: readonly ListedRun[]): string {
  const states = ['completed', 'failed', 'cancelled', 'waiting', 'damaged'] as const
  return states
    .flatMap((state) => {
      const number = runs.filter(({ status }) => status === state).length
      return number === 0 ? [] : [`${number} ${state}`]
    })
    .join(', ')
}

/** The trial with the best dev value of the metric that the first result has first, among those that measure it alike; trials of a sweep may differ in seed alone. */
function bestOf(runs: readonly ListedRun[]): { readonly label: string; readonly result: string } | undefined {
  const completed = runs.flatMap(({ record }) => (record?.status === 'completed' ? [record] : []))
  const main = completed[0]?.spec.metrics[0]
  const name = main?.type
  const isMeasuredSo = ({ spec }: (typeof completed)[number]) =>
    main !== undefined && spec.metrics.some((one) => isSameMeasure(one, main))
  const finished = completed.filter(isMeasuredSo)
  const { better = 'lower', unit = 'number' } = (name === undefined ? undefined : metrics.find(name)) ?? {}
  if (name === undefined) return undefined
  const sign = better === 'lower' ? 1 : -1
  const cost = (record: (typeof finished)[number]) => {
    const dev = record.metrics.dev?.[name]
    return dev === undefined || isUndefined(dev) ? Number.POSITIVE_INFINITY : sign * dev.value
  }
  const best = finished.reduce<(typeof finished)[number] | undefined>(
    (first, one) => (first === undefined || cost(one) < cost(first) ? one : first),
    undefined,
  )
  if (best === undefined) return undefined
  const test = best.metrics.test?.[name]
  return {
    label: `${best.label}, seed ${best.seed}`,
    result: test === undefined ? '' : `${metricTitle(name)} ${resultText(test, unit)}`,
  }
}

const reportsNamed = 12

function pagesOf({ comparison, reports }: IndexedStudy): Html {
  const shown = reports.slice(0, reportsNamed)
  const more = reports.length - shown.length
  return html`<div class="pages">${comparison !== undefined && html`<a href="${comparison}">comparison</a> `}${shown.map(({ name, href }) => html`<a href="${href}">${name}</a> `)}${more > 0 && html`<span class="quiet">and ${more} more</span>`}</div>`
}

function latest(runs: readonly ListedRun[]): string {
  const times = runs.flatMap(({ publishedMs }) => (publishedMs === undefined ? [] : [publishedMs]))
  if (times.length === 0) return ''
  return new Date(Math.max(...times)).toISOString().slice(0, 16).replace('T', ' ')
}
