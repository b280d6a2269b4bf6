import { LinesChart } from 'echarts/charts'
import type { EChartsCoreOption } from 'echarts/core'
import * as echarts from 'echarts/core'
import { type Html, html, trusted } from '../../page/html.js'
import { chartComponents } from './components.js'
import { failureText } from './failure.js'
import type { Size } from './types.js'

echarts.use([...chartComponents, LinesChart])

/**
 * Draws a chart as SVG markup, in the process, without a browser. Colours may be custom properties of the page, so that
 * the drawing follows its theme. `id` must be unique in the page: it keeps clip paths of several drawings apart. A picture
 * that cannot be drawn is a sentence with the reason: the page around it is worth having without it.
 */
export function drawSvg(option: (size: Size) => EChartsCoreOption, size: Size, id: string): Html {
  try {
    return draw(option(size), size, id)
  } catch (error) {
    return html`<p class="quiet">${failureText(error)}</p>`
  }
}

function draw(option: EChartsCoreOption, { width, height }: Size, id: string): Html {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption({ animation: false, ...option })
    return trusted(tidy(chart.renderToSVGString(), id))
  } finally {
    chart.dispose()
  }
}

/** Removes hover styles and metadata that only interactive charts use, and prefixes clip paths with the chart's id. */
function tidy(svg: string, id: string): string {
  return svg
    .replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
    .replace(/ class="zr\d+-cls-\d+"/g, '')
    .replace(/ ecmeta_[a-z_]+="[^"]*"/g, '')
    .replace(/ pointer-events="visible"/g, '')
    .replace(/zr\d+-/g, `${id}-`)
    .replace('<svg ', '<svg aria-hidden="true" focusable="false" ')
}
