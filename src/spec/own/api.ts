// What a file of the user's own parts imports from 'seqlab' (docs/own-parts.md): what built-in parts are made of.

// Options.
export { Type } from 'typebox'
export { SeqlabError } from '../../core/errors.js'
// Values that may be undefined: of metrics.
export { undefinedBecause } from '../../core/measured.js'
// Operations on tensors, whose ranks the types know.
export * as ops from '../../core/ops.js'
export { noOptions, rateSchema, sizeSchema } from '../../core/part.js'
// What a source reads: files of the spec's folder, or of --data-dir.
export { dataError } from '../../data/data-error.js'
export { readBytes, readLines } from '../../data/reading/files.js'
export { filesAt } from '../../data/reading/paths.js'
export { defineExampleSource, defineSeriesSource } from '../../data/sources/types.js'
export { sideOptions } from '../../data/tokenizers/side.js'
export { defineTokenizer } from '../../data/tokenizers/types.js'
export { defineSearchMethod } from '../../decode/types.js'
export { defineMetric } from '../../metrics/types.js'
export { joined, renamed, times, units } from '../../model/axes.js'
// How a part of each kind is declared, and a built one typed.
export { cell, defineCell } from '../../model/cells/types.js'
export { context, defineContext } from '../../model/context/types.js'
export { defineHead, head } from '../../model/heads/types.js'
export { defineInitialiser } from '../../model/initialisers.js'
export { defineMap, vectorMap } from '../../model/maps/types.js'
export { defineNormaliser } from '../../model/normalisers/types.js'
// Parameters, and the axes that they have.
export { glorot, orthogonal, parameter, uniformVector, zeroBias } from '../../model/parameters.js'
export { defineRepresentation, representation } from '../../model/representation/types.js'
export { defineScorer, scorer } from '../../model/scorers/types.js'
export { defineTeacherForcing } from '../../train/forcing/types.js'
export { defineOptimizer, optimizer, slot } from '../../train/optimizers/types.js'
export { defineSchedule } from '../../train/schedules/types.js'
