import { LinesChart } from 'echarts/charts'
import * as echarts from 'echarts/core'
import { type Html, trusted } from '../../page/html.js'
import { chartParts } from './components.js'
import type { ChartOption, Size } from './types.js'

echarts.use([...chartParts, LinesChart])

/**
 * Draws a chart as SVG markup, in the process, without a browser. Colours may be custom properties of the page, so that
 * the drawing follows its theme. `id` must be unique in the page: it keeps clip paths of several drawings apart.
 */
export function drawSvg(option: ChartOption, { width, height }: Size, id: string): Html {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption({ animation: false, ...option })
    return trusted(tidy(chart.renderToSVGString(), id))
  } finally {
    chart.dispose()
  }
}

/** Leaves out hover styles and metadata that only a live chart uses, and names clip paths after the page's own id. */
function tidy(svg: string, id: string): string {
  return svg
    .replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
    .replace(/ class="zr\d+-cls-\d+"/g, '')
    .replace(/ ecmeta_[a-z_]+="[^"]*"/g, '')
    .replace(/ pointer-events="visible"/g, '')
    .replace(/zr\d+-/g, `${id}-`)
    .replace('<svg ', '<svg aria-hidden="true" focusable="false" ')
}
