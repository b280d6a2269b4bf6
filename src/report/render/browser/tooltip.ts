import type { TooltipComponentOption } from 'echarts/components'
import { type Tip, tipsOf } from '../charts/base/tip.js'
import { swatch } from '../page/legend.js'

/** A tooltip that says what the marks' tips say. Names only ever become text. */
export function tooltip(trigger: 'axis' | 'item'): TooltipComponentOption {
  return {
    trigger,
    className: 'tip',
    confine: true,
    axisPointer: { type: 'line', lineStyle: { color: 'var(--quiet)' } },
    backgroundColor: 'var(--panel)',
    borderColor: 'var(--line)',
    textStyle: { color: 'var(--ink)', fontSize: 12 },
    extraCssText: 'max-width:min(360px,90vw);white-space:normal;overflow-wrap:anywhere;line-height:1.35',
    formatter: (marks: unknown) => elementsOf(tipsOf(marks)),
  }
}

/** Tips with the same heading follow one heading. An empty list makes ECharts show no tooltip. */
function elementsOf(tips: readonly Tip[]): HTMLElement[] {
  const headings = [...new Set(tips.map(({ heading }) => heading))]
  return headings.flatMap((heading) => [
    element('b', heading),
    ...tips.filter((tip) => tip.heading === heading).flatMap(tipElements),
  ])
}

function tipElements({ series, lines }: Tip): HTMLElement[] {
  if (series === undefined) return lines.map((line) => element('div', line))
  const { name, ...drawn } = series
  const [first = '', ...rest] = lines
  const head = element('div', `${name}: ${first}`)
  const sample = document.createElement('span')
  sample.style.cssText = 'display:inline-block;vertical-align:middle;margin-right:6px'
  sample.insertAdjacentHTML('afterbegin', swatch(drawn).markup)
  head.prepend(sample)
  return [head, ...rest.map((line) => indented(line))]
}

function element(tag: 'b' | 'div', text: string): HTMLElement {
  const made = document.createElement(tag)
  made.textContent = text
  return made
}

function indented(line: string): HTMLElement {
  const made = element('div', line)
  made.style.paddingLeft = '34px'
  return made
}
