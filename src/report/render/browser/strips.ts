/** Values of a text whose symbols have them as titles: of the symbol under the pointer, and with the arrow keys. */
export function makeStripReadable(figure: HTMLElement): void {
  const box = figure.querySelector<HTMLElement>('.symbols')
  const symbols = [...(box?.querySelectorAll<HTMLElement>('span[title]') ?? [])]
  if (box === null || symbols.length === 0) return
  const said = document.createElement('p')
  said.className = 'small quiet said'
  said.setAttribute('role', 'status')
  box.after(said)
  let at = -1
  const hide = () => {
    symbols[at]?.classList.remove('here')
    said.textContent = ''
  }
  const show = (place: number) => {
    hide()
    at = Math.max(0, Math.min(symbols.length - 1, place))
    symbols[at]?.classList.add('here')
    said.textContent = symbols[at]?.title ?? ''
  }
  box.addEventListener('pointerover', ({ target }) => {
    const place = target instanceof HTMLElement ? symbols.indexOf(target) : -1
    if (place >= 0) show(place)
  })
  box.addEventListener('pointerleave', hide)
  box.addEventListener('blur', hide)
  box.addEventListener('keydown', (event) => {
    const moves: Readonly<Record<string, number>> = {
      ...{ ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: symbols.length - 1 },
    }
    const place = moves[event.key]
    if (event.key === 'Escape') return hide()
    if (place === undefined) return
    event.preventDefault()
    show(place)
  })
}
