import type { Problem } from '../../../core/errors.js'
import { unknownName } from '../../../core/suggest.js'
import type { Sides } from '../../../data/types.js'
import { metrics } from '../../../metrics/index.js'
import { tasks } from '../../../task/index.js'
import type { LoadedSpec, Published } from '../../types.js'
import { metricsOf } from './claims.js'
import { rangeProblems } from './ranges.js'
import { sideProblems } from './side-problems.js'
import { variantsOn } from './sides.js'

/** Published figures that nothing of the study could be put beside. `seeds`: how many of them every variant has. */
export function publishedProblems(
  published: Published | undefined,
  specs: readonly LoadedSpec[],
  seeds: number,
): Problem[] {
  return (published?.figures ?? []).flatMap(({ of, metric, value, ensemble }, index) => {
    const path = `published.figures.${index}`
    const unknown = unknownName(`${path}.metric`, 'metric', metric, metricsOf(specs))
    const sides = of === undefined ? [] : sideProblems(`${path}.of`, of, specs)
    if (unknown.length > 0) return [...sides, ...unknown]
    const on = of === undefined ? specs : variantsOn(of, specs)
    const alone = ensemble ? ensembleProblems(path, metric, on, seeds) : []
    return [...sides, ...alone, ...rangeProblems(`${path}.value`, metric, value)]
  })
}

/** What models that predict together have not: costs and attention of references, and forecasts in units of training. */
function ensembleProblems(path: string, metric: string, specs: readonly LoadedSpec[], seeds: number): Problem[] {
  if (seeds < 2) {
    const message = 'the models of all seeds predict together, and every variant has one'
    const hint = 'Give the study `seeds: 2` or more, or leave `ensemble` out.'
    return [{ path: `${path}.ensemble`, message, expected: '2 seeds or more', received: '1', hint }]
  }
  const { reads } = metrics.get(metric)
  if (reads !== undefined) {
    const message = `${metric} reads ${reads === 'loss' ? 'what references cost' : 'the attention of'} one model, and models that predict together have none`
    return [{ path: `${path}.metric`, message, hint: 'Choose a metric of outputs, or leave `ensemble` out.' }]
  }
  const other = specs.map(({ spec }) => spec.task).find((task) => !hasSymbols(tasks.get(task.type).sides))
  if (other === undefined) return []
  const message = `models of the task ${other.type} are not evaluated together`
  return [{ path: `${path}.ensemble`, message, expected: 'a task whose outputs are symbols or labels' }]
}

function hasSymbols({ target }: Sides): boolean {
  return target === 'tokens' || target === 'labels' || target === 'label'
}
