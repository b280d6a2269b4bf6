import type { Part } from '../../core/part.js'
import { leaves } from '../../core/tree.js'
import type { ModelSizes } from '../../model/types.js'
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
import { type Cost, type CostShape, costOf } from '../plan/cost.js'
import { countParameters, modelOf } from '../plan/parameters.js'
import { taskNamed } from '../plan/rules.js'
import { specSchema } from '../schema.js'
import type { Spec } from '../types.js'
import { equationsHere, type Flags } from './equations.js'
import { flowOf } from './flow.js'
import { jointsOf } from './joints.js'
import { formulaText, type Known, probe } from './symbolic.js'

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
  const sizes = 'sizes' in known ? known.sizes : probe(known.unknown)
  const flow = flowOf(spec, sizes).map(({ name, axes, path }, index) => {
    const axisText = (axis: string | number, at: number) =>
      typeof axis === 'string' ? axis : formulaText((other) => Number(flowOf(spec, other)[index]?.axes[at]), known)
    return { name, path, shape: `[${axes.map(axisText).join(', ')}]` }
  })
  const cost =
    'sizes' in known && shape !== undefined ? { cost: { ...costOf(modelOf(spec, sizes), shape), shape } } : {}
  return {
    name: spec.name,
    parts: partsOf(spec, flow, known, sizes),
    flow,
    parameters: groupsOf(spec, sizes, known),
    total: formulaText((other) => countParameters(modelOf(spec, other)), known),
    ...cost,
  }
}

type Flow = readonly { readonly name: string; readonly path: string; readonly shape: string }[]

/** The parts of the task, the model and the search, in the spec's order. */
function partsOf(spec: Spec, flow: Flow, known: Known, sizes: ModelSizes): readonly ExplainedPart[] {
  const { task, model } = spec
  const decode = taskNamed(task.type)?.decodes ? { decode: spec.decode } : {}
  const chosen = chosenParts(specSchema(), { task, model, ...decode } as unknown as Json, '')
  const joints = jointsOf(spec, sizes).map((joint) => ({ ...joint, options: {} }))
  return [...chosen, ...joints].map((found) => ({
    ...found,
    equations: equationsHere(spec, known, sizes, { ...found, flags: flagsOf(spec, found) }),
    where: flow.filter(({ path }) => path === found.path).map(({ name, shape }) => `${name} ${shape}`),
  }))
}

/** Every option of the part, given or not; a scorer's equation is also about its attention's coverage. */
function flagsOf({ model: { context } }: Spec, { kind, part, options }: Chosen): Flags {
  const none = Object.fromEntries(Object.keys(part.options.properties).map((name) => [name, undefined]))
  const coverage = context?.from === 'attention' ? context.coverage : undefined
  return { ...none, ...options, ...(kind === 'scorer' ? { coverage } : {}) }
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

function groupsOf(spec: Spec, sizes: ModelSizes, known: Known): readonly ExplainedGroup[] {
  const all = leaves(modelOf(spec, sizes).parameters)
  const shapeAt = (other: ModelSizes, index: number) => leaves(modelOf(spec, other).parameters)[index]?.[1].shape ?? []
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
      shape: `[${shapeAt(sizes, index)
        .map((_, at) => formulaText((other) => shapeAt(other, index)[at] ?? 0, known))
        .join(', ')}]`,
      count: formulaText((other) => product(shapeAt(other, index)), known),
    })),
    count: formulaText((other) => members.reduce((sum, index) => sum + product(shapeAt(other, index)), 0), known),
  }))
}
