import type { PlannedTrial } from '../../spec/types.js'

/**
 * Floating-point operations of a training step for which one more thread pays. Measured (`npm run bench:step -- --who
 * seqlab --threads 1,2`, ONNX Runtime 1.30, two cores): a second thread makes a step of 0.24 GFLOP 37 % slower, is worth
 * nothing at 1.3 GFLOP (17.7 and 18.2 ms), and makes one of 2.3 GFLOP 25 %, of 4.0 GFLOP 33 % quicker. Beyond two
 * threads the same rule goes on: that is not measured.
 */
const flopsAThread = 0.75e9

/**
 * Threads that each of a plan's trials computes with: a lone trial as many as pay for its size, several side by side one
 * each. Sums are added up in another order with other numbers of threads, so results differ in their last digits: hence
 * a function of the plan and the machine alone, and a resumed trial computes the same numbers.
 */
export function threadsOf(trials: readonly Pick<PlannedTrial, 'cost'>[], cores: number): number {
  const flops = loneFlops(trials)
  return flops === undefined ? 1 : threadsFor(flops, cores)
}

/** Floating-point operations of a training step of a plan's only trial, more than any where they are not known; undefined of several. */
export function loneFlops([trial, ...others]: readonly Pick<PlannedTrial, 'cost'>[]): number | undefined {
  if (trial === undefined || others.length > 0) return undefined
  return trial.cost?.flops ?? Number.MAX_VALUE
}

/** Threads, at least 1, for a training step of so many floating-point operations. */
export function threadsFor(flops: number, cores: number): number {
  return Math.max(1, Math.min(cores, Math.floor(flops / flopsAThread)))
}
