import { at } from '../../core/lists.js'
import type { AllowedLabels } from '../../model/heads/types.js'
import type { Chain } from './types.js'

/**
 * The mean of the members' log potentials, which are chains of the same steps and labels (a logarithmic opinion pool of
 * CRFs is a CRF: Smith, Cohn & Osborne 2005). What one of them does not allow is not allowed.
 */
export function meanOfChains(chains: readonly Chain[]): Chain {
  const first = at(chains, 0)
  if (chains.length === 1) return first
  const mean = (of: (chain: Chain) => ArrayLike<number>) =>
    Float64Array.from({ length: of(first).length }, (_, place) => {
      return chains.reduce((sum, chain) => sum + (of(chain)[place] ?? 0), 0) / chains.length
    })
  const barred = chains.flatMap(({ allowed }) => (allowed === undefined ? [] : [allowed]))
  return {
    ...{ steps: first.steps, labels: first.labels },
    emissions: mean(({ emissions }) => emissions),
    transitions: mean(({ transitions }) => transitions),
    start: mean(({ start }) => start),
    end: mean(({ end }) => end),
    ...(barred.length > 0 && { allowed: allowedByAll(barred) }),
  }
}

/** Labels that stand by themselves, from the log probabilities of all of them at each step, as a chain. */
export function chainOfLabels(steps: readonly (readonly number[])[]): Chain {
  const labels = steps[0]?.length ?? 0
  const nothing = (length: number) => new Float64Array(length)
  return {
    ...{ steps: steps.length, labels, emissions: steps.flat() },
    ...{ transitions: nothing(labels * labels), start: nothing(labels), end: nothing(labels) },
  }
}

function allowedByAll(members: readonly AllowedLabels[]): AllowedLabels {
  const all = (of: (allowed: AllowedLabels) => Float32Array) =>
    of(at(members, 0)).map((_, place) => Math.min(...members.map((member) => of(member)[place] ?? 1)))
  return {
    transitions: all(({ transitions }) => transitions),
    start: all(({ start }) => start),
    end: all(({ end }) => end),
  }
}
