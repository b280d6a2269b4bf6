// Runs in the page of a comparison: makes its charts interactive and its tables sortable. Texts from specs and data only
// ever become text nodes, attributes and ECharts labels, never markup.
import type { Group } from '../../analysis/comparison/types.js'
import { makeDownloads } from './downloads.js'
import { makeInteractive } from './live.js'
import { makeSortable } from './tables.js'

interface PageData {
  readonly groups: readonly Group[]
}

function start(): void {
  const data: PageData = JSON.parse(document.getElementById('data')?.textContent ?? '{"groups":[]}')
  data.groups.forEach((group, at) => {
    makeInteractive(group, `g${at + 1}`)
  })
  for (const table of document.querySelectorAll<HTMLTableElement>('table[data-sortable]')) makeSortable(table)
  for (const figure of document.querySelectorAll<HTMLElement>('figure')) makeDownloads(figure)
}

start()
