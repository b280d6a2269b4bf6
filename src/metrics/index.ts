import type { Static } from 'typebox'
import { partSchema, registry } from '../core/part.js'
import { accuracy } from './accuracy.js'
import { aer } from './aer.js'
import { alignmentMass } from './alignment-mass.js'
import { bitsPerCharacter } from './bits-per-character.js'
import { bleu } from './bleu.js'
import { cer } from './cer.js'
import { chrf } from './chrf.js'
import { crossEntropy } from './cross-entropy.js'
import { exactMatch } from './exact-match.js'
import { f1 } from './f1.js'
import { macroF1 } from './macro-f1.js'
import { mae } from './mae.js'
import { mase } from './mase.js'
import { mse } from './mse.js'
import { per } from './per.js'
import { perplexity } from './perplexity.js'
import { precision } from './precision.js'
import { recall } from './recall.js'
import { rmse } from './rmse.js'
import { ser } from './ser.js'
import { skill } from './skill.js'
import { slotF1 } from './slot-f1.js'
import { smape } from './smape.js'
import { tokenAccuracy } from './token-accuracy.js'
import { wer } from './wer.js'

export const metrics = registry('metric', {
  accuracy,
  aer,
  'alignment-mass': alignmentMass,
  'bits-per-character': bitsPerCharacter,
  bleu,
  cer,
  chrf,
  'cross-entropy': crossEntropy,
  'exact-match': exactMatch,
  f1,
  'macro-f1': macroF1,
  mae,
  mase,
  mse,
  per,
  perplexity,
  precision,
  recall,
  rmse,
  ser,
  skill,
  'slot-f1': slotF1,
  smape,
  'token-accuracy': tokenAccuracy,
  wer,
})

export const MetricChoice = partSchema(metrics, { description: 'Metric of the dev and test sets.' })

/** A metric as it is in a resolved spec. */
export type MetricSpec = Static<typeof MetricChoice>
