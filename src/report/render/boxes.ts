import type { Box as OutlineBox, OutlineNode } from '../../model/outline.js'
import type { ModelSizes } from '../../model/sizes.js'
import { type Formulas, formulasOf, probe } from '../../spec/explain/symbolic.js'
import { modelOf, unknownSizes } from '../../spec/plan/parameters.js'
import type { Spec } from '../../spec/types.js'
import type { TaskModel } from '../../task/types.js'

/** One part of a model in a drawing: what it is, the shape of what it gives, and its place in a grid of columns. */
export interface Box {
  readonly title: string
  readonly shape: string
  readonly role: 'data' | 'part'
  readonly column: number
  readonly row: number
}

export interface Boxes {
  readonly boxes: readonly Box[]
  /** From one box to another, by their places in `boxes`. */
  readonly arrows: readonly { readonly from: number; readonly to: number }[]
}

type DrawnSpec = Pick<Spec, 'model' | 'task' | 'data'>
type Sizes = Pick<ModelSizes, 'source' | 'target' | 'features' | 'attributes'>
type Drawn = OutlineNode & { readonly box: OutlineBox }

/** The parts of a model in the order of the computation: features (where there are some), the source's side, the target's. */
export function modelBoxes(spec: DrawnSpec, sizes: Sizes | undefined): Boxes {
  const unknown = unknownSizes(spec)
  const known = sizes === undefined ? { unknown } : { sizes: { ...probe(unknown), ...sizes } }
  const model = formulasOf((at) => modelOf(spec, at), known)
  const { nodes, arrows } = model.here.outline
  const drawn = nodes.filter(isDrawn)
  const sides = (['features', 'source', 'target'] as const).map((side) => drawn.filter(({ box }) => box.side === side))
  const columns = sides.filter((column) => column.length > 0)
  const placed = columns.flatMap((column, at) => column.map(({ id }, row) => ({ id, column: at, row })))
  const shifts = alignment(placed, arrows, columns[0]?.[0]?.box.side === 'features' ? 1 : 0)
  const places = new Map(placed.map(({ id }, place) => [id, place]))
  return {
    boxes: columns.flat().map((node, place): Box => {
      const { column = 0, row = 0 } = placed[place] ?? {}
      const { title, role } = node.box
      return {
        title,
        shape: shapeText(node, model, sizes !== undefined),
        role,
        column,
        row: row + (shifts[column] ?? 0),
      }
    }),
    arrows: arrows.map(({ from, to }) => ({ from: places.get(from) ?? 0, to: places.get(to) ?? 0 })),
  }
}

function isDrawn(node: OutlineNode): node is Drawn {
  return node.box !== undefined
}

interface Placed {
  readonly id: string
  readonly column: number
  readonly row: number
}

/** Rows that each column is moved down by, so that the first arrow from the source's to the target's is level. */
function alignment(
  placed: readonly Placed[],
  arrows: readonly { from: string; to: string }[],
  first: number,
): readonly number[] {
  const place = (id: string) => placed.find((each) => each.id === id)
  const across = arrows.find(({ from, to }) => place(from)?.column === first && place(to)?.column === first + 1)
  if (across === undefined) return []
  const lower = (place(across.from)?.row ?? 0) - (place(across.to)?.row ?? 0)
  return [...new Array<number>(first).fill(0), Math.max(0, -lower), Math.max(0, lower)]
}

/** `[B, S, 64]`, or `[B, S] of 30 symbols`. */
function shapeText({ id, box }: Drawn, { text }: Formulas<TaskModel>, known: boolean): string {
  const boxIn = ({ outline }: TaskModel) => outline.nodes.find((node) => node.id === id)?.box
  const axes = box.shape.map((axis, place) => {
    if (typeof axis === 'string') return axis
    return text((model) => {
      const there = boxIn(model)?.shape[place]
      return typeof there === 'object' ? there.size : 0
    })
  })
  const shape = `[${axes.join(', ')}]`
  if (box.symbols === undefined || !known) return shape
  return `${shape} of ${text((model) => boxIn(model)?.symbols?.size ?? 0)} symbols`
}
