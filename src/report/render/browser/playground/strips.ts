import type { Activations } from '../../../../playground/sequence.js'
import { button, element, visible } from './dom.js'

const shownAtFirst = 12

/** A strip for each unit, over steps: the most active first. `series`: of each step, what each vector holds. */
export function stateStrips(steps: readonly string[], series: readonly (readonly Activations[])[]): HTMLElement {
  const names = [...new Set(series.flatMap((each) => each.map(({ name }) => name)))]
  const box = element('details', { className: 'small' }, element('summary', {}, 'States by step'))
  const text = 'A row per unit, the most active first; a column per step. Blue is above zero, orange below.'
  box.addEventListener('toggle', () => {
    if (!box.open || box.children.length > 1) return
    box.append(element('p', { className: 'quiet' }, text), ...names.map((name) => strips(name, steps, series)))
  })
  return box
}

function strips(name: string, steps: readonly string[], series: readonly (readonly Activations[])[]): HTMLElement {
  const rows = series.map((each) => each.find((one) => one.name === name)?.values ?? [])
  const units = Array.from({ length: rows[0]?.length ?? 0 }, (_, unit) => {
    const values = rows.map((row) => row[unit] ?? 0)
    return { unit, values, activity: values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length }
  }).sort((a, b) => b.activity - a.activity)
  const most = Math.max(1e-9, ...units.flatMap(({ values }) => values.map(Math.abs)))
  const [first] = units
  const list = element('div', { className: 'strips' })
  list.setAttribute('role', 'img')
  list.ariaLabel = `${name}: ${units.length} units; the most active is ${first?.unit ?? 0}, of mean size ${(first?.activity ?? 0).toFixed(2)}`
  const draw = (count: number) => {
    list.replaceChildren(...units.slice(0, count).map(({ unit, values }) => strip(unit, values, most, steps)))
  }
  draw(shownAtFirst)
  const more = button(`All ${units.length} units`, `Show all units of ${name}`, () => {
    draw(units.length)
    more.remove()
  })
  return element('figure', {}, element('figcaption', {}, name), list, ...(units.length > shownAtFirst ? [more] : []))
}

function strip(unit: number, values: readonly number[], most: number, steps: readonly string[]): HTMLElement {
  const cells = values.map((value, at) => {
    const cell = element('span', { title: `unit ${unit}, ${visible(steps[at] ?? '')}: ${value.toFixed(3)}` })
    const colour = value < 0 ? '--s2' : '--s1'
    cell.style.background = `color-mix(in srgb, var(${colour}) ${Math.round((100 * Math.abs(value)) / most)}%, transparent)`
    return cell
  })
  return element('div', { className: 'strip' }, element('b', {}, String(unit)), ...cells)
}
