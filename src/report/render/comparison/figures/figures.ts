import { copiesCurve } from '../../../../train/curve-names.js'
import type { Group } from '../../../analysis/comparison/types.js'
import { costFigures } from './costs.js'
import { curveFigures } from './curves.js'
import { factorFigures } from './factors.js'
import { lengthFigure } from './lengths.js'
import { testFigure } from './test-values.js'
import type { ComparisonFigure, View } from './types.js'
import { byDev } from './variants.js'

// Pure functions of a group's data: the page draws interactively the same figures that were rendered as SVG.

const shownAtFirst = 8

/** The variants drawn until the reader selects others: the best on dev by the main metric. */
export function firstShown(group: Group): Set<string> {
  const main = group.metrics[0]
  if (main === undefined) return new Set()
  const first = byDev(main).slice(0, shownAtFirst)
  return new Set(first.map(({ variant }) => variant))
}

/** All figures of a group that its data allow. */
export function comparisonFigures(group: Group, view: View): ComparisonFigure[] {
  const main = group.metrics[0]
  if (main === undefined) return []
  const curves = [main.name, 'validation-loss', 'training-loss', copiesCurve]
  return [
    testFigure(group, main, view),
    ...factorFigures(group, main, view),
    ...group.lengths.map((lengths) => lengthFigure(group, main, lengths, view)),
    ...curves.flatMap((name) => curveFigures(group, name, main, view)),
    ...costFigures(group, main, view),
  ]
}
