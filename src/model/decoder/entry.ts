import { type Axis, joined, units } from '../axes.js'
import type { ContextChoice } from '../context/index.js'
import { formers } from '../context/index.js'
import type { DecoderOptions } from '../options.js'
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
  const hidden = units('H', options.hidden)
  return readsContext(options, choice) ? joined(hidden, context) : hidden
}

/** C. */
export function contextAxis(choice: ContextChoice, { output }: Pick<EncoderSizes, 'output'>): Axis {
  return choice.from === 'attention' ? output : formers.build(choice, { outputs: output }).output
}
