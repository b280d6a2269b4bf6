// Runs in the pages of a trial and of a comparison: lets their reader try models. What is typed and what a model writes only ever
// becomes text.
import { bytesOf, type Opened, openPlayground } from '../../../../playground/model.js'
import { layOthersAside } from './aside.js'
import { startCompared } from './compared.js'
import { element, failure } from './dom.js'
import { viewOf } from './task-view.js'
import type { Given } from './view.js'

/** The model and its examples are decoded when the section is first seen or used. */
function start(): void {
  const host = document.getElementById('playground-body')
  const data = document.getElementById('playground-data')?.textContent
  if (host === null || data === null || data === undefined) return
  const given: Omit<Given, 'prefix' | 'compact'> = JSON.parse(data)
  const { model } = given
  let opened: Opened | undefined
  const open = (): Opened => {
    opened ??= openPlayground(model, bytesOf(document.getElementById('playground-weights')?.textContent ?? ''))
    return opened
  }
  const shown = element('div', { className: 'answer' })
  shown.setAttribute('aria-live', 'polite')
  let latest = 0
  const controls = viewOf(model)({ ...given, prefix: 'playground', compact: false }, async (answer) => {
    const own = ++latest
    const children = await answer(open()).catch((error: unknown) => [failure(error)])
    if (own === latest) shown.replaceChildren(...children)
  })
  host.append(...controls.elements, shown)
  host.addEventListener('input', () => layOthersAside(host), { once: true })
  whenSeen(host, () => controls.show())
}

/** Once, when an element is about to be seen. */
function whenSeen(host: HTMLElement, act: () => void): void {
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return
    observer.disconnect()
    act()
  })
  observer.observe(host)
}

start()
for (const host of document.querySelectorAll<HTMLElement>('[data-compared]')) whenSeen(host, () => startCompared(host))
