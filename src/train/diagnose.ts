import type { HostTensor } from '../core/tensors.js'
import { leaf, subtree, type Tree } from '../core/tree.js'
import type { EngineState } from '../engine/types.js'
import type { BatchShape } from '../model/types.js'
import type { TrialFunctions } from './functions.js'
import type { Layout } from './layout.js'

/** Says in words what went wrong in a step, from the state before it: the loss, and the parameter with the largest gradient. */
export async function diagnose(
  functions: TrialFunctions,
  state: EngineState,
  shape: BatchShape,
  inputs: Tree<HostTensor>,
): Promise<string> {
  const executable = await functions.gradients(shape)
  const outputs = await executable.run(state, inputs)
  const objective = leaf(outputs, 'objective').data[0] ?? Number.NaN
  const largest = largestGradient(functions.layout, subtree(outputs, 'gradients'))
  const what = Number.isFinite(objective)
    ? `the gradient is not finite (the loss is ${objective})`
    : `the loss is ${objective}`
  if (largest === undefined) return what
  const size = Number.isFinite(largest.norm) ? `norm ${largest.norm.toPrecision(4)}` : `not finite`
  return `${what}; the largest gradient is that of ${largest.path} (${size})`
}

/** The parameter whose gradient has the largest norm (in float64); one that is not finite is larger than any other. */
export function largestGradient(layout: Layout, gradients: Tree<HostTensor>) {
  const norms = layout.trained.flatMap(({ name, entries }) => {
    const { data } = leaf(gradients, name)
    let offset = 0
    return entries.map(({ path, size }) => {
      const norm = normOf(data.subarray(offset, offset + size))
      offset += size
      return { path, norm }
    })
  })
  const rank = (norm: number) => (Number.isNaN(norm) ? Number.POSITIVE_INFINITY : norm)
  return norms.sort((a, b) => rank(b.norm) - rank(a.norm))[0]
}

function normOf(values: Float32Array | Int32Array): number {
  let sum = 0
  for (const value of values) sum += value * value
  return Math.sqrt(sum)
}
