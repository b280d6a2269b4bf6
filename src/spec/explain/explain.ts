import type { Part } from '../../core/part.js'
import { leaves } from '../../core/tree.js'
import type { OutlineAxis } from '../../model/outline.js'
import type { TaskModel } from '../../task/types.js'
import { partNamed } from '../catalogue.js'
import { isMap, type Json } from '../document/nodes.js'
import {
  candidates,
  childSchema,
  type JsonSchema,
  join,
  partName,
  partSlot,
  propertiesOf,
} from '../document/schema-navigation.js'
import { type CostShape, costOf } from '../plan/cost.js'
import { countParameters, modelOf } from '../plan/parameters.js'
import { taskNamed } from '../plan/rules.js'
import { specSchema } from '../schema.js'
import type { Cost, Spec } from '../types.js'
import { equationsHere } from './equations.js'
import { type Formulas, formulasOf, type Known } from './symbolic.js'

/** A model in words and numbers; sizes are text, since they may be formulas in V_s and V_t. */
export interface Explanation {
  readonly name: string
  readonly parts: readonly ExplainedPart[]
  readonly flow: readonly { readonly name: string; readonly shape: string }[]
  readonly parameters: readonly ExplainedGroup[]
  readonly total: string
  /** Where the sizes are known. */
  readonly cost?: Cost & { readonly shape: CostShape }
}

export interface ExplainedPart {
  readonly path: string
  readonly kind: string
  readonly part: Part
  readonly options: Readonly<Record<string, Json>>
  /** Its equations under these options, each symbol with its size. */
  readonly equations: readonly string[]
  /** What its symbols are here: tensors of the flow that it gives, with their shapes. */
  readonly where: readonly string[]
}

/** Parameters that belong together: one layer and direction, one attention, ... */
export interface ExplainedGroup {
  readonly name: string
  readonly parameters: readonly { readonly name: string; readonly shape: string; readonly count: string }[]
  readonly count: string
}

/** Explains a spec's model; `shape` is a batch's mean shape, for cost. Throws RangeError where sizes depend on the data. */
export function explain(spec: Spec, known: Known, shape?: CostShape): Explanation {
  const model = formulasOf((sizes) => modelOf(spec, sizes), known)
  const flow = tensorsOf(model)
  const cost = 'sizes' in known && shape !== undefined ? { cost: { ...costOf(model.here, shape), shape } } : {}
  return {
    name: spec.name,
    parts: partsOf(spec, model, flow),
    flow,
    parameters: groupsOf(model),
    total: model.text(countParameters),
    ...cost,
  }
}

type Model = Formulas<TaskModel>
type Flow = readonly { readonly name: string; readonly path: string; readonly shape: string }[]

/** Every tensor along the way, from the source's symbols to what is scored. */
function tensorsOf({ here, text }: Model): Flow {
  return here.outline.nodes.flatMap(({ path, tensors }, node) =>
    tensors.map(({ name, axes }, tensor) => {
      const axisText = (axis: OutlineAxis, place: number) =>
        typeof axis === 'string'
          ? axis
          : text(({ outline }) => sizeOf(outline.nodes[node]?.tensors[tensor]?.axes[place]))
      return { name, path, shape: `[${axes.map(axisText).join(', ')}]` }
    }),
  )
}

function sizeOf(axis: OutlineAxis | undefined): number {
  return axis === undefined || typeof axis === 'string' ? Number.NaN : axis.size
}

/** The parts of the task, the model and the search, in the spec's order; then what joins them and is none of them. */
function partsOf(spec: Spec, model: Model, flow: Flow): readonly ExplainedPart[] {
  const { task, model: sections } = spec
  const decode = taskNamed(task.type)?.decodes ? { decode: spec.decode } : {}
  const written: Json = JSON.parse(JSON.stringify({ task, model: sections, ...decode }))
  const chosen = chosenParts(specSchema(), written, '')
  const joints = model.here.outline.nodes.flatMap(({ path, part }) =>
    part === undefined ? [] : [{ path, kind: 'the', part, options: {} }],
  )
  return [...chosen, ...joints].map((found) => ({
    ...found,
    equations: equationsHere(model, found),
    where: flow.filter(({ path }) => path === found.path).map(({ name, shape }) => `${name} ${shape}`),
  }))
}

type Chosen = Omit<ExplainedPart, 'where' | 'equations'>

function chosenParts(schema: JsonSchema, value: Json, path: string): Chosen[] {
  if (!isMap(value)) return []
  const place =
    partSlot(schema) ??
    candidates(schema, value)
      .map(partSlot)
      .find((found) => found !== undefined)
  const inside = Object.entries(value).flatMap(([key, child]) => {
    const property = childSchema(schema, value, key) ?? propertiesOf(schema)[key]
    return property === undefined ? [] : chosenParts(property, child, join(path, key))
  })
  const part = place === undefined ? undefined : partNamed(place.kind, partName(place, value) ?? '')
  if (place === undefined || part === undefined) return inside
  const own = Object.entries(value).filter(([key, child]) => key !== place.key && !isMap(child))
  return [{ path, kind: place.kind, part, options: Object.fromEntries(own) }, ...inside]
}

function groupsOf({ here, text }: Model): readonly ExplainedGroup[] {
  const all = leaves(here.parameters)
  const shapeAt = (model: TaskModel, index: number) => leaves(model.parameters)[index]?.[1].shape ?? []
  const product = (shape: readonly number[]) => shape.reduce((sum, axis) => sum * axis, 1)
  const groups = new Map<string, number[]>()
  for (const [index, [path]] of all.entries()) {
    const name = path.split('/').slice(0, -1).join('/') || path
    groups.set(name, [...(groups.get(name) ?? []), index])
  }
  return [...groups].map(([name, members]) => ({
    name,
    parameters: members.map((index) => ({
      name: all[index]?.[0].split('/').at(-1) ?? '',
      shape: `[${shapeAt(here, index)
        .map((_, place) => text((model) => shapeAt(model, index)[place] ?? 0))
        .join(', ')}]`,
      count: text((model) => product(shapeAt(model, index))),
    })),
    count: text((model) => members.reduce((sum, index) => sum + product(shapeAt(model, index)), 0)),
  }))
}
