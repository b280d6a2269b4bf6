type Child = Node | string | undefined | false

interface Attributes {
  readonly [name: string]: string | boolean | undefined
}

/** An element with its attributes and children. Texts become text nodes: nothing from a spec or data is ever markup. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : value)
  }
  for (const child of children) if (child !== undefined && child !== false) made.append(child)
  return made
}

/** A section under a heading, by which it is named. */
export function titledSection(title: string, ...children: readonly Child[]): HTMLElement {
  return element('section', { 'aria-label': title }, element('h2', {}, title), ...children)
}

/** A link to another page of the server. */
export function link(href: string, text: string): HTMLAnchorElement {
  return element('a', { href }, text)
}

/** A path below the server's root; names may have any character. */
export function pathOf(base: string, ...names: readonly string[]): string {
  return base + names.map(encodeURIComponent).join('/')
}

interface TableChoices {
  /** Of columns' heads, by their names. */
  readonly classes?: Readonly<Record<string, string>>
  /** Whether a heading above it says what its caption says. */
  readonly isHeaded?: boolean
}

/** A table in a box of its own. */
export function tableBox(
  caption: string,
  head: readonly string[],
  { classes = {}, isHeaded = false }: TableChoices = {},
): { readonly box: HTMLElement; readonly body: HTMLElement } {
  const body = element('tbody')
  const cells = head.map((text) => element('th', { scope: 'col', class: classes[text] }, text))
  const table = element(
    'table',
    {},
    element('caption', { class: isHeaded && 'visually-hidden' }, caption),
    element('thead', {}, element('tr', {}, ...cells)),
    body,
  )
  const box = element('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': caption }, table)
  return { box, body }
}
