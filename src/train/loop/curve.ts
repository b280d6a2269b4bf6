import { quotient } from '../../core/measured.js'
import { trainingLineDue } from '../curve-names.js'
import type { TrialPorts } from '../types.js'
import type { StepResult } from './run-step.js'
import type { Progress } from './train-state.js'

/** Milliseconds between two events of progress; lines of metrics.jsonl follow steps, not the clock. */
const eventEveryMs = 200

export interface Clock {
  readonly start: number
  lastEvent: number
  tokens: number
}

export const startClock = (): Clock => ({ start: performance.now(), lastEvent: 0, tokens: 0 })

/**
 * Records the curve's line where one is due and reports progress; gives the progress after it. The loss of a line is
 * over all tokens since the line before.
 */
export function recordStep(
  { totalSteps, ports }: { readonly totalSteps: number; readonly ports: TrialPorts },
  result: StepResult,
  clock: Clock,
): Progress {
  const { progress, epoch, gradientNorm, learningRate } = result
  const { step } = progress
  const window = { nats: progress.window.nats + result.nats, tokens: progress.window.tokens + result.tokens }
  const loss = quotient(window.nats, window.tokens, 'no token was scored since the line before')
  const line = { kind: 'train', step, epoch, loss, gradientNorm, learningRate } as const
  clock.tokens += result.tokens
  const elapsedMs = performance.now() - clock.start
  if (elapsedMs - clock.lastEvent >= eventEveryMs || step === totalSteps) {
    clock.lastEvent = elapsedMs
    ports.emit({ ...line, totalSteps, tokensPerSecond: (1000 * clock.tokens) / elapsedMs, elapsedMs })
  }
  const due = trainingLineDue(step, totalSteps)
  if (due) ports.record({ ...line, tokens: window.tokens })
  return { ...progress, window: due ? { nats: 0, tokens: 0 } : window }
}
