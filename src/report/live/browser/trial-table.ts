import type { Model } from '../model.js'
import type { TrialRow, Update } from '../types.js'
import { element, link, pathOf, tableBox } from './dom.js'
import { trialBar } from './progress.js'
import { endText, runName, stepText } from './words.js'

/** A table of trials, from which runs are picked to be drawn. */
export interface TrialTable {
  readonly box: HTMLElement
  show(trials: readonly TrialRow[], update: Update | undefined): void
}

interface Given {
  readonly base: string
  readonly model: Model
  /** Whether the table is of several studies. */
  readonly several: boolean
  isPicked(run: string): boolean
  pick(run: string, isPicked: boolean): void
}

export function trialTable({ base, model, several, isPicked, pick }: Given): TrialTable {
  const study = several ? ['study'] : []
  const head = ['draw', ...study, 'variant', 'seed', 'state', 'best on dev', 'test (95 %)', 'pages']
  const { box, body } = tableBox('Trials', head, { classes: { draw: 'pick', seed: 'number' }, isHeaded: true })
  const rows = new Map<string, HTMLElement>()
  body.addEventListener('change', ({ target }) => {
    if (target instanceof HTMLInputElement) pick(target.value, target.checked)
  })

  function cellsOf(trial: TrialRow): HTMLElement[] {
    const { id, label, seed, status, dev, test, hasReport, reason } = trial
    const run = `${trial.study}/${id}`
    const box = element('input', {
      type: 'checkbox',
      value: run,
      'aria-label': `draw ${runName(trial)}`,
      checked: isPicked(run),
    })
    const pages = [link(pathOf(base, 'trial', trial.study, id), 'live')]
    if (hasReport) pages.push(link(pathOf(base, 'report', trial.study, id), 'report'))
    const end = status === 'running' ? endText(trial.endMs, model) : ''
    return [
      element('td', { class: 'pick' }, box),
      ...(several ? [element('td', {}, link(pathOf(base, 'study', trial.study), trial.study))] : []),
      element('td', { class: 'name' }, label),
      element('td', { class: 'number' }, seed === undefined ? '' : String(seed)),
      element(
        'td',
        { class: 'state' },
        trialBar(trial),
        ` ${[status, stepText(trial), end].filter((text) => text !== '').join(' · ')}`,
        reason !== undefined && element('span', { class: 'bad small why' }, reason),
      ),
      element('td', { class: 'whole' }, dev === undefined ? '' : `${dev.metric} ${dev.text}`),
      element('td', { class: 'long' }, test === undefined ? '' : `${test.metric} ${test.text}`),
      element('td', { class: 'whole' }, ...pages.flatMap((page, at) => (at === 0 ? [page] : [' · ', page]))),
    ]
  }

  return {
    box,
    show: (trials, update) => {
      const changed = new Set((update?.trials ?? []).map((trial) => `${trial.study}/${trial.id}`))
      const isOther = update === undefined || update.whole || update.order !== undefined
      for (const trial of trials) {
        const run = `${trial.study}/${trial.id}`
        const row = rows.get(run) ?? element('tr')
        if (!rows.has(run) || changed.has(run) || update === undefined) replaceCells(row, cellsOf(trial))
        rows.set(run, row)
      }
      if (!isOther && body.childElementCount === trials.length) return
      const shown = trials.flatMap((trial) => rows.get(`${trial.study}/${trial.id}`) ?? [])
      body.replaceChildren(...shown)
    },
  }
}

/** Only what is another than before is replaced: who clicks on the rest, or is there with the keyboard, is not disturbed. */
function replaceCells(row: HTMLElement, cells: readonly HTMLElement[]): void {
  if (row.childElementCount !== cells.length) {
    row.replaceChildren(...cells)
    return
  }
  cells.forEach((cell, at) => {
    const before = row.children[at]
    if (before === undefined) return
    const [box, now] = [before.querySelector('input'), cell.querySelector('input')]
    if (box !== null && now !== null) box.checked = now.checked
    else if (before.outerHTML !== cell.outerHTML) before.replaceWith(cell)
  })
}
