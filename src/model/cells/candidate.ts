import Type, { type Static } from 'typebox'
import { add, minimum, mul, relu, sigmoid, step, sub } from '../../core/ops.js'
import type { Tensor2D } from '../../core/tf.js'
import { sigmoidSlope } from '../gradients/series.js'

/** How the minimal cells make their candidate out of its pre-activation a. */
export const CandidateChoice = Type.Union([Type.Literal('linear'), Type.Literal('positive')], {
  default: 'linear',
  description:
    'How the candidate is made: as it is (linear: Feng et al. 2024, 3.1), or kept positive by g(a) = a + 0.5 from 0 on and σ(a) below (positive: their appendix B, for the scan in logarithms).',
})
type Candidate = Static<typeof CandidateChoice>

/** The candidate of its pre-activation, element by element: a, or relu(a) + σ(min(a, 0)), which is g. */
export function candidateOf(candidate: Candidate, a: Tensor2D): Tensor2D {
  return candidate === 'linear' ? a : add(relu(a), sigmoid(minimum(a, 0)))
}

/** The gradient of the pre-activation, out of the candidate and its gradient: g' is 1 from g = 0.5 on and g (1 − g) below. */
export function candidateGradient(candidate: Candidate, value: Tensor2D, gradient: Tensor2D): Tensor2D {
  if (candidate === 'linear') return gradient
  const above = step(sub(value, 0.5))
  return mul(gradient, add(above, mul(sub(1, above), sigmoidSlope(value))))
}
