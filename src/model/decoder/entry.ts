import type { Tensor2D } from '../../core/tf.js'
import type { Tree } from '../../core/tree.js'
import type { ContextChoice, FormerChoice } from '../context/index.js'
import { formers } from '../context/index.js'
import type { DecoderOptions } from '../options.js'
import type { ContextFormer, Encoded, ParameterSpec, Params } from '../types.js'
import type { EncoderSizes } from './types.js'

// What follows from the options of context and decoder together: where C enters, and sizes.

/** How one fixed C is formed, with its options and sizes. */
export interface Former {
  readonly size: number
  readonly parameters: Tree<ParameterSpec>
  form(params: Params, encoded: Encoded): Tensor2D
}

/** Whether C makes the initial state. */
export function startsFromContext({ receives }: DecoderOptions): boolean {
  return receives === 'initial-state' || receives === 'both'
}

/** Whether the output layer sees C beside the top output. */
export function readsContext({ readout }: DecoderOptions, context: ContextChoice): boolean {
  if (readout !== 'automatic') return readout === 'output-and-context'
  return context.from === 'attention' && context.position === 'before'
}

/** How many numbers the output layer sees. */
export function readoutSize(options: DecoderOptions, context: ContextChoice, contextSize: number): number {
  return options.hidden + (readsContext(options, context) ? contextSize : 0)
}

/** Size of C. */
export function sizeOfContext(context: ContextChoice, encoder: EncoderSizes): number {
  return context.from === 'attention' ? encoder.outputSize : buildFormer(context, encoder).size
}

/** Numbers beside the embedded input: C, or after the cell the joined vector under input feeding. */
export function besideSize({ receives, hidden }: DecoderOptions, context: ContextChoice, contextSize: number): number {
  if (context.from === 'attention' && context.position === 'after') return context.inputFeeding ? hidden : 0
  return receives === 'initial-state' ? 0 : contextSize
}

export function buildFormer(choice: FormerChoice, { outputSize }: EncoderSizes): Former {
  const part: ContextFormer = formers.parts[choice.from]
  return {
    size: part.size(choice, { outputs: outputSize }),
    parameters: part.parameters(choice, { outputs: outputSize }),
    form: (params, encoded) => part.form(choice, params, encoded).vector,
  }
}
