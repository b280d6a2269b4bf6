import type { StudyRow } from '../types.js'
import { element, link, pathOf, tableBox } from './dom.js'
import { studyBar } from './progress.js'
import type { Page, View } from './view.js'
import { agoText, countsText, endText } from './words.js'

const head = ['study', 'trials', 'best on dev', 'expected end', 'changed', 'pages']

/** All studies: those that are worked on first, then the newest. */
export function studiesView({ data: { base }, model, main }: Page): View {
  const { box, body } = tableBox('Studies', head, { isHeaded: true })
  const sentence = element('p', { class: 'quiet' })
  box.classList.add('stacked')
  main.append(element('p', {}, link(pathOf(base, 'runs'), 'Overlay any runs')), sentence, box)
  return {
    query: () => ({ studies: true, runs: [], fresh: [] }),
    show: () => {
      const rows = [...model.studies.values()].toSorted(
        (a, b) => Number(b.open) - Number(a.open) || b.changedMs - a.changedMs,
      )
      box.hidden = rows.length === 0
      sentence.textContent = rows.length === 0 ? 'No runs yet.' : ''
      body.replaceChildren(...rows.map(rowOf))
    },
  }

  function rowOf(study: StudyRow): HTMLElement {
    const { name, best, problem, open } = study
    const state = [studyBar(study), ` ${countsText(study)}`]
    const trials = element('td', {}, ...state, problem !== undefined && why(problem))
    const bestText = best === undefined ? '' : `${best.metric} ${best.text} (${best.trial})`
    const cells = [
      element(
        'td',
        { class: 'name' },
        open && element('span', { class: 'live-dot' }),
        link(pathOf(base, 'study', name), name),
      ),
      trials,
      element('td', { class: 'long' }, bestText),
      element('td', {}, endText(study.endMs, model) || (open ? 'not known yet' : '')),
      element('td', { class: 'whole' }, agoText(study.changedMs, model)),
      element('td', {}, link(pathOf(base, 'comparison', name), 'comparison')),
    ]
    // Where a row is a paragraph, each cell is named.
    for (const [at, cell] of cells.entries()) cell.dataset.name = head[at]
    return element('tr', {}, ...cells)
  }
}

function why(problem: string): HTMLElement {
  return element('span', { class: 'bad small why' }, problem)
}
