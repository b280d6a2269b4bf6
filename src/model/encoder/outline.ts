import { type Axis, units } from '../axes.js'
import { aroundNodes, layerNodes } from '../layer-outline.js'
import type { EncoderOptions } from '../options.js'
import type { OutlineNode } from '../outline.js'
import type { Encoder } from './types.js'

/** The layers of an encoder that reads `input` (E), and the operations around them. */
export function encoderNodes(options: EncoderOptions, input: Axis, { layers, output }: Encoder): OutlineNode[] {
  const hidden = units('H', options.hidden)
  const stack = { section: 'encoder', options, layers, input, hidden, output } as const
  return [...layerNodes(stack), ...aroundNodes(stack)]
}
