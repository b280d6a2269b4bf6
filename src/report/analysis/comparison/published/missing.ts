import { distinctBy } from '../../../../core/lists.js'
import type { Found } from '../read.js'
import type { FoundTrial } from '../read-trial.js'
import { groupTrials } from '../variants.js'
import { ensembleOf } from './ensembles.js'
import { variantsIn } from './ours.js'

/** The trials of one variant, whose models are to predict together. */
export interface MissingEnsemble {
  readonly id: string
  readonly trials: readonly FoundTrial[]
}

/** Ensembles that published figures ask for and that were not evaluated: of variants whose seeds all ended well. */
export function missingEnsembles({ trials, published, ensembles }: Found): readonly MissingEnsemble[] {
  const groups = groupTrials(trials, { onlyChanged: true })
  const wanted = published
    .filter(({ figure }) => figure.ensemble)
    .flatMap((stated) => groups.flatMap((group) => variantsIn(stated, group)))
    .flatMap((variant) => {
      const id = ensembleOf(variant)
      return id === undefined ? [] : [{ id, trials: variant.completed }]
    })
  const known = new Set(ensembles.map(({ id }) => id))
  return distinctBy(wanted, ({ id }) => id).filter(({ id }) => !known.has(id))
}
