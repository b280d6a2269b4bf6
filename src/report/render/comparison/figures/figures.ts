import { copiesCurve } from '../../../../train/curve-names.js'
import type { Group } from '../../../analysis/comparison/types.js'
import { costFigures } from './costs.js'
import { curveFigures } from './curves.js'
import { effectFigures } from './effects.js'
import { factorFigures } from './factors.js'
import { lengthFigure } from './lengths.js'
import { testFigure } from './test-values.js'
import type { ComparisonFigure, View } from './types.js'

// Pure functions of a group's data: the page draws interactively the same figures that were rendered as SVG.

/** All figures of a group that its data allow. */
export function comparisonFigures(group: Group, view: View): ComparisonFigure[] {
  const main = group.metrics[0]
  if (main === undefined) return []
  const curves = [main.name, 'validation-loss', 'training-loss', copiesCurve]
  return [
    testFigure(group, main, view),
    ...factorFigures(group, main, view),
    ...effectFigures(group, main, view),
    ...group.lengths.filter(hasTokens).map((lengths) => lengthFigure(group, main, lengths, view)),
    ...curves.flatMap((name) => curveFigures(group, name, main, view)),
    ...costFigures(group, main, view),
  ]
}

/** Numbers have no source length: windows of series are all of one. */
function hasTokens({ bins }: Group['lengths'][number]): boolean {
  return bins.some((bin) => bin !== '0')
}
