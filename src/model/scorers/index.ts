import { partSchema, registry } from '../../core/part.js'
import { additive } from './additive.js'
import { bilinear } from './bilinear.js'
import { cosine } from './cosine.js'
import { dot } from './dot.js'
import { general } from './general.js'
import { location } from './location.js'
import { multiHeadDot } from './multi-head-dot.js'
import { scaledDot } from './scaled-dot.js'

export const scorers = registry('scorer', {
  additive,
  bilinear,
  cosine,
  dot,
  general,
  location,
  'multi-head-dot': multiHeadDot,
  'scaled-dot': scaledDot,
})
export const ScorerChoice = partSchema(scorers, { description: 'How a query is compared with each key.' })
