import { bytesOf, type Opened, openPlayground, type PlaygroundModel } from '../../../../playground/model.js'
import { layOthersAside } from './aside.js'
import { element, failure, labelled } from './dom.js'
import { viewOf } from './task-view.js'
import type { Given, Show } from './view.js'

/** A trained model of a variant: in the page, or at an address; else it cannot be chosen. */
interface ComparedModel {
  readonly label: string
  readonly chosen: string
  readonly model?: PlaygroundModel
  /** Id of the element that has the numbers. */
  readonly weights?: string
  readonly address?: string
  readonly decode?: PlaygroundModel['decode']
}

interface ComparedGiven extends Pick<Given, 'examples' | 'features' | 'series'> {
  readonly models: readonly ComparedModel[]
  /** How many variants are shown at a time. */
  readonly atOnce: number
}

type Answer = Parameters<Show>[0]

/** A variant that the reader has chosen, and its answer. */
interface Card {
  readonly element: HTMLElement
  draw(answer: Answer): Promise<void>
}

/** One input for several variants next to each other. */
export async function startCompared(host: HTMLElement): Promise<void> {
  const prefix = host.dataset.compared ?? ''
  const given: ComparedGiven = JSON.parse(document.getElementById(`${prefix}-data`)?.textContent ?? '{}')
  const open = opener()
  const usable = given.models.filter(({ model, address }) => model !== undefined || address !== undefined)
  const [first] = usable
  if (first === undefined) return
  let answer: Answer | undefined
  let latest = 0
  const cards = usable.slice(0, given.atOnce).map((model, at) => {
    const redraw = () => answer && cards[at]?.draw(answer)
    return cardOf({ models: given.models, model, title: `Variant ${at + 1}`, open, redraw })
  })
  const show: Show = async (asked) => {
    answer = asked
    const own = ++latest
    for (const card of cards) {
      await card.draw(asked)
      // What was typed meanwhile comes first.
      await new Promise((resolve) => setTimeout(resolve))
      if (own !== latest) return
    }
  }
  try {
    const { model } = await open(first)
    const controls = viewOf(model)({ ...given, model, prefix, compact: true }, show)
    const columns = element('div', { className: 'compared' }, ...cards.map((card) => card.element))
    host.replaceChildren(...controls.elements, columns)
    host.addEventListener('input', () => layOthersAside(host), { once: true })
    controls.show()
  } catch (error) {
    host.replaceChildren(failure(error))
  }
}

/** Opens each model once. */
function opener(): (model: ComparedModel) => Promise<Opened> {
  const opened = new Map<ComparedModel, Promise<Opened>>()
  return (model) => {
    const found = opened.get(model) ?? openModel(model)
    opened.set(model, found)
    // What could not be loaded can be asked for again.
    found.catch(() => opened.delete(model))
    return found
  }
}

async function openModel({ model, weights = '', address, decode }: ComparedModel): Promise<Opened> {
  if (model !== undefined) return openPlayground(model, bytesOf(document.getElementById(weights)?.textContent ?? ''))
  const response = await fetch(address ?? '')
  if (!response.ok) throw new RangeError(await response.text())
  const served: { readonly model: PlaygroundModel; readonly parameters: string } = await response.json()
  return openPlayground({ ...served.model, ...(decode && { decode }) }, bytesOf(served.parameters))
}

interface CardParts {
  readonly models: readonly ComparedModel[]
  /** The one that is chosen at first. */
  readonly model: ComparedModel
  readonly title: string
  open(model: ComparedModel): Promise<Opened>
  redraw(): void
}

function cardOf({ models, model: first, title, open, redraw }: CardParts): Card {
  const select = element('select', { title })
  const options = models.map(({ label, model, address }, at) => {
    const isThere = model !== undefined || address !== undefined
    return element('option', { value: String(at), disabled: !isThere }, isThere ? label : `${label} (not here)`)
  })
  select.append(...options)
  select.value = String(models.indexOf(first))
  const about = element('p', { className: 'quiet small' })
  const shown = element('div', { className: 'answer' })
  shown.setAttribute('aria-live', 'polite')
  select.addEventListener('change', redraw)
  let latest = 0
  return {
    element: element('section', { ariaLabel: title }, labelled(title, select), about, shown),
    draw: async (answer) => {
      const own = ++latest
      const model = models[Number(select.value)] ?? first
      about.textContent = model.chosen
      const children = await open(model)
        .then(answer)
        .catch((error: unknown) => [failure(error)])
      if (own === latest) shown.replaceChildren(...children)
    },
  }
}
