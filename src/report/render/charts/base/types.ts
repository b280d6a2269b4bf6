import type { EChartsCoreOption } from 'echarts/core'

export type ChartOption = EChartsCoreOption

export interface Size {
  readonly width: number
  readonly height: number
}
