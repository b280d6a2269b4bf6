import type { EChartsType } from 'echarts/core'

/**
 * Values of a chart by keyboard: left and right go from mark to mark, up and down from series to series, plus and minus zoom
 * where the chart can be zoomed. What the tooltip says is said aloud.
 */
export function makeKeys(box: HTMLElement, chart: EChartsType): void {
  const said = document.createElement('div')
  said.className = 'visually-hidden'
  said.setAttribute('role', 'status')
  box.after(said)
  let [series, at] = [0, -1]
  const show = () => {
    chart.dispatchAction({ type: 'showTip', seriesIndex: series, dataIndex: at })
    said.textContent = [...(box.querySelector('.tip')?.children ?? [])].map((line) => line.textContent).join('; ')
  }
  box.addEventListener('keydown', (event) => {
    const sizes = marksOf(chart)
    const last = (sizes[series] ?? 1) - 1
    const clamp = (value: number, most: number) => Math.max(0, Math.min(most, value))
    if (event.key === 'ArrowRight') at = clamp(at + 1, last)
    else if (event.key === 'ArrowLeft') at = clamp(at - 1, last)
    else if (event.key === 'ArrowDown') [series, at] = [clamp(series + 1, sizes.length - 1), Math.max(0, at)]
    else if (event.key === 'ArrowUp') [series, at] = [clamp(series - 1, sizes.length - 1), Math.max(0, at)]
    else if (event.key === '+' || event.key === '-') return zoom(chart, event.key === '+')
    else if (event.key === 'Escape') return void chart.dispatchAction({ type: 'hideTip' })
    else return
    event.preventDefault()
    show()
  })
  box.addEventListener('blur', () => void chart.dispatchAction({ type: 'hideTip' }))
}

interface Described {
  readonly series?: readonly { readonly data?: unknown }[]
  readonly dataZoom?: readonly { readonly start?: number; readonly end?: number }[]
}

function described(chart: EChartsType): Described {
  return chart.getOption() as Described
}

/** Marks of each series. */
function marksOf(chart: EChartsType): number[] {
  const { series = [] } = described(chart)
  return series.map(({ data }) => (Array.isArray(data) ? data.length : 0))
}

/** Whether a part of the horizontal axis is shown alone. */
export function isZoomed(chart: EChartsType): boolean {
  const { start = 0, end = 100 } = described(chart).dataZoom?.[0] ?? {}
  return start > 0 || end < 100
}

/** Halves what is shown around its middle, or doubles it. */
function zoom(chart: EChartsType, isCloser: boolean): void {
  const [shown] = described(chart).dataZoom ?? []
  if (shown === undefined) return
  const { start = 0, end = 100 } = shown
  const middle = (start + end) / 2
  const half = Math.min(50, Math.max(1, ((end - start) / 2) * (isCloser ? 0.5 : 2)))
  chart.dispatchAction({ type: 'dataZoom', start: Math.max(0, middle - half), end: Math.min(100, middle + half) })
}
