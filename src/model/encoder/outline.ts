import { type Axis, units } from '../axes.js'
import { aroundNodes, type LayerStack, layerNodes } from '../layer-outline.js'
import type { EncoderOptions } from '../options.js'
import type { OutlineNode } from '../outline.js'
import type { Encoder } from './types.js'

/** The layers of an encoder that reads `input` (E), and the operations around them. */
export function encoderNodes(options: EncoderOptions, input: Axis, { layers }: Encoder): OutlineNode[] {
  const stack = { section: 'encoder', options, layers, input, widths: widthsOf(layers) } as const
  return [...layerNodes(stack), ...aroundNodes(stack)]
}

/** H and D of each layer. */
export function widthsOf(layers: Encoder['layers']): LayerStack['widths'] {
  return layers.flatMap(([first]) => {
    return first === undefined ? [] : [{ hidden: units('H', first.hidden), output: first.output }]
  })
}
