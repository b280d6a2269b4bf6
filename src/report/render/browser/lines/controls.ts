import type { AxisName } from '../../../analysis/trial/axes.js'

interface Changes {
  axis(name: AxisName): void
  log(log: boolean): void
  /** Shows the whole horizontal axis again. */
  whole(): void
}

interface Controls {
  /** Which choices make sense for what is drawn. */
  offer(choices: { readonly axes: boolean; readonly log: boolean }): void
  show(state: { readonly axis: AxisName; readonly log: boolean; readonly isZoomed: boolean }): void
}

/** Controls below a picture of lines: what the horizontal axis counts, the scale, the way back from a zoom. */
export function makeControls(
  figure: HTMLElement,
  { choices, hint: isHinted }: { readonly choices: readonly (readonly [AxisName, string])[]; readonly hint: boolean },
  change: Changes,
): Controls {
  const box = document.createElement('p')
  box.className = 'controls small'
  const select = document.createElement('select')
  select.append(...choices.map(([name, text]) => new Option(text, name)))
  const chosen = () => choices.find(([name]) => name === select.value)?.[0]
  select.addEventListener('change', () => change.axis(chosen() ?? 'step'))
  const axis = document.createElement('label')
  axis.append('x: ', select)
  const log = document.createElement('input')
  log.type = 'checkbox'
  log.addEventListener('change', () => change.log(log.checked))
  const scale = document.createElement('label')
  scale.append(log, ' logarithmic scale')
  const whole = document.createElement('button')
  whole.type = 'button'
  whole.textContent = 'Whole curve'
  whole.addEventListener('click', change.whole)
  box.append(axis, ' ', scale, ' ', whole, ' ')
  if (isHinted) {
    const hint = document.createElement('span')
    hint.className = 'quiet hint'
    hint.textContent = 'In these pictures dragging, Ctrl and the wheel, or + and - zoom; arrows read values.'
    box.append(hint)
  }
  figure.append(box)
  return {
    offer: (offered) => {
      axis.hidden = !offered.axes || choices.length < 2
      scale.hidden = !offered.log
    },
    show: (state) => {
      select.value = state.axis
      log.checked = state.log
      whole.hidden = !state.isZoomed
    },
  }
}
