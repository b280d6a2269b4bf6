import type { CustomSeriesOption } from 'echarts/charts'
import type { ChartOption, Series } from './types.js'

/**
 * The option without styles for hovered marks. ECharts makes such a style by lightening a mark's colour; ours are custom
 * properties of the page (`var(--s1)`), which it cannot parse: the hovered mark would get no colour at all, and vanish.
 */
export function still(option: ChartOption): ChartOption {
  return { ...option, series: option.series.map(stillSeries) }
}

function stillSeries(series: Series): Series {
  switch (series.type) {
    case 'custom':
      return stillDrawing(series)
    case 'heatmap':
      return { ...series, emphasis: { disabled: true } }
    case 'line':
      return { ...series, emphasis: { disabled: true } }
    case 'scatter':
      return { ...series, emphasis: { disabled: true } }
    default:
      return series
  }
}

function stillDrawing(series: CustomSeriesOption): CustomSeriesOption {
  const { renderItem } = series
  if (renderItem === undefined) return series
  return {
    ...series,
    renderItem: (params, api) => {
      const element = renderItem(params, api)
      return element ? { ...element, emphasisDisabled: true } : element
    },
  }
}
