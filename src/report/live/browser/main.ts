// Runs in the live pages: keeps what they show as the server tells it. Texts from specs and data only ever become text nodes,
// attributes and ECharts labels, never markup.
import { applyUpdate, emptyModel } from '../model.js'
import type { PageData } from '../types.js'
import { connect } from './connection.js'
import { element, link, pathOf } from './dom.js'
import { runsView } from './runs.js'
import { studiesView } from './studies.js'
import { trialView } from './trial.js'
import type { Page, View } from './view.js'

const views: Readonly<Record<PageData['view'], (page: Page) => View>> = {
  studies: studiesView,
  study: runsView,
  runs: runsView,
  trial: trialView,
}

/** Times that pass while nothing else happens. */
const clockMs = 10_000

function start(): void {
  const data: PageData = JSON.parse(document.getElementById('state')?.textContent ?? '')
  const main = document.getElementById('main')
  if (main === null) return
  const model = emptyModel()
  applyUpdate(model, data.update, Date.now())
  main.replaceChildren(path(data))
  let restart = () => {}
  const view = views[data.view]({ data, model, main, restart: () => restart() })
  view.show()
  const state = document.getElementById('connection')
  const connection = connect({
    base: data.base,
    query: view.query,
    since: () => model.since,
    onUpdate: (update) => {
      applyUpdate(model, update, Date.now())
      view.show(update)
    },
    onState: (now) => state?.replaceChildren(...stateParts[now]()),
  })
  restart = connection.restart
  setInterval(() => view.show({ id: '', nowMs: Date.now(), whole: false }), clockMs)
}

const stateParts = {
  live: () => [element('span', { class: 'live-dot' }), 'live'],
  paused: () => ['paused'],
  lost: () => [element('span', { class: 'live-dot lost-dot' }), 'no connection: trying again'],
} as const

function path({ base, view, study }: PageData): HTMLElement {
  const above: (Node | string)[] = view === 'studies' ? [] : [link(base, 'Studies')]
  if (view === 'trial' && study !== undefined) above.push(' › ', link(pathOf(base, 'study', study), study))
  return element('nav', { class: 'path', 'aria-label': 'Above this page' }, ...above)
}

start()
