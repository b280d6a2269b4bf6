import type { Axis } from '../axes.js'
import { axesOf, type OutlineNode, partNode, products } from '../outline.js'
import { type FormerChoice, formers } from './index.js'
import type { Context } from './types.js'

/** One fixed C of what the encoder gives (D). A map within it reads what the encoder gives (I). */
export function contextNodes(choice: FormerChoice, outputs: Axis, { output, parameters }: Context): OutlineNode[] {
  const part = formers.get(choice.from)
  const shape = ['B', output] as const
  return [
    partNode(part, choice, {
      id: 'context',
      path: 'model.context',
      tensors: [{ name: 'C', axes: shape }],
      axes: { ...axesOf(parameters), D: outputs, I: outputs, C: output },
      work: [products(parameters, part.needsLast ? 'example' : 'source step')],
      box: { title: `C: ${choice.from}`, side: 'source', role: 'part', shape },
    }),
  ]
}
