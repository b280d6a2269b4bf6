import { type PartSpec, partSchema, registry } from '../../core/part.js'
import { attentionJoin } from './attention.js'
import { contextJoin } from './context.js'
import { sourceJoin } from './source.js'

export const featureJoins = registry('feature join', {
  source: sourceJoin,
  context: contextJoin,
  attention: attentionJoin,
})
export const FeatureJoinChoice = partSchema(featureJoins, {
  description:
    "How features enter: as positions before the source's symbols, as one vector next to C, or attended to by themselves.",
})

type FeatureJoinChoice = PartSpec<typeof featureJoins.parts>
export type FeatureAttentionChoice = Extract<FeatureJoinChoice, { type: 'attention' }>
