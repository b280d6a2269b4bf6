import type { Problem } from '../../core/errors.js'
import type { Plan, PlannedTrial } from '../types.js'

/** Trials whose label contains one of the texts, or whose id starts with one; all of them where there is no text. */
export function selectTrials(
  { trials }: Plan,
  texts: readonly string[] | undefined,
): { readonly trials: readonly PlannedTrial[] } | { readonly problem: Problem } {
  if (texts === undefined) return { trials }
  const selects = (text: string) => (trial: PlannedTrial) => trial.id.startsWith(text) || trial.label.includes(text)
  const unmatched = texts.find((text) => !trials.some(selects(text)))
  if (unmatched === undefined) return { trials: trials.filter((trial) => texts.some((text) => selects(text)(trial))) }
  const labels = [...new Set(trials.map(({ label }) => label))].join('; ')
  const message = `--only ${unmatched} matches no trial`
  return { problem: { path: '', message, expected: `part of a label: ${labels}` } }
}
