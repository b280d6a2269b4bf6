import { element, link, pathOf } from './dom.js'
import { createFigures, trialViews } from './figures.js'
import { trialBar } from './progress.js'
import { type Page, runsOf, type View } from './view.js'
import { endText, runName, stepText } from './words.js'

/** One trial: how far it is, and its curves. */
export function trialView({ data: { base, study = '', trial = '' }, model, main }: Page): View {
  const run = `${study}/${trial}`
  const state = element('p', { class: 'lead' })
  const results = element('p')
  const reason = element('p', { class: 'failure' })
  const report = element('p', {}, link(pathOf(base, 'report', study, trial), 'Report'))
  const figures = createFigures()
  main.append(state, reason, results, report, figures.section)
  return {
    query: () => ({ studies: false, study, ...runsOf(model, [run]) }),
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
      if (update === undefined || update.curves !== undefined)
        figures.show(
          trialViews(model, run),
          row.status === 'waiting' ? 'It has not begun.' : 'Nothing is recorded yet.',
        )
    },
  }
}
