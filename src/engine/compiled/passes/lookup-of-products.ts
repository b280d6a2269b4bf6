import { sizeOf } from '../../../core/tensors.js'
import { countUses, type Node, type ValueId } from '../ir.js'
import { Emitter } from '../rules/rule.js'
import { type Lookup, lookupOf } from './lookup.js'
import { type Pass, rewrite } from './pass.js'

/**
 * What is done to every row of a table's lookup is done to the table's rows, of which there are fewer: with X = table[ids],
 * X W + b = (table W + b)[ids], and columns and steps of it are looked up by themselves.
 */
export const lookupOfProducts: Pass = {
  name: 'lookup-of-products',
  run: (graph) => {
    const uses = countUses(graph)
    // Lookups that nothing but the next node reads: made here, so not in `uses`.
    const sole = new Set<ValueId>()
    return rewrite(graph, (node, builder) => {
      const [a] = node.inputs
      const found = a === undefined ? undefined : lookupOf(builder, a)
      if (a === undefined || found === undefined) return undefined
      const lookups = sole.has(a)
        ? (ofSum(node, found, new Emitter(builder)) ?? ofParts(node, found, new Emitter(builder)))
        : ofProduct(node, found, new Emitter(builder))
      lookups?.forEach((value, index) => {
        if (uses.get(node.outputs[index] ?? -1) === 1) sole.add(value)
      })
      return lookups
    })
  },
}

/** X W, where the table has half as many rows or fewer. */
function ofProduct({ op, inputs, attrs }: Node, found: Lookup, emit: Emitter): readonly ValueId[] | undefined {
  const [, weights] = inputs
  const plain = op === 'Gemm' && attrs.transA === 0 && inputs.length === 2
  if (!plain || weights === undefined || 2 * found.count > found.rows) return undefined
  const columns = emit.shape(weights)[attrs.transB === 1 ? 0 : 1] ?? 1
  const type = { dtype: 'float32', shape: [found.count, columns] } as const
  return [lookUp(emit, emit.op('Gemm', [found.table, weights], type, attrs), flat(emit, found), found.rows)]
}

/** X + b. */
function ofSum({ op, inputs }: Node, found: Lookup, emit: Emitter): readonly ValueId[] | undefined {
  const [, row = -1] = inputs
  if (op !== 'Add' || !isRow(emit.shape(row), found.width)) return undefined
  return [lookUp(emit, emit.op('Add', [found.table, row], emit.type(found.table)), flat(emit, found), found.rows)]
}

/** X cut into steps or into columns. */
function ofParts({ op, inputs, attrs, outputs }: Node, found: Lookup, emit: Emitter): readonly ValueId[] | undefined {
  const [, sizes = -1] = inputs
  if (op !== 'Split') return undefined
  const parts = outputs.map((value) => emit.shape(value))
  if (attrs.axis === 0) {
    const { dtype } = emit.type(found.ids)
    const types = parts.map(([rows = 0]) => ({ dtype, shape: [rows] }))
    const ids = emit.ops('Split', [flat(emit, found), sizes], types, { axis: 0 })
    return ids.map((each, index) => lookUp(emit, found.table, each, parts[index]?.[0] ?? 0))
  }
  const types = parts.map(([, columns = 0]) => ({ dtype: 'float32', shape: [found.count, columns] }) as const)
  const tables = emit.ops('Split', [found.table, sizes], types, { axis: 1 })
  return tables.map((each) => lookUp(emit, each, flat(emit, found), found.rows))
}

function lookUp(emit: Emitter, table: ValueId, ids: ValueId, rows: number): ValueId {
  const shape = [rows, emit.shape(table)[1] ?? 1]
  return emit.op('Gather', [table, ids], { dtype: 'float32', shape }, { axis: 0 })
}

function flat(emit: Emitter, { ids, rows }: Lookup): ValueId {
  return emit.shape(ids).length === 1 ? ids : emit.reshape(ids, [rows])
}

function isRow(shape: readonly number[], width: number): boolean {
  return shape.at(-1) === width && sizeOf(shape) === width && shape.length <= 2
}
