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
  const opener = openerOf()
  const usable = given.models.filter(({ model, address }) => model !== undefined || address !== undefined)
  if (usable.length === 0) return
  let answer: Answer | undefined
  let latest = 0
  const shown = usable.slice(0, given.atOnce)
  const cards = shown.map((model, at) => {
    const redraw = () => answer && cards[at]?.draw(answer)
    return cardOf({ models: given.models, model, title: `Variant ${at + 1}`, opener, redraw })
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
  const columns = element('div', { className: 'compared' }, ...cards.map((card) => card.element))
  host.replaceChildren(columns)
  // The controls need one model of the variants, whichever of them can be opened.
  const model = await firstOf(usable, opener.open)
  if (model === undefined) return void (await show(async () => []))
  const controls = viewOf(model)({ ...given, model, prefix, compact: true }, show)
  columns.before(...controls.elements)
  host.addEventListener('input', () => layOthersAside(host), { once: true })
  controls.show()
}

async function firstOf(models: readonly ComparedModel[], open: Opener['open']): Promise<PlaygroundModel | undefined> {
  for (const each of models) {
    const opened = await open(each).catch(() => undefined)
    if (opened !== undefined) return opened.model
  }
  return undefined
}

/** Opens each model once; what could not be loaded is asked for again once it is forgotten. */
interface Opener {
  open(model: ComparedModel): Promise<Opened>
  forget(model: ComparedModel): void
}

function openerOf(): Opener {
  const opened = new Map<ComparedModel, Promise<Opened>>()
  const failed = new Set<ComparedModel>()
  return {
    open: (model) => {
      const found = opened.get(model) ?? openModel(model)
      opened.set(model, found)
      found.catch(() => failed.add(model))
      return found
    },
    forget: (model) => {
      if (failed.delete(model)) opened.delete(model)
    },
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
  readonly opener: Opener
  redraw(): void
}

function cardOf({ models, model: first, title, opener, redraw }: CardParts): Card {
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
  const chosen = () => models[Number(select.value)] ?? first
  select.addEventListener('change', () => {
    opener.forget(chosen())
    redraw()
  })
  let latest = 0
  return {
    element: element('section', { ariaLabel: title }, labelled(title, select), about, shown),
    draw: async (answer) => {
      const own = ++latest
      const model = chosen()
      about.textContent = model.chosen
      const children = await opener
        .open(model)
        .then(answer)
        .catch((error: unknown) => [failure(error)])
      if (own === latest) shown.replaceChildren(...children)
    },
  }
}
