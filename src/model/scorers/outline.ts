import { leaves } from '../../core/tree.js'
import type { Axis } from '../axes.js'
import { forEach, products, type Work } from '../outline.js'
import type { ParameterTree } from '../parameters.js'

/** How often the parts of a score are computed; `count`: keys at a place, where they are no steps of a source. */
interface Places {
  readonly keys: Work['per']
  readonly query: Work['per']
  readonly pairs: Work['per']
  readonly count?: number
  /** The name that the keys' axis has in the scorer's parameters. */
  readonly axis: string
}

/** The products of a scorer whose keys are `outputs`: of its keys, of its query, and of each pair of both. */
export function scorerWork(
  parameters: ParameterTree,
  outputs: Axis,
  { keys, query, pairs, axis, count = 1 }: Places,
): Work[] {
  const kernels = leaves(parameters).filter(([, { axes }]) => axes.length > 1)
  const ofKeys = kernels.filter(([, { axes }]) => axes[0]?.name === axis)
  const others = kernels.filter(([, { axes }]) => axes[0]?.name !== axis)
  const compared = ofKeys[0]?.[1].axes.at(-1) ?? outputs
  return [
    forEach(count, products(Object.fromEntries(ofKeys), keys)),
    products(Object.fromEntries(others), query),
    forEach(count, { per: pairs, multiplyAdds: compared.size + outputs.size, results: compared.size }),
  ]
}
