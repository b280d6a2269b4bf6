import type { Problem } from '../../core/errors.js'
import type { Tensor2D } from '../../core/tf.js'
import type { Axis } from '../../model/axes.js'
import { isRecurrent } from '../../model/cells/index.js'
import { formers } from '../../model/context/index.js'
import { contextNodes } from '../../model/context/outline.js'
import type { Encoded } from '../../model/encoder/types.js'
import type { ModelOptions } from '../../model/options.js'
import type { OutlineNode } from '../../model/outline.js'
import type { ParameterTree, Params } from '../../model/parameters.js'

/** One fixed C of a whole source, where there is no decoder to attend from. */
export interface ContextPooling {
  readonly parameters: ParameterTree
  readonly output: Axis
  readonly outline: readonly OutlineNode[]
  form(params: Params, encoded: Encoded): Tensor2D
}

/** `outputs` is D: what the encoder gives. Throws RangeError where `contextProblems` refuses the context. */
export function buildContextPooling({ context }: ModelOptions, outputs: Axis): ContextPooling {
  if (context === undefined || context.from === 'attention') throw new RangeError('A fixed context is needed')
  const former = formers.build(context, { outputs })
  return { ...former, outline: contextNodes(context, outputs, former) }
}

/** C; undefined where `contextProblems` refuses the context. */
export function pooledAxis({ context }: ModelOptions, outputs: Axis): Axis | undefined {
  if (context === undefined || context.from === 'attention') return undefined
  return formers.build(context, { outputs }).output
}

/** Why a context cannot be formed of a whole source without a decoder. */
export function contextProblems({ context, encoder }: ModelOptions): Problem[] {
  const path = 'model.context.from'
  const expected = formers.names.join(' | ')
  if (context === undefined) return [{ path: 'model.context', message: 'this task needs the section', expected }]
  if (context.from === 'attention') {
    const message = 'attention forms a new C at every output step, but this task has no decoder'
    return [{ path, message, expected, received: context.from }]
  }
  if (!formers.get(context.from).needsLast || encoder === undefined || isRecurrent(encoder.cell)) return []
  const message = `${context.from} needs a last state, but a ${encoder.cell.type} encoder has none`
  return [{ path, message, hint: 'Use a recurrent encoder, or a context over all states.' }]
}
