// What the costs of a training's validations are costs of: only equal ones can be compared.
import { canonicalJson, sameJson } from '../../core/canonical-json.js'
import type { Dataset } from '../../data/types.js'
import { choiceName, selectChoices } from '../select-choices.js'
import type { CostBasis, TrialSettings } from '../types.js'

export function costBasisOf(
  settings: Pick<TrialSettings, 'train' | 'metrics'>,
  { digests }: Pick<Dataset, 'digests'>,
): CostBasis {
  return { select: selectChoices(settings), decode: settings.train.validate.decode, data: digests.training }
}

/** What differs, a clause each; nothing where costs can be compared. A basis that is not known is another one. */
export function basisDifferences(here: CostBasis, there: CostBasis | undefined): string[] {
  if (there === undefined) return ['what selected the best checkpoint there was not recorded']
  const select = ({ select }: CostBasis) => select.map(shown).join(', ')
  return [
    ...(sameJson(here.select, there.select)
      ? []
      : [`train.validate.select is ${select(here)} here and ${select(there)} there`]),
    ...(sameJson(here.decode, there.decode)
      ? []
      : [`train.validate.decode is ${canonicalJson(here.decode)} here and ${canonicalJson(there.decode)} there`]),
    ...(here.data === there.data ? [] : ['the training and dev data are others']),
  ]
}

/** A criterion by its name, with its options where it has any. */
function shown(choice: CostBasis['select'][number]): string {
  return choice === 'loss' || Object.keys(choice).length === 1 ? choiceName(choice) : canonicalJson(choice)
}
