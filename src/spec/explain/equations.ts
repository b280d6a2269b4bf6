import type { Part } from '../../core/part.js'
import type { Axis } from '../../model/axes.js'
import { equationsUnder, type Outline, type OutlineNode } from '../../model/outline.js'
import type { TaskModel } from '../../task/types.js'
import type { Formulas } from './symbolic.js'

interface Chosen {
  readonly path: string
  readonly part: Part
  readonly options: Readonly<Record<string, unknown>>
}

/** A part's equations as they are here: only those of the chosen options, each symbol with its size. */
export function equationsHere(model: Formulas<TaskModel>, chosen: Chosen): readonly string[] {
  return statedIn(model.here.outline, chosen).flatMap(({ id, label, equations, symbols }) => {
    const axisText = (name: string) => model.text(({ outline }) => sizeOfAxis(name, nodeOf(outline, id)))
    const shape = (symbol: string) => (symbols[symbol] ?? []).map(axisText).join(', ')
    const sized = equations.map((equation) => withShapes(equation, Object.keys(symbols), shape))
    return label === undefined ? sized : [`${label}:`, ...sized.map((equation) => `  ${equation}`)]
  })
}

type Stated = Pick<OutlineNode, 'id' | 'label' | 'equations' | 'symbols'>

/**
 * The nodes at the part's path that have equations. A part without one (a map within a context) has the axes of what it
 * is within, where those are all that its symbols need; else its equations are without sizes.
 */
function statedIn({ nodes }: Outline, { path, part, options }: Chosen): readonly Stated[] {
  const partNodes = nodes.filter((node) => node.path === path && node.equations.length > 0)
  if (partNodes.length > 0) return partNodes
  const { symbols = {} } = part
  const around = nodes.find((node) => path.startsWith(`${node.path}.`) && hasAll(node.axes, symbols))
  const equations = equationsUnder(part, options)
  return [{ id: around?.id ?? '', equations, symbols: around === undefined ? {} : symbols }]
}

function hasAll(axes: Readonly<Record<string, Axis>>, symbols: NonNullable<Part['symbols']>): boolean {
  const needed = Object.values(symbols).flatMap((shape) => shape.flatMap((axis) => axis.split('+')))
  return needed.every((name) => name in axes)
}

function nodeOf({ nodes }: Outline, id: string): OutlineNode | undefined {
  return nodes.find((node) => node.id === id)
}

/** `D+H` is a sum. Throws RangeError for an axis that has no size at this place. */
function sizeOfAxis(axis: string, node: OutlineNode | undefined): number {
  return axis.split('+').reduce((sum, name) => {
    const size = node?.axes[name]?.size
    if (size === undefined) throw new RangeError(`There is no axis ${name} here`)
    return sum + size
  }, 0)
}

/** The first of each symbol with its shape: `W x + b` -> `W[3, 2] x[2] + b[3]`. */
function withShapes(equation: string, symbols: readonly string[], shapeOf: (symbol: string) => string): string {
  if (symbols.length === 0) return equation
  const longestFirst = [...symbols].sort((a, b) => b.length - a.length)
  const letter = "[\\p{L}\\p{M}\\p{N}_']"
  const found = new RegExp(`(?<!${letter})(?:${longestFirst.join('|')})(?=ᵀ|(?!${letter}))`, 'gu')
  const seen = new Set<string>()
  return equation.replace(found, (symbol) => {
    if (seen.has(symbol)) return symbol
    seen.add(symbol)
    return `${symbol}[${shapeOf(symbol)}]`
  })
}
