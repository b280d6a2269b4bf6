import type { Axis } from '../axes.js'
import { axesOf, type OutlineNode, partNode, type Work } from '../outline.js'
import type { ParameterTree } from '../parameters.js'
import { scorers } from '../scorers/index.js'
import { scorerWork } from '../scorers/outline.js'
import { featureJoins } from './index.js'
import type { FeaturesBeside } from './read.js'

/** Attention over features: its scorer, whose query has the size `query` (Q), and what it gives at each of `steps`. */
export function featureAttentionNodes(
  {
    choice,
    output,
    longest,
    scorer = {},
  }: Extract<FeaturesBeside, { join: 'attention' }> & { readonly scorer?: ParameterTree },
  query: Axis,
  { steps, per }: { readonly steps: readonly ('B' | 'T' | 'S')[]; readonly per: Work['per'] },
): OutlineNode[] {
  return [
    partNode(
      scorers.get(choice.scorer.type),
      { ...choice.scorer, coverage: undefined },
      {
        id: 'features.scorer',
        path: 'model.features.join.scorer',
        tensors: [{ name: 'scores of features', axes: [...steps, 'F'] }],
        axes: { ...axesOf(scorer), Q: query, D: output },
        // Keys are computed once for each feature.
        work: scorerWork(scorer, output, {
          ...{ axis: output.name, keys: 'example', query: per, pairs: per, count: longest },
        }),
      },
    ),
    partNode(featureJoins.get('attention'), choice, {
      id: 'features.join',
      path: 'model.features.join',
      tensors: [{ name: 'features attended to, f', axes: [...steps, output] }],
      axes: { G: output },
    }),
  ]
}
