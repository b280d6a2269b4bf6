import { type NamedVariant, variantsOn } from '../../../../spec/plan/study/sides.js'
import type { ClaimSide } from '../../../../spec/types.js'
import type { TrialName } from '../read-trial.js'
import { settingText, type TrialGroup, type VariantTrials } from '../variants.js'

/** A variant under the name and the grid's values that a study has for it. */
export interface StudyVariant extends NamedVariant {
  readonly trials: VariantTrials
}

/** The variants of a group that the study in a folder has. */
export function variantsOf(folder: string, { variants }: TrialGroup): StudyVariant[] {
  return variants.flatMap((trials) => {
    const [first, ...others] = [...trials.completed, ...trials.unfinished]
    const named = [first, ...others].flatMap((trial) => trial?.names ?? []).find((name) => name.folder === folder)
    return first === undefined || named === undefined ? [] : [studyVariant(trials, first.record.spec, named)]
  })
}

function studyVariant(trials: VariantTrials, spec: StudyVariant['spec'], { label, variant }: TrialName): StudyVariant {
  return { trials, spec, label, variant }
}

/** What a claim's side means; a label may also be the value of the one factor that the grid varies. */
export function onSide(side: ClaimSide, variants: readonly StudyVariant[], { factors }: TrialGroup): StudyVariant[] {
  const found = variantsOn(side, variants)
  const [factor = ''] = factors
  if (found.length > 0 || typeof side !== 'string' || factors.length !== 1) return found.slice(0, atMost(side))
  return variants.filter(({ trials }) => settingText(trials.settings[factor]) === side).slice(0, 1)
}

function atMost(side: ClaimSide): number | undefined {
  return typeof side === 'string' ? 1 : undefined
}
