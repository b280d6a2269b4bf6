import { type OutlineNode, partNode, plainNode } from '../outline.js'
import { type RepresentationChoice, representations } from './index.js'
import type { BuiltRepresentation, Side } from './types.js'

const names = {
  source: { data: 'source', embedded: 'embedded source', title: 'source' },
  target: { data: 'previous', embedded: 'embedded previous symbol', title: 'previous symbol' },
} as const

/** One side's data and how they are represented: what goes into the encoder, or step by step into the decoder. */
export function sideNodes(
  side: 'source' | 'target',
  choice: RepresentationChoice,
  { kind, axis }: Side,
  { output }: BuiltRepresentation,
): OutlineNode[] {
  const { data, embedded, title } = names[side]
  const steps = side === 'source' ? (['B', 'S'] as const) : (['B', 'T'] as const)
  const shape = kind === 'values' ? [...steps, axis] : steps
  const tensor = { name: `${data} ${kind === 'values' ? 'numbers' : 'symbols'}`, axes: shape }
  const symbols = kind === 'ids' ? { symbols: axis } : {}
  return [
    plainNode({ id: side, path: 'data', tensors: [tensor], box: { title, side, role: 'data', shape, ...symbols } }),
    partNode(representations.get(choice.type), choice, {
      id: `${side}.representation`,
      path: `model.${side}.representation`,
      tensors: [{ name: embedded, axes: [...steps, output] }],
      axes: { V: axis, E: output },
      box: { title: choice.type, side, role: 'part', shape: [...steps, output] },
    }),
  ]
}
