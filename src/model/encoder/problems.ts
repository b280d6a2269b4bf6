import type { Problem } from '../../core/errors.js'
import { judge } from '../../core/judge.js'
import { isRecurrent } from '../cells/index.js'
import { layerProblems } from '../layers.js'
import type { EncoderOptions } from '../options.js'

/** Combinations of an encoder's options that cannot work, or would do nothing. */
export function encoderProblems(options: EncoderOptions, path = 'model.encoder'): Problem[] {
  return judge(
    () => layerProblems(options, path),
    () => {
      if (options.combine !== 'sum' || options.bidirectional) return []
      const message = 'combine sets how two directions are combined, but there is only one direction'
      return [{ path: `${path}.combine`, message, expected: 'bidirectional: true, or no combine' }]
    },
    () => {
      if (options.initialState !== 'learned' || isRecurrent(options.cell)) return []
      const message = `a ${options.cell.type} encoder has no state, so none can be learned`
      return [{ path: `${path}.initialState`, message, expected: 'zero, or a recurrent cell' }]
    },
  )
}
