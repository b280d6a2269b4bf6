import type { CustomSeriesRenderItemParams } from 'echarts'
import type { ModelSizes } from '../../model/sizes.js'
import type { Spec } from '../../spec/types.js'
import { type Box, modelBoxes } from './boxes.js'
import { fontFamily } from './charts/base/axes.js'
import { drawSvg } from './charts/base/svg.js'
import { colour } from './page/colours.js'
import type { Html } from './page/html.js'

const box = { width: 168, height: 44, gapX: 18, gapY: 22 }
const margin = 6

/** Middle of a box in pixels. */
function middle({ column, row }: Box): { x: number; y: number } {
  return {
    x: margin + box.width / 2 + column * (box.width + box.gapX),
    y: margin + box.height / 2 + row * (box.height + box.gapY),
  }
}

/**
 * A drawing of a model as SVG: its parts from top to bottom, the source's side on the left and the target's on the right
 * (features left of both), each with the shape of what it gives. Axis names: B batch, S source steps, T target steps, F
 * features of an example.
 */
export function drawModel(
  spec: Pick<Spec, 'model' | 'task' | 'data'>,
  sizes: Pick<ModelSizes, 'source' | 'target' | 'features'> | undefined,
  id: string,
): Html {
  const { boxes, arrows } = modelBoxes(spec, sizes)
  const columns = Math.max(...boxes.map(({ column }) => column)) + 1
  const rows = Math.max(...boxes.map(({ row }) => row)) + 1
  const width = 2 * margin + columns * box.width + (columns - 1) * box.gapX
  const height = 2 * margin + rows * box.height + (rows - 1) * box.gapY
  const hidden = { show: false, type: 'value', min: 0 }
  const option = {
    textStyle: { fontFamily },
    grid: { left: 0, right: 0, top: 0, bottom: 0 },
    xAxis: { ...hidden, max: width },
    yAxis: { ...hidden, max: height, inverse: true },
    // Boxes hide the arrows that pass below them.
    series: [arrowSeries(boxes, arrows), boxSeries(boxes)],
  }
  return drawSvg(() => option, { width, height }, id)
}

function boxSeries(boxes: readonly Box[]) {
  const text = (content: string, x: number, y: number, fontSize: number, fill: string) => ({
    type: 'text' as const,
    x,
    y,
    style: {
      text: content,
      width: box.width - 8,
      overflow: 'truncate' as const,
      fill,
      fontSize,
      fontFamily,
      align: 'center' as const,
      verticalAlign: 'middle' as const,
    },
  })
  return {
    type: 'custom',
    silent: true,
    data: boxes.map((one) => [middle(one).x, middle(one).y]),
    renderItem: ({ dataIndex }: CustomSeriesRenderItemParams) => {
      const one = boxes[dataIndex]
      if (one === undefined) return undefined
      const { x, y } = middle(one)
      const frame = {
        type: 'rect' as const,
        shape: { x: x - box.width / 2, y: y - box.height / 2, width: box.width, height: box.height, r: 7 },
        style: { fill: colour('panel'), stroke: one.role === 'data' ? colour('line') : colour('s1'), lineWidth: 1.5 },
      }
      const words = [text(one.title, x, y - 8, 12, colour('ink')), text(one.shape, x, y + 9, 11, colour('quiet'))]
      return { type: 'group' as const, children: [frame, ...words] }
    },
  }
}

function arrowSeries(boxes: readonly Box[], arrows: readonly { from: number; to: number }[]) {
  return {
    type: 'lines',
    coordinateSystem: 'cartesian2d',
    silent: true,
    symbol: ['none', 'arrow'],
    symbolSize: 7,
    lineStyle: { color: colour('quiet'), width: 1.5, opacity: 1 },
    data: arrows.flatMap(({ from, to }) => {
      const start = boxes[from]
      const end = boxes[to]
      return start === undefined || end === undefined ? [] : [{ coords: route(start, end) }]
    }),
  }
}

/** From border to border: down within a column, across between columns (an answer runs a little lower). */
function route(start: Box, end: Box): [number, number][] {
  const from = middle(start)
  const to = middle(end)
  if (start.column === end.column) {
    const way = Math.sign(to.y - from.y)
    return [
      [from.x, from.y + (way * box.height) / 2],
      [to.x, to.y - (way * box.height) / 2],
    ]
  }
  const way = Math.sign(to.x - from.x)
  const lower = way < 0 ? 9 : -9
  return [
    [from.x + (way * box.width) / 2, from.y + lower],
    [to.x - (way * box.width) / 2, to.y + lower],
  ]
}
