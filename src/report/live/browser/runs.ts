import { counted } from '../../format/grammar.js'
import type { Answer } from '../draw/types.js'
import { trialsOf } from '../model.js'
import type { TrialRow, Update } from '../types.js'
import { element, link, pathOf, titledSection } from './dom.js'
import { createFigures, type DrawnRun, overlaidViews } from './figures.js'
import { trialTable } from './trial-table.js'
import { type Page, runsOf, type View } from './view.js'
import { countsText, endText, runName } from './words.js'

/** So many runs are told apart in one picture; more can be asked for. */
const firstPicked = 8
const mostPicked = 24

/** The trials of a study, or of all of them, with the curves of those that are picked overlaid. */
export function runsView({ data, model, main, restart }: Page): View {
  const { base, study } = data
  const picked = new Set<string>(new URLSearchParams(location.hash.slice(1)).getAll('run').slice(0, mostPicked))
  let isChosen = picked.size > 0
  const summary = element('p', { class: 'lead' })
  const answer = study === undefined ? undefined : answerSection(base, study)
  const figures = createFigures()
  const status = element('p', { class: 'quiet small', role: 'status' })
  const table = trialTable({ base, model, several: study === undefined, isPicked: (run) => picked.has(run), pick })
  const clear = element('button', { type: 'button' }, 'Draw none')
  clear.addEventListener('click', () => {
    picked.clear()
    chosen()
  })
  const tools = element('div', { class: 'toolbar' }, clear, status)
  const trialsSection = titledSection('Trials', tools, table.box)
  table.box.classList.add('picks')
  main.append(summary, ...(answer === undefined ? [] : [answer.section]), trialsSection, figures.section)

  function pick(run: string, isPicked: boolean): void {
    if (isPicked) picked.add(run)
    else picked.delete(run)
    chosen()
  }

  function chosen(): void {
    isChosen = true
    while (picked.size > mostPicked) picked.delete([...picked][0] ?? '')
    history.replaceState(null, '', `#${new URLSearchParams([...picked].map((run) => ['run', run]))}`)
    restart()
    show()
  }

  function trials(): TrialRow[] {
    const studies = study === undefined ? [...model.orders.keys()] : [study]
    return studies.flatMap((name) => trialsOf(model, name))
  }

  function show(update?: Update): void {
    const rows = trials()
    if (!isChosen) pickFirst(rows)
    const drawn = drawnRuns(rows)
    if (update === undefined || update.curves !== undefined || update.trials !== undefined)
      figures.show(overlaidViews(model, drawn), instead(drawn))
    table.show(rows, update)
    status.textContent = `${counted(picked.size, 'run')} drawn${picked.size === mostPicked ? ': as many as there may be' : ''}.`
    const row = study === undefined ? undefined : model.studies.get(study)
    if (row === undefined) return
    const best = row.best === undefined ? '' : ` Best on dev: ${row.best.metric} ${row.best.text} (${row.best.trial}).`
    const end = endText(row.endMs, model)
    summary.textContent = `${countsText(row)}.${best}${end === '' ? '' : ` ${end}.`}${row.problem === undefined ? '' : ` ${row.problem}`}`
    answer?.show(row.counts.completed ?? 0)
  }

  /** Those that run, then the best on dev. */
  function pickFirst(rows: readonly TrialRow[]): void {
    if (study === undefined) return
    const score = ({ dev }: TrialRow) =>
      dev === undefined ? Number.POSITIVE_INFINITY : dev.better === 'lower' ? dev.value : -dev.value
    const running = rows.filter(({ status }) => status === 'running')
    const others = rows
      .filter(({ status }) => status !== 'running' && status !== 'waiting' && status !== 'damaged')
      .toSorted((a, b) => score(a) - score(b))
    const before = picked.size
    for (const { study: of, id } of [...running, ...others]) if (picked.size < firstPicked) picked.add(`${of}/${id}`)
    if (before > 0 && picked.size > before) restart()
  }

  function drawnRuns(rows: readonly TrialRow[]): DrawnRun[] {
    const named = new Map(rows.map((row) => [`${row.study}/${row.id}`, row]))
    return [...picked].map((run, colourIndex) => {
      const row = named.get(run)
      const name = row === undefined ? run : runName(row)
      return { run, name: study === undefined && row !== undefined ? `${row.study}: ${name}` : name, colourIndex }
    })
  }

  function instead(drawn: readonly DrawnRun[]): string {
    if (drawn.length === 0) return 'Pick runs in the table: their curves are drawn here.'
    return drawn.some(({ run }) => model.curves.has(run)) ? '' : 'Nothing is recorded yet.'
  }

  return {
    query: () => ({ studies: false, study: study ?? '*', ...runsOf(model, [...picked]) }),
    show,
  }
}

/** The comparison in words, as far as it goes; asked for again when another trial is completed. */
function answerSection(base: string, study: string) {
  const texts = element('div', { class: 'answer' })
  const more = element('p', {}, link(pathOf(base, 'comparison', study), 'Comparison as far as it goes'))
  const section = element('section', { 'aria-label': 'Comparison' }, texts, more)
  let known = 0
  let isAsking = false
  const ask = async (completed: number) => {
    isAsking = true
    known = completed
    try {
      const response = await fetch(pathOf(base, 'answer', study))
      if (!response.ok) return texts.replaceChildren(element('p', { class: 'failure' }, await response.text()))
      const { headline, claims }: Answer = await response.json()
      texts.replaceChildren(...[...headline, ...claims].map((text) => element('p', {}, text)))
    } catch {
      // The server is gone: the stream says so.
    } finally {
      isAsking = false
    }
  }
  return {
    section,
    show: (completed: number) => {
      section.hidden = completed === 0
      if (completed !== known && !isAsking && completed > 0) void ask(completed)
    },
  }
}
