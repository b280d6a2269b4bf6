import type { HostTensor } from '../../core/tensors.js'
import { leaf, subtree, type Tree } from '../../core/tree.js'
import type { Layout } from '../graph/layout.js'
import { batchInputs, type StepContext } from './run-step.js'
import type { Progress } from './train-state.js'

/**
 * Describes what went wrong in the step after `progress`, from the state before it: the first of its batches whose
 * loss or gradient is not finite (else the last), and the parameter with the largest gradient there.
 */
export async function diagnose(context: StepContext, progress: Progress): Promise<string> {
  const { functions, state, settings } = context
  let diagnosis = 'no cause was found'
  for (let part = 0; part < settings.train.accumulate; part++) {
    const { shape, inputs } = batchInputs(context, progress, part)
    const outputs = await (await functions.gradients(shape)).run(state, inputs)
    const objective = leaf(outputs, 'objective').data[0] ?? Number.NaN
    const largest = largestGradient(functions.layout, subtree(outputs, 'gradients'))
    diagnosis = inWords(objective, largest)
    if (!Number.isFinite(objective) || !Number.isFinite(largest?.norm)) return diagnosis
  }
  return diagnosis
}

function inWords(objective: number, largest: { readonly path: string; readonly norm: number } | undefined): string {
  const what = Number.isFinite(objective)
    ? `the gradient is not finite (the loss is ${objective})`
    : `the loss is ${objective}`
  if (largest === undefined) return what
  const size = Number.isFinite(largest.norm) ? `norm ${largest.norm.toPrecision(4)}` : 'not finite'
  return `${what}; the largest gradient is that of ${largest.path} (${size})`
}

/** The parameter whose gradient has the largest norm (in float64); one that is not finite is larger than any other. */
function largestGradient(layout: Layout, gradients: Tree<HostTensor>) {
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
