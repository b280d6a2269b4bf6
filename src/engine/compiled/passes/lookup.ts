import { sizeOf } from '../../../core/tensors.js'
import type { GraphBuilder } from '../builder.js'
import type { ValueId } from '../ir.js'

/** Rows [rows, width] of a table [count, width]. */
export interface Lookup {
  readonly table: ValueId
  /** int32, of any shape, as many as rows. */
  readonly ids: ValueId
  readonly count: number
  readonly rows: number
  readonly width: number
}

export function lookupOf(builder: GraphBuilder, value: ValueId): Lookup | undefined {
  const { shape } = builder.type(value)
  const gather = builder.producer(beforeReshapes(builder, value))
  const [table, ids] = gather?.inputs ?? []
  if (gather?.op !== 'Gather' || gather.attrs.axis !== 0 || table === undefined || ids === undefined) return undefined
  const { dtype, shape: whole } = builder.type(table)
  const [count = 0, width = 0] = whole
  const rows = sizeOf(builder.type(ids).shape)
  if (dtype !== 'float32' || whole.length !== 2 || shape.length !== 2 || shape[0] !== rows) return undefined
  return { table, ids: beforeReshapes(builder, ids), count, rows, width }
}

/** What a value was before it was only reshaped. */
export function beforeReshapes(builder: GraphBuilder, value: ValueId): ValueId {
  const node = builder.producer(value)
  return node?.op === 'Reshape' ? beforeReshapes(builder, node.inputs[0] ?? value) : value
}
