import Type, { type Static } from 'typebox'
import type { Schedule } from '../parts.js'

const options = Type.Object({
  every: Type.Integer({ minimum: 1, description: 'Steps between two falls.' }),
  factor: Type.Number({ exclusiveMinimum: 0, maximum: 1, default: 0.5, description: 'What each fall multiplies by.' }),
})

export const step: Schedule<typeof options, Static<typeof options>> = {
  name: 'step',
  summary: 'The learning rate falls by a factor every so many steps.',
  equations: ['f(t) = γ^⌊(t − 1) / n⌋'],
  source: { paper: 'Standard practice; see He et al. 2016, Deep Residual Learning, section 3.4' },
  options,
  factor: ({ every, factor }, at) => factor ** Math.floor((at - 1) / every),
}
