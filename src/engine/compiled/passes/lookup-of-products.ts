import { sizeOf } from '../../../core/tensors.js'
import { countUses, type Node, type ValueId } from '../ir.js'
import { Emitter } from '../rules/rule.js'
import { type Lookup, lookupOf } from './lookup.js'
import { type Pass, rewrite } from './pass.js'

/**
 * Moves row-wise operations on a table's lookup to the table, which has fewer rows: with X = table[ids],
 * X W + b = (table W + b)[ids]; columns and steps of the result are separate lookups.
 */
export const lookupOfProducts: Pass = {
  name: 'lookup-of-products',
  run: (graph) => {
    const uses = countUses(graph)
    // Lookups that nothing but the next node reads: made here, so not in `uses`.
    const sole = new Set<ValueId>()
    return rewrite(graph, (node, builder) => {
      const [a] = node.inputs
      const match = a === undefined ? undefined : lookupOf(builder, a)
      if (a === undefined || match === undefined) return undefined
      const lookups = sole.has(a)
        ? (ofSum(node, match, new Emitter(builder)) ?? ofParts(node, match, new Emitter(builder)))
        : ofProduct(node, match, new Emitter(builder))
      lookups?.forEach((value, index) => {
        if (uses.get(node.outputs[index] ?? -1) === 1) sole.add(value)
      })
      return lookups
    })
  },
}

/** X W, where the table has half as many rows or fewer. */
function ofProduct({ op, inputs, attrs }: Node, match: Lookup, emit: Emitter): readonly ValueId[] | undefined {
  const [, weights] = inputs
  const plain = op === 'Gemm' && attrs.transA === 0 && inputs.length === 2
  if (!plain || weights === undefined || 2 * match.count > match.rows) return undefined
  const columns = emit.shape(weights)[attrs.transB === 1 ? 0 : 1] ?? 1
  const type = { dtype: 'float32', shape: [match.count, columns] } as const
  return [lookUp(emit, emit.op('Gemm', [match.table, weights], type, attrs), flat(emit, match), match.rows)]
}

/** X + b. */
function ofSum({ op, inputs }: Node, match: Lookup, emit: Emitter): readonly ValueId[] | undefined {
  const [, row = -1] = inputs
  if (op !== 'Add' || !isRow(emit.shape(row), match.width)) return undefined
  return [lookUp(emit, emit.op('Add', [match.table, row], emit.type(match.table)), flat(emit, match), match.rows)]
}

/** X cut into steps or into columns. */
function ofParts({ op, inputs, attrs, outputs }: Node, match: Lookup, emit: Emitter): readonly ValueId[] | undefined {
  const [, sizes = -1] = inputs
  if (op !== 'Split') return undefined
  const parts = outputs.map((value) => emit.shape(value))
  if (attrs.axis === 0) {
    const { dtype } = emit.type(match.ids)
    const types = parts.map(([rows = 0]) => ({ dtype, shape: [rows] }))
    const ids = emit.ops('Split', [flat(emit, match), sizes], types, { axis: 0 })
    return ids.map((each, index) => lookUp(emit, match.table, each, parts[index]?.[0] ?? 0))
  }
  const types = parts.map(([, columns = 0]) => ({ dtype: 'float32', shape: [match.count, columns] }) as const)
  const tables = emit.ops('Split', [match.table, sizes], types, { axis: 1 })
  return tables.map((each) => lookUp(emit, each, flat(emit, match), match.rows))
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
