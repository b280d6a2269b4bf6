import type { Activity } from '../../../../playground/activity.js'
import type { PlaygroundModel } from '../../../../playground/model.js'
import { visibleSymbol } from '../../../format/tokens.js'
import { button, element } from './dom.js'

const shownAtFirst = 12

/** Cells that go over the same steps. */
export interface ActivityPart {
  /** What each step is. */
  readonly columns: readonly string[]
  readonly activity: Activity
}

/** Of what has been seen while a source was read: the cells that go over its symbols, and over its features. */
export function partsRead(activity: Activity, columns: readonly string[], features: readonly string[]): ActivityPart[] {
  const within = (section: string) => new Map([...activity].filter(([path]) => path.startsWith(`${section}/`)))
  return [
    { columns, activity: within('encoder') },
    { columns: features, activity: within('features') },
  ]
}

/** States and gates of cells by step, a strip for each unit. Nothing where no cell has any. */
export function activityView({ equations = {} }: PlaygroundModel, parts: readonly ActivityPart[]): HTMLElement[] {
  if (parts.every(({ activity }) => activity.size === 0)) return []
  const box = element('details', { className: 'small' }, element('summary', {}, 'States and gates by step'))
  const text =
    'A row per unit, those of the largest mean size first; a column per step. Blue is above zero, orange below.'
  box.addEventListener('toggle', () => {
    if (!box.open || box.children.length > 1) return
    box.append(element('p', { className: 'quiet' }, text), ...parts.flatMap((part) => figuresOf(part, equations)))
  })
  return [box]
}

/** Of each place of the model its states, then its gates in the order of the equations. What is there under two names is shown once. */
function figuresOf({ columns, activity }: ActivityPart, equations: Record<string, readonly string[]>): HTMLElement[] {
  const all = [...distinct(activity)].map(([path, steps]) => {
    const [place, name] = [placeOf(path), path.slice(path.lastIndexOf('/') + 1)]
    const own = equations[path.split('/')[0] ?? ''] ?? []
    const line = own.findIndex((equation) => equation.startsWith(`${name} =`))
    const equation = own[line] ?? own.find((each) => each.startsWith(`${name}' =`)) ?? ''
    return { place, name, line, equation, steps: columns.map((_, at) => steps[at] ?? []) }
  })
  const places = [...new Set(all.map(({ place }) => place))]
  return places.flatMap((place) => {
    const own = all.filter((each) => each.place === place).sort((a, b) => a.line - b.line)
    const figures = own.map(({ name, equation, steps }) => strips(`${place}: ${name}`, equation, columns, steps))
    return [element('h4', {}, place), element('div', { className: 'maps' }, ...figures)]
  })
}

function distinct(activity: Activity): Activity {
  const seen = new Set<string>()
  return new Map(
    [...activity].filter(([, steps]) => {
      const text = JSON.stringify(steps)
      return !seen.has(text) && seen.add(text)
    }),
  )
}

/** `decoder/stack/layer1/z` is in the decoder's layer 1, as the state `decoder/layers/layer1/h` is. */
function placeOf(path: string): string {
  const names = path.split('/').slice(0, -1)
  return names
    .filter((name) => name !== 'stack' && name !== 'layers')
    .join(', ')
    .replace(/layer(\d)/g, 'layer $1')
}

function strips(
  name: string,
  equation: string,
  columns: readonly string[],
  steps: readonly (readonly number[])[],
): HTMLElement {
  const units = Array.from({ length: steps[0]?.length ?? 0 }, (_, unit) => {
    const values = steps.map((step) => step[unit] ?? 0)
    return { unit, values, activity: values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length }
  }).sort((a, b) => b.activity - a.activity)
  const most = Math.max(1e-9, ...units.flatMap(({ values }) => values.map(Math.abs)))
  const [first] = units
  const list = element('div', { className: 'strips', tabIndex: 0 })
  list.style.setProperty('--cell', `${cellWidth(columns)}px`)
  list.setAttribute('role', 'img')
  list.ariaLabel = `${name}: ${units.length} units; the most active is ${first?.unit ?? 0}, of mean size ${(first?.activity ?? 0).toFixed(2)}`
  const draw = (count: number) => {
    const rows = units.slice(0, count).map(({ unit, values }) => strip(unit, values, most, columns))
    list.replaceChildren(head(columns), ...rows)
  }
  draw(shownAtFirst)
  const more = button(`All ${units.length} units`, `Show all units of ${name}`, () => {
    draw(units.length)
    more.remove()
  })
  const caption = element('figcaption', {}, name.slice(name.lastIndexOf(' ') + 1))
  if (equation !== '') caption.append(element('span', { className: 'quiet' }, equation))
  return element('figure', {}, caption, list, ...(units.length > shownAtFirst ? [more] : []))
}

/** Room for the names above, as far as they are short. */
function cellWidth(columns: readonly string[]): number {
  return Math.min(56, Math.max(18, 4 + 7 * Math.max(...columns.map((column) => column.length))))
}

function head(columns: readonly string[]): HTMLElement {
  const cells = columns.map((column) => element('span', { title: column }, visibleSymbol(column)))
  return element('div', { className: 'strip head' }, element('b', {}, 'unit'), ...cells)
}

function strip(unit: number, values: readonly number[], most: number, columns: readonly string[]): HTMLElement {
  const cells = values.map((value, at) => {
    const cell = element('span', { title: `unit ${unit}, ${visibleSymbol(columns[at] ?? '')}: ${value.toFixed(3)}` })
    const colour = value < 0 ? '--s2' : '--s1'
    cell.style.background = `color-mix(in srgb, var(${colour}) ${Math.round((100 * Math.abs(value)) / most)}%, transparent)`
    return cell
  })
  return element('div', { className: 'strip' }, element('b', {}, String(unit)), ...cells)
}
