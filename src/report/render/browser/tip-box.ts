/** A box beside a place of a drawing that says what is there; read aloud as it changes. */
export interface TipBox {
  readonly isShown: () => boolean
  /** `x` in pixels of the element. */
  show(x: number, lines: readonly HTMLElement[]): void
  hide(): void
}

/** Adds one to an element, which is positioned from then on. */
export function makeTipBox(element: HTMLElement): TipBox {
  const tip = document.createElement('div')
  tip.className = 'tip'
  tip.setAttribute('role', 'status')
  tip.hidden = true
  element.classList.add('readable')
  element.append(tip)
  return {
    isShown: () => !tip.hidden,
    show: (x, lines) => {
      tip.replaceChildren(...lines)
      tip.hidden = false
      const room = element.clientWidth - tip.offsetWidth
      const left = x + 12 > room ? x - tip.offsetWidth - 12 : x + 12
      tip.style.left = `${element.scrollLeft + Math.max(0, Math.min(room, left))}px`
    },
    hide: () => {
      tip.hidden = true
    },
  }
}

/** `b` for a heading, `div` for what follows it. */
export function tipLine(tag: 'b' | 'div', text: string): HTMLElement {
  const line = document.createElement(tag)
  line.textContent = text
  return line
}
