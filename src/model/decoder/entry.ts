import { type Axis, joined } from '../axes.js'
import type { ContextChoice } from '../context/index.js'
import { formers } from '../context/index.js'
import type { DecoderOptions } from '../options.js'
import { topAxis } from '../widths.js'
import type { EncoderSizes } from './types.js'

// What follows from the options of context and decoder together: where C enters, and sizes.

/** Whether C makes the initial state. */
export function startsFromContext({ receives }: DecoderOptions): boolean {
  return receives === 'initial-state' || receives === 'both'
}

/** Whether the output layer reads C next to the top output. */
export function readsContext({ readout }: DecoderOptions, context: ContextChoice): boolean {
  if (readout !== 'automatic') return readout === 'output-and-context'
  return context.from === 'attention' && context.position === 'before'
}

/** R: what the output layer reads. `context`: C. */
export function readoutAxis(options: DecoderOptions, choice: ContextChoice, context: Axis): Axis {
  const hidden = topAxis(options)
  return readsContext(options, choice) ? joined(hidden, context) : hidden
}

/** C of the source alone. */
function ownContextAxis(choice: ContextChoice, { output }: Pick<EncoderSizes, 'output'>): Axis {
  return choice.from === 'attention' ? output : formers.build(choice, { outputs: output }).output
}

/** C, at a step: that of the source, next to what features give. */
export function contextAxis(
  { receives }: Pick<DecoderOptions, 'receives'>,
  choice: ContextChoice,
  encoder: Pick<EncoderSizes, 'output' | 'features'>,
): Axis {
  const own = ownContextAxis(choice, encoder)
  const { features } = encoder
  if (features === undefined) return own
  // A fixed C that is the initial state alone is not there at each step.
  const alone = features.join === 'attention' && choice.from !== 'attention' && receives === 'initial-state'
  return alone ? features.output : joined(own, features.output)
}

/** The C that becomes the initial state: a summary of features is next to it. */
export function initialContextAxis(choice: ContextChoice, encoder: Pick<EncoderSizes, 'output' | 'features'>): Axis {
  const own = ownContextAxis(choice, encoder)
  return encoder.features?.join === 'context' ? joined(own, encoder.features.output) : own
}
