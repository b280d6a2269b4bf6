import type { XAXisComponentOption, YAXisComponentOption } from 'echarts'
import type { CustomSeriesOption, HeatmapSeriesOption, LineSeriesOption, ScatterSeriesOption } from 'echarts/charts'
import type { GridComponentOption, TooltipComponentOption, VisualMapComponentOption } from 'echarts/components'
import type { ComposeOption } from 'echarts/core'

export type Series = CustomSeriesOption | HeatmapSeriesOption | LineSeriesOption | ScatterSeriesOption
export type { XAXisComponentOption as XAxis, YAXisComponentOption as YAxis }

/** ECharts options of the series and components that our charts use. */
export type ChartOption = Omit<
  ComposeOption<Series | GridComponentOption | TooltipComponentOption | VisualMapComponentOption>,
  'series'
> & { series: Series[] }

export interface Size {
  readonly width: number
  readonly height: number
}
