import type { Forming } from '../../analysis/samples/types.js'
import { counted } from '../../format/grammar.js'
import { createForming } from '../../render/browser/forming/view.js'
import { element, link, pathOf, titledSection } from './dom.js'
import { createFigures, trialViews } from './figures.js'
import { trialBar } from './progress.js'
import { type Page, runsOf, type View } from './view.js'
import { endText, runName, stepText } from './words.js'

/** One trial: how far it is, what its validations gave for a few examples, and its curves. */
export function trialView({ data: { base, study = '', trial = '' }, model, main }: Page): View {
  const run = `${study}/${trial}`
  const state = element('p', { class: 'lead' })
  const results = element('p')
  const reason = element('p', { class: 'failure' })
  const report = element('p', {}, link(pathOf(base, 'report', study, trial), 'Report'))
  const figures = createFigures()
  const samples = samplesSection()
  main.append(state, reason, results, report, samples.section, figures.section)
  return {
    query: () => ({ studies: false, study, ...runsOf(model, [run]), samples: run }),
    show: (update) => {
      const row = model.trials.get(run)
      if (row === undefined) return
      const name = runName(row)
      document.title = `${name} · ${study} · seqlab`
      for (const title of document.querySelectorAll('#title')) title.textContent = name
      const end = row.status === 'running' ? endText(row.endMs, model) : ''
      const words = [row.status, stepText(row), end].filter((text) => text !== '')
      state.replaceChildren(trialBar(row), ` ${words.join(' · ')}`)
      reason.hidden = row.reason === undefined
      reason.textContent = row.reason ?? ''
      const { dev, test } = row
      results.textContent = [
        ...(dev === undefined ? [] : [`Best on dev: ${dev.metric} ${dev.text}.`]),
        ...(test === undefined ? [] : [`Test: ${test.metric} ${test.text}.`]),
      ].join(' ')
      report.hidden = !row.hasReport
      if (update === undefined || update.samples !== undefined) samples.show(model.samples.get(run))
      if (update === undefined || update.curves !== undefined)
        figures.show(
          trialViews(model, run),
          row.status === 'waiting' ? 'It has not begun.' : 'Nothing is recorded yet.',
        )
    },
  }
}

/** What validations gave for a few examples of dev; hidden where nothing is recorded. */
function samplesSection() {
  const view = createForming()
  const recorded = element('p', { class: 'quiet small' })
  const section = titledSection('Dev samples', recorded, view.element)
  section.hidden = true
  return {
    section,
    show: (forming: Forming | undefined) => {
      section.hidden = forming === undefined
      if (forming === undefined) return
      recorded.textContent = `${counted(forming.examples.length, 'example')} of dev at ${counted(forming.recorded, 'validation')} so far.`
      view.show(forming)
    },
  }
}
