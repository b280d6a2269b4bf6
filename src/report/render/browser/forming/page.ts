import type { Forming } from '../../../analysis/samples/types.js'
import { createForming } from './view.js'

/** Puts the slider in the place of the last validation's outputs, which the page shows without scripts. */
export function makeForming(): void {
  const host = document.getElementById('forming-body')
  const data = document.getElementById('forming-data')?.textContent
  if (host === null || data === null || data === undefined) return
  const forming: Forming = JSON.parse(data)
  const view = createForming()
  host.replaceChildren(view.element)
  view.show(forming)
}
