import type { HostTensor } from '../../core/tensors.js'
import { leaf, subtree, type Tree } from '../../core/tree.js'
import { type ExtremeValue, extremeHint, extremeText, extremeValue } from '../../task/extreme-values.js'
import type { Layout } from '../graph/layout.js'
import { batchInputs, batchRows, type StepContext } from './run-step.js'
import type { Progress } from './train-state.js'

/** What went wrong in a step, and how to fix it. */
export interface Diagnosis {
  readonly message: string
  readonly hint: string
}

export const lowerRate = 'Lower train.optimizer.learningRate, or set or lower train.clipNorm.'

/**
 * Describes what went wrong in the step after `progress`, from the state before it: the first of its batches whose
 * loss or gradient is not finite (else the last), and the parameter with the largest gradient there. Where the batch holds
 * a number that no model copes with, that is to blame, not the learning rate.
 */
export async function diagnose(context: StepContext, progress: Progress): Promise<Diagnosis> {
  const { functions, state, settings } = context
  let diagnosis: Diagnosis = { message: 'no cause was found', hint: lowerRate }
  for (let part = 0; part < settings.train.accumulate; part++) {
    const { shape, inputs } = batchInputs(context, progress, part)
    const outputs = await (await functions.gradients(shape)).run(state, inputs)
    const objective = leaf(outputs, 'objective').data[0] ?? Number.NaN
    const largest = largestGradient(functions.layout, subtree(outputs, 'gradients'))
    diagnosis = withBlame(inWords(objective, largest), extremeOf(context, progress, part))
    if (!Number.isFinite(objective) || !Number.isFinite(largest?.norm)) return diagnosis
  }
  return diagnosis
}

/** The most extreme number of a batch's examples, if there is any. */
function extremeOf(context: StepContext, progress: Progress, part: number): ExtremeValue | undefined {
  const { dataset, train } = context
  const found = batchRows(context, progress, part).flatMap((index) => extremeValue(dataset, train, index) ?? [])
  return found.toSorted((a, b) => Math.abs(b.scaled) - Math.abs(a.scaled))[0]
}

function withBlame(message: string, value: ExtremeValue | undefined): Diagnosis {
  if (value === undefined) return { message, hint: lowerRate }
  return { message: `${message}; ${extremeText(value)}`, hint: extremeHint }
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
