import type { Problem } from '../../core/errors.js'
import type { Plan, PlannedTrial } from '../types.js'

/**
 * Trials of which an evaluation's label contains one of the texts, or whose id starts with one, with all of their evaluations;
 * all trials where there is no text.
 */
export function selectTrials(
  { trials }: Plan,
  texts: readonly string[] | undefined,
): { readonly trials: readonly PlannedTrial[] } | { readonly problem: Problem } {
  if (texts === undefined) return { trials }
  const labelsOf = ({ evaluations }: PlannedTrial) => evaluations.map(({ label }) => label)
  const selects = (text: string) => (trial: PlannedTrial) =>
    trial.id.startsWith(text) || labelsOf(trial).some((label) => label.includes(text))
  const unmatched = texts.find((text) => !trials.some(selects(text)))
  if (unmatched === undefined) return { trials: trials.filter((trial) => texts.some((text) => selects(text)(trial))) }
  const labels = [...new Set(trials.flatMap(labelsOf))].join('; ')
  const message = `--only ${unmatched} matches no trial`
  return { problem: { path: '', message, expected: `part of a label: ${labels}` } }
}
