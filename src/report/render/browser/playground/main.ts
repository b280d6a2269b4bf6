// Runs in the page of a trial: lets its reader try the model. What is typed and what the model writes only ever becomes text.
import { bytesOf, type Opened, openPlayground } from '../../../../playground/model.js'
import { layOthersAside } from './aside.js'
import { element } from './dom.js'
import { forecastView } from './forecast-view.js'
import { textView } from './text-view.js'
import type { Given, View } from './view.js'

/** The model and its examples are decoded when the section is first seen or used. */
function start(): void {
  const host = document.getElementById('playground-body')
  const data = document.getElementById('playground-data')?.textContent
  if (host === null || data === null || data === undefined) return
  const given = JSON.parse(data) as Given
  const { model } = given
  let opened: Opened | undefined
  const open = (): Opened => {
    opened ??= openPlayground(model, bytesOf(document.getElementById('playground-weights')?.textContent ?? ''))
    return opened
  }
  const view: View = model.task === 'forecast' ? forecastView : textView
  const shown = element('div', { className: 'answer' })
  shown.setAttribute('aria-live', 'polite')
  let latest = 0
  const controls = view(given, async (answer) => {
    const own = ++latest
    const children = await answer(open()).catch((error: unknown) => [failure(error)])
    if (own === latest) shown.replaceChildren(...children)
  })
  host.append(...controls.elements, shown)
  host.addEventListener('input', () => layOthersAside(host), { once: true })
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return
    observer.disconnect()
    controls.show()
  })
  observer.observe(host)
}

function failure(error: unknown): HTMLElement {
  return element('p', { className: 'failure' }, error instanceof Error ? error.message : String(error))
}

start()
