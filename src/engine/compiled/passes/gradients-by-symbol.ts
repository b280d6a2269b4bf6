import { sizeOf } from '../../../core/tensors.js'
import type { GraphBuilder } from '../builder.js'
import { countUses, type Graph, type Node, type ValueId } from '../ir.js'
import { Emitter } from '../rules/rule.js'
import { addRows, fewRows } from '../rules/structure.js'
import { beforeReshapes, type Lookup, lookupOf } from './lookup.js'
import { type Pass, rewrite } from './pass.js'

/**
 * The gradients of a lookup X = table[ids] and of what it was multiplied by go through the gradient's sums by symbol:
 * with S_v = Σ_{i: ids_i = v} dZ_i, the weights get XᵀdZ = tableᵀS, the table Σ_i dZ_i Wᵀ = S Wᵀ, and a bias Σ_v S_v.
 */
export const gradientsBySymbol: Pass = {
  name: 'gradients-by-symbol',
  run: (graph) => {
    const uses = countUses(graph)
    const sums = new Map<string, ValueId>()
    const summed = new Map<ValueId, ValueId>()
    return rewrite(graph, (node, builder) => {
      const emit = new Emitter(builder)
      const sum = (ids: ValueId, gradient: ValueId, count: number): ValueId => {
        const key = `${ids} ${gradient}`
        const value = sums.get(key) ?? addRows(emit, ids, gradient, count)
        sums.set(key, value)
        summed.set(gradient, value)
        return value
      }
      return (
        ofWeights(node, builder, emit, sum) ??
        ofTable(node, builder, emit, uses, sum) ??
        ofBias(node, graph, emit, summed)
      )
    })
  },
}

type Sum = (ids: ValueId, gradient: ValueId, count: number) => ValueId

/** XᵀdZ, where X is a lookup or has one among the columns that it is joined from. */
function ofWeights(node: Node, builder: GraphBuilder, emit: Emitter, sum: Sum): readonly ValueId[] | undefined {
  const [a, gradient] = node.inputs
  if (node.op !== 'Gemm' || node.attrs.transA !== 1 || node.attrs.transB === 1 || node.inputs.length !== 2)
    return undefined
  if (a === undefined || gradient === undefined) return undefined
  const joined = builder.producer(a)
  const parts = joined?.op === 'Concat' && joined.attrs.axis === 1 ? joined.inputs : [a]
  const lookups = parts.map((part) => {
    const match = lookupOf(builder, part)
    return match !== undefined && pays(match) ? match : undefined
  })
  if (lookups.every((match) => match === undefined)) return undefined
  const [, columns = 1] = emit.shape(gradient)
  const products = parts.map((part, index) => {
    const match = lookups[index]
    const pair = match === undefined ? [part, gradient] : [match.table, sum(match.ids, gradient, match.count)]
    return emit.op('Gemm', pair, { dtype: 'float32', shape: [emit.shape(part)[1] ?? 1, columns] }, node.attrs)
  })
  const [only] = products
  if (products.length === 1 && only !== undefined) return [only]
  const type = { dtype: 'float32', shape: [emit.shape(a)[1] ?? 1, columns] } as const
  return [emit.op('Concat', products, type, { axis: 0 })]
}

/** Rows of Σ dZ Wᵀ added up by symbol. */
function ofTable(
  node: Node,
  builder: GraphBuilder,
  emit: Emitter,
  uses: ReadonlyMap<ValueId, number>,
  sum: Sum,
): readonly ValueId[] | undefined {
  const [hits, updates] = node.inputs
  const ids = node.op === 'Gemm' && node.inputs.length === 2 ? idsOfHits(builder, hits) : undefined
  if (ids === undefined || hits === undefined || updates === undefined) return undefined
  const [count = 0, rows = 0] = emit.shape(hits)
  const [, width = 0] = emit.shape(updates)
  const products = pays({ count, rows, width }) ? productsIn(builder, uses, updates) : undefined
  if (products === undefined) return undefined
  const type = { dtype: 'float32', shape: [count, width] } as const
  const terms = products.map(({ inputs, attrs }) => {
    const [gradient = -1, weights = -1] = inputs
    return emit.op('Gemm', [sum(ids, gradient, count), weights], type, attrs)
  })
  return [terms.reduce((total, term) => emit.op('Add', [total, term], type))]
}

/** Σ_i dZ_i over fewer rows, where they are added up by symbol already. */
function ofBias(
  { op, inputs, attrs, outputs }: Node,
  graph: Graph,
  emit: Emitter,
  summed: ReadonlyMap<ValueId, ValueId>,
): readonly ValueId[] | undefined {
  const [gradient = -1, axes = -1] = inputs
  const fewer = op === 'ReduceSum' ? summed.get(gradient) : undefined
  const overRows = graph.constants.get(axes)?.join() === '0'
  return fewer === undefined || !overRows ? undefined : [emit.op(op, [fewer, axes], emit.type(outputs[0] ?? -1), attrs)]
}

/**
 * Whether sums by symbol, which are a product where symbols are few, and two products over symbols are fewer
 * multiplications than two products over rows: with V symbols, N rows and E columns, V (N + 2E) < 2 N E.
 */
function pays({ count, rows, width }: Pick<Lookup, 'count' | 'rows' | 'width'>): boolean {
  return count <= fewRows && count * (rows + 2 * width) < 2 * rows * width
}

/** The ids [n] behind a matrix [count, n] of ones where the row is the id, else zeros: see `addRows`. */
function idsOfHits(builder: GraphBuilder, hits: ValueId | undefined): ValueId | undefined {
  const cast = builder.producer(hits)
  const equal = cast?.op === 'Cast' ? builder.producer(cast.inputs[0]) : undefined
  const [ids, numbers] = equal?.op === 'Equal' ? equal.inputs : []
  if (ids === undefined || numbers === undefined) return undefined
  const counted = builder.data(numbers)?.every((number: number | bigint, index: number) => Number(number) === index)
  const [first = 0, one = 0] = builder.type(numbers).shape
  const across = builder.type(ids).shape[0] === 1 && one === 1 && first === builder.type(hits ?? -1).shape[0]
  return counted === true && across ? beforeReshapes(builder, ids) : undefined
}

/** The products dZ Wᵀ that a value is the sum of, where nothing else reads them; undefined where it is anything else. */
function productsIn(builder: GraphBuilder, uses: ReadonlyMap<ValueId, number>, value: ValueId): Node[] | undefined {
  const node = builder.producer(value)
  const { shape } = builder.type(value)
  if (node === undefined || uses.get(value) !== 1) return undefined
  const source = node.inputs[0] ?? -1
  if (node.op === 'Gemm') return node.inputs.length === 2 && node.attrs.transA === 0 ? [node] : undefined
  if (node.op === 'Reshape') {
    return builder.type(source).shape.at(-1) === shape.at(-1) ? productsIn(builder, uses, source) : undefined
  }
  if (node.op !== 'Add') return undefined
  const terms = node.inputs.map((term) =>
    sizeOf(builder.type(term).shape) === sizeOf(shape) ? productsIn(builder, uses, term) : undefined,
  )
  return terms.some((term) => term === undefined) ? undefined : terms.flatMap((term) => term ?? [])
}
