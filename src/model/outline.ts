import type { Part } from '../core/part.js'
import { leaves } from '../core/tree.js'
import type { Axis } from './axes.js'
import type { ParameterTree } from './parameters.js'

/**
 * What a built model is, for people: explain, the report's drawing and the estimate of cost print it, and know no part's
 * options or parameters. What indexes a parameter's axes is in the parameters themselves (`ParameterSpec.axes`).
 */
export interface Outline {
  /** In the order of the computation. */
  readonly nodes: readonly OutlineNode[]
  /** Between nodes that are drawn, by their ids. */
  readonly arrows: readonly Arrow[]
}

export interface Arrow {
  readonly from: string
  readonly to: string
}

export interface OutlineNode {
  readonly id: string
  /** The dotted path of its options in the spec; `data` for the data. */
  readonly path: string
  /** Which of the nodes with this path it is: `layer 1, each direction`. */
  readonly label?: string
  /** What it is, where no part is written at its path (a bridge, a normalisation). */
  readonly part?: Part
  /** What it reads and gives. */
  readonly tensors: readonly OutlineTensor[]
  /** Those of its part's equations that apply. */
  readonly equations: readonly string[]
  /** Shapes of the equations' symbols by names of axes (`Part.symbols`), and those axes. */
  readonly symbols: Readonly<Record<string, readonly string[]>>
  readonly axes: Readonly<Record<string, Axis>>
  readonly work: readonly Work[]
  readonly box?: Box
}

/** B examples, S source steps, T target steps, F features of an example, C characters and K values of a symbol, or an axis with a size. */
export type OutlineAxis = 'B' | 'S' | 'T' | 'F' | 'C' | 'K' | Axis

export interface OutlineTensor {
  readonly name: string
  readonly axes: readonly OutlineAxis[]
}

/** How a node is drawn. */
export interface Box {
  readonly title: string
  readonly side: 'source' | 'features' | 'target'
  readonly role: 'data' | 'part'
  /** Shape of what it gives. */
  readonly shape: readonly OutlineAxis[]
  /** The symbols that its ids are of. */
  readonly symbols?: Axis
}

/** The matrix products of a forward pass. */
export interface Work {
  /** How often they are computed: for each example, each of its steps, or each pair of a source and a target step. */
  readonly per: 'example' | 'source step' | 'target step' | 'pair of steps'
  readonly multiplyAdds: number
  /** How many numbers they give, which the backward pass needs. */
  readonly results: number
}

type Given = Partial<OutlineNode> & Pick<OutlineNode, 'id' | 'path'>

/** A node of a part: its symbols, and those of its equations that are about the chosen options. */
export function partNode(part: Part, options: Readonly<Record<string, unknown>>, node: Given): OutlineNode {
  return plainNode({ equations: equationsUnder(part, options), symbols: part.symbols ?? {}, ...node })
}

/** A node without a registered part. */
export function plainNode(node: Given): OutlineNode {
  return { tensors: [], equations: [], symbols: {}, axes: {}, work: [], ...node }
}

/** Arrows from each to the next. */
export function chain(...ids: readonly string[]): Arrow[] {
  return ids.slice(1).map((to, index) => ({ from: ids[index] ?? '', to }))
}

/** The ids of nodes that are drawn. */
export function drawn(nodes: readonly OutlineNode[]): string[] {
  return nodes.filter(({ box }) => box !== undefined).map(({ id }) => id)
}

/** Products with every weight matrix once. */
export function products(parameters: ParameterTree, per: Work['per']): Work {
  const matrices = leaves(parameters).flatMap(([, { axes }]) => (axes.length > 1 ? [axes] : []))
  return {
    per,
    multiplyAdds: matrices.reduce((sum, axes) => sum + axes.reduce((product, { size }) => product * size, 1), 0),
    results: matrices.reduce((sum, axes) => sum + (axes.at(-1)?.size ?? 0), 0),
  }
}

/** Work that is done so many times: for each feature of an example, for each character of a symbol. */
export function forEach(count: number, { per, multiplyAdds, results }: Work): Work {
  return { per, multiplyAdds: count * multiplyAdds, results: count * results }
}

/** Every axis of the parameters by its name, those that others are made of included. */
export function axesOf(parameters: ParameterTree): Record<string, Axis> {
  const all = leaves(parameters).flatMap(([, { axes }]) => axes.flatMap(withParts))
  return Object.fromEntries(all.map((axis) => [axis.name, axis]))
}

function withParts(axis: Axis): Axis[] {
  return [axis, ...(axis.parts ?? []).flatMap(withParts)]
}

const mark = /\s+\((no )?(\w+)(?:: ([\w-]+))?\)\s*$/

/** The equations without their marks; one that ends in `(reset: after)`, `(coverage)` or `(no coverage)` is about that option. */
export function equationsUnder(part: Part, options: Readonly<Record<string, unknown>>): string[] {
  const names = new Set([...Object.keys(part.options.properties), ...Object.keys(options)])
  return part.equations.flatMap((equation) => {
    const [all, not, key, value] = mark.exec(equation) ?? []
    if (all === undefined || key === undefined || !names.has(key)) return [equation]
    const chosen = options[key]
    const applies = value !== undefined ? String(chosen) === value : (chosen !== undefined) === (not === undefined)
    return applies ? [equation.slice(0, -all.length)] : []
  })
}
