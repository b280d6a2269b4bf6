import { at } from '../core/lists.js'
import { noOptions, type Part } from '../core/part.js'
import type { Axis } from './axes.js'
import { type CellChoice, cells } from './cells/index.js'
import type { Cell } from './cells/types.js'
import { forEach, type OutlineNode, type OutlineTensor, partNode, plainNode, products, type Work } from './outline.js'

/** A stack of layers, as an encoder and a decoder have them. */
export interface LayerStack {
  readonly section: 'encoder' | 'features' | 'decoder'
  /** How many features an example has at most, where these layers read them. */
  readonly longest?: number
  readonly options: {
    readonly cell: CellChoice
    readonly layers: number
    readonly layerNorm: boolean
    readonly residual: boolean
  }
  /** From the bottom: the cell of each direction. */
  readonly layers: readonly (readonly { readonly built: Cell; readonly direction?: string }[])[]
  /** What the first layer reads. */
  readonly input: Axis
  /** Of each layer: the size of its states, and what it gives. */
  readonly widths: readonly { readonly hidden: Axis; readonly output: Axis }[]
}

/** Each layer's cells, and what it gives. */
export function layerNodes(stack: LayerStack): OutlineNode[] {
  return stack.layers.flatMap((_, index) => [cellNode(stack, index), layerNode(stack, index)])
}

/** Operations around the layers. */
export function aroundNodes({ section, options }: LayerStack): OutlineNode[] {
  const described = (name: string, part: Part) =>
    plainNode({ id: `${section}.${name}`, path: `model.${section}.${name}`, part, equations: part.equations })
  return [
    ...(options.layerNorm ? [described('layerNorm', normalisation)] : []),
    ...(options.residual ? [described('residual', residual)] : []),
  ]
}

/** Layers above the second are like it: their equations are not repeated. */
function cellNode(stack: LayerStack, index: number): OutlineNode {
  const { section, options, layers, widths } = stack
  const part = cells.get(options.cell.type)
  const label = labelOf(stack, index)
  const path = pathOf(stack)
  return partNode(part, options.cell, {
    id: `${section}.layer${index + 1}.cell`,
    path: `${path}.cell`,
    ...(label === undefined ? {} : { label }),
    tensors: cellTensors(stack, index),
    ...(index > 1 ? { equations: [] } : {}),
    axes: { I: inputOf(stack, index), H: at(widths, index).hidden },
    work: (layers[index] ?? []).map(({ built }) => workOf(stack, built)),
  })
}

function cellTensors(stack: LayerStack, index: number): OutlineTensor[] {
  const name = `${stack.section} layer ${index + 1}`
  const states = (stack.layers[index] ?? []).flatMap(({ built, direction }) =>
    Object.entries(built.state).map(([state, axis]): OutlineTensor => {
      const which = direction === undefined ? name : `${name} ${direction}`
      return { name: `${which}, state ${state}`, axes: ['B', axis] }
    }),
  )
  return [{ name: `${name} input x`, axes: ['B', stepsOf(stack), inputOf(stack, index)] }, ...states]
}

function layerNode(stack: LayerStack, index: number): OutlineNode {
  const { section, options, layers, widths } = stack
  const shape = ['B', stepsOf(stack), at(widths, index).output] as const
  const [number, both] = [layers.length > 1 ? ` ${index + 1}` : '', (layers[index]?.length ?? 1) > 1 ? 'bi-' : '']
  const title = `${section}${number}: ${both}${options.cell.type}`
  return plainNode({
    id: `${section}.layer${index + 1}`,
    path: pathOf(stack),
    tensors: [{ name: `${section} layer ${index + 1} outputs`, axes: shape }],
    box: { title, side: sides[section], role: 'part', shape },
  })
}

const sides = { encoder: 'source', features: 'features', decoder: 'target' } as const
const steps = { encoder: 'S', features: 'F', decoder: 'T' } as const
const stepsOf = ({ section }: LayerStack) => steps[section]

function pathOf({ section }: LayerStack): string {
  return section === 'features' ? 'model.features.encoder' : `model.${section}`
}

function workOf({ section, longest = 1 }: LayerStack, { parameters }: Cell): Work {
  if (section === 'features') return forEach(longest, products(parameters, 'example'))
  return products(parameters, section === 'encoder' ? 'source step' : 'target step')
}

const inputOf = ({ input, widths }: LayerStack, index: number) => (index === 0 ? input : at(widths, index - 1).output)

/** `layer 1, each direction`; nothing where there is no other. Layers above the second have one label where all are alike. */
function labelOf({ layers, widths }: LayerStack, index: number): string | undefined {
  const both = (layers[index]?.length ?? 1) > 1
  const directions = both ? ', each direction' : ''
  if (index === 0) return layers.length > 1 || both ? `layer 1${directions}` : undefined
  const alike = layers.length > 2 && new Set(widths.map(({ hidden }) => hidden.size)).size === 1
  return `${alike ? `layers 2 to ${layers.length}, each` : `layer ${index + 1}`}${directions}`
}

const normalisation: Part = {
  name: 'layer normalisation',
  summary: "Of each layer's outputs.",
  equations: ['y = (x − mean(x)) / √(variance(x) + 1e-5) ⊙ g + b, over the numbers of each output x'],
  source: { paper: 'Ba et al. 2016, Layer Normalization' },
  options: noOptions,
}

const residual: Part = {
  name: 'residual connection',
  summary: 'Each layer after the first adds its input to its output.',
  equations: ['y = x + layer(x)'],
  source: { paper: 'Wu et al. 2016, Google’s Neural Machine Translation System' },
  options: noOptions,
}
