import { elementwise } from './elementwise.js'
import { layers } from './layers.js'
import type { Operator } from './operator.js'
import { products } from './products.js'
import { reducing } from './reductions.js'
import { structural } from './structure.js'

/** Every operator of a graph that runs a step at a time; recurrences (Scan) are the interpreter's own. */
const operators: ReadonlyMap<string, Operator> = new Map(
  Object.entries({ ...elementwise, ...products, ...reducing, ...structural, ...layers }),
)

/** Throws RangeError for one that there is not. */
export function operatorOf(name: string): Operator {
  const operator = operators.get(name)
  if (operator === undefined) throw new RangeError(`No operator ${name}`)
  return operator
}
