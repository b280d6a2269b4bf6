import type { Problem } from '../core/errors.js'
import type { Tensor2D } from '../core/tf.js'
import type { Tree } from '../core/tree.js'
import { isRecurrent } from '../model/cells/index.js'
import { type FormerChoice, formers } from '../model/context/index.js'
import type { ModelOptions } from '../model/options.js'
import type { ContextFormer, Encoded, ParameterSpec, Params } from '../model/types.js'

/** One fixed C of a whole source, where there is no decoder to attend from. */
export interface Summary {
  readonly size: number
  readonly parameters: Tree<ParameterSpec>
  form(params: Params, encoded: Encoded): Tensor2D
}

/** `outputs` is D, the size of what the encoder gives. */
export function buildSummary(model: ModelOptions, outputs: number): Summary {
  const choice = model.context as FormerChoice
  const former: ContextFormer = formers.parts[choice.from]
  const sizes = { outputs }
  return {
    size: former.size(choice, sizes),
    parameters: former.parameters(choice, sizes),
    form: (params, encoded) => former.form(choice, params, encoded).vector,
  }
}

/** Why a context cannot stand for a whole source without a decoder. */
export function summaryProblems({ context, encoder }: ModelOptions): Problem[] {
  const path = 'model.context.from'
  const expected = Object.keys(formers.parts).join(' | ')
  if (context === undefined) return [{ path: 'model.context', message: 'this task needs the section', expected }]
  if (context.from === 'attention') {
    const message = 'attention forms C anew at every output step, and this task has no decoder that asks'
    return [{ path, message, expected, received: context.from }]
  }
  const former: ContextFormer = formers.parts[context.from]
  if (!former.needsLast || encoder === undefined || isRecurrent(encoder.cell)) return []
  const message = `${context.from} needs a last state, and a ${encoder.cell.type} encoder has none`
  return [{ path, message, hint: 'Use a recurrent encoder, or a context over all states.' }]
}
