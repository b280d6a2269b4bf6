import type { Problem } from '../../core/errors.js'
import { isRecurrent } from '../cells/index.js'
import { layerProblems } from '../layers.js'
import type { EncoderOptions } from '../options.js'

/** Combinations of an encoder's options that cannot work, or would do nothing. */
export function encoderProblems(options: EncoderOptions, path = 'model.encoder'): Problem[] {
  const { bidirectional, combine, initialState, cell } = options
  const problems = layerProblems(options, path)
  if (combine === 'sum' && !bidirectional) {
    const message = 'combine sets how two directions are combined, but there is only one direction'
    problems.push({ path: `${path}.combine`, message, expected: 'bidirectional: true, or no combine' })
  }
  if (initialState === 'learned' && !isRecurrent(cell)) {
    const message = `a ${cell.type} encoder has no state, so none can be learned`
    problems.push({ path: `${path}.initialState`, message, expected: 'zero, or a recurrent cell' })
  }
  return problems
}
