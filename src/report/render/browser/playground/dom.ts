/** An element with properties and children; texts only ever become text nodes. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...children)
  return made
}

/** Why there is no answer. */
export function failure(error: unknown): HTMLElement {
  return element('p', { className: 'failure' }, error instanceof Error ? error.message : String(error))
}

/** A label above a control. */
export function labelled(text: string, control: HTMLElement): HTMLElement {
  return element('label', { className: 'field' }, element('span', { className: 'small quiet' }, text), control)
}

export function button(text: string, title: string, act: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', title }, text)
  made.addEventListener('click', act)
  return made
}

/** `93.1 %`; of small ones so many zeros that something is seen: `0.0066 %`, at the least `< 0.0001 %`. */
export function percent(probability: number): string {
  const value = 100 * probability
  if (value > 0 && value < 0.01)
    return value < 1e-4 ? '< 0.0001 %' : `${Number(value.toPrecision(2)).toFixed(6).replace(/0+$/, '')} %`
  return `${value >= 99.95 && value < 100 ? '> 99.9' : value.toPrecision(3).replace(/\.?0+$/, '')} %`
}

/** A table in a box that scrolls sideways. */
export function scrolling(name: string, table: HTMLTableElement): HTMLElement {
  const box = element('div', { className: 'scroll', tabIndex: 0 }, table)
  box.setAttribute('role', 'group')
  box.setAttribute('aria-label', name)
  return box
}

export function headRow(names: readonly string[]): HTMLTableSectionElement {
  const cells = names.map((name) => element('th', { scope: 'col' }, name))
  return element('thead', {}, element('tr', {}, ...cells))
}

/** A cell as strong as its weight; words on it stay readable. */
export function shade(cell: HTMLElement, weight: number, colour = '--s1'): void {
  cell.style.background = `color-mix(in srgb, var(${colour}) ${Math.round(45 * Math.min(1, weight))}%, transparent)`
}
