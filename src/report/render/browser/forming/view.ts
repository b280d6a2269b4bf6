import { joinTokens } from '../../../../core/pieces.js'
import type { Forming, Frame, SampledExample } from '../../../analysis/samples/types.js'
import { count } from '../../../format/numbers.js'
import { frameText } from '../../frame-text.js'
import { button, element, labelled } from '../playground/dom.js'
import { sampleElements } from './sample.js'

/** A slider over validations, and what the model gave then for an example that is picked. */
export interface FormingView {
  readonly element: HTMLElement
  /** Draws what is known now; who looks at the last validation goes on to the new last one. */
  show(forming: Forming): void
}

const playMs = 300

export function createForming(): FormingView {
  const picker = element('select')
  const slider = element('input', { type: 'range', min: '0', max: '0', step: '1' })
  const play = button('Play', 'Show one validation after the other', () => toggle())
  const status = element('p', { className: 'lead' })
  status.setAttribute('role', 'status')
  const shown = element('div', { className: 'formed' })
  const fields = element(
    'div',
    { className: 'fields controls' },
    labelled('Example', picker),
    labelled('Validation', slider),
    play,
  )
  let forming: Forming | undefined
  let timer = 0

  const draw = () => {
    const frame = forming?.frames[Number(slider.value)]
    const example = forming?.examples[Number(picker.value)]
    const output = frame?.outputs[Number(picker.value)]
    if (forming === undefined || frame === undefined || example === undefined || output === undefined) return
    slider.setAttribute('aria-valuetext', frameText(frame))
    status.textContent = frameText(frame)
    keepHeight(shown)
    shown.replaceChildren(...sampleElements(forming, example, output))
  }
  const stop = () => {
    clearInterval(timer)
    timer = 0
    play.textContent = 'Play'
  }
  const toggle = () => {
    if (timer !== 0) return stop()
    if (slider.value === slider.max) slider.value = '0'
    play.textContent = 'Stop'
    draw()
    timer = window.setInterval(() => {
      slider.value = String(Number(slider.value) + 1)
      draw()
      if (slider.value === slider.max) stop()
    }, playMs)
  }
  slider.addEventListener('input', () => {
    stop()
    draw()
  })
  picker.addEventListener('change', () => {
    shown.style.minHeight = ''
    draw()
  })
  return {
    element: element('div', { className: 'forming' }, fields, status, shown),
    show: (now) => {
      const before = forming?.frames[Number(slider.value)]?.step
      const isLast = slider.value === slider.max
      forming = now
      if (picker.options.length !== now.examples.length) picker.replaceChildren(...now.examples.map(optionOf(now)))
      const last = now.frames.length - 1
      slider.max = String(last)
      slider.value = String(isLast && timer === 0 ? last : nearest(now.frames, before))
      slider.disabled = last <= 0
      play.disabled = last <= 0
      draw()
    },
  }
}

/** What follows does not jump while outputs become longer and shorter. */
function keepHeight(box: HTMLElement): void {
  box.style.minHeight = `${box.offsetHeight}px`
}

function nearest(frames: readonly Frame[], step = 0): number {
  const distance = (at: number) => Math.abs((frames[at]?.step ?? 0) - step)
  return frames.reduce((best, _, at) => (distance(at) < distance(best) ? at : best), 0)
}

const optionOf = (forming: Forming) => (example: SampledExample, at: number) =>
  element('option', { value: String(at) }, `${at + 1}: ${nameOf(forming, example)}`)

function nameOf({ kind, joiners }: Forming, { index, source }: SampledExample): string {
  const text = kind === 'numbers' ? `window ${count(index)}` : joinTokens(source, joiners.source)
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}
