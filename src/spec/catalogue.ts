import type { Part, PartKind, PartMap } from '../core/part.js'
import { sources } from '../data/sources/index.js'
import { tokenizers } from '../data/tokenizers/index.js'
import { searchMethods } from '../decode/index.js'
import { metrics } from '../metrics/index.js'
import { cells } from '../model/cells/index.js'
import { characterReaders } from '../model/characters/index.js'
import { contexts } from '../model/context/index.js'
import { unrollings } from '../model/encoder/unroll.js'
import { featureJoins } from '../model/features/index.js'
import { heads } from '../model/heads/index.js'
import { initialisers } from '../model/initialisers.js'
import { maps } from '../model/maps/index.js'
import { normalisers } from '../model/normalisers/index.js'
import { representations } from '../model/representation/index.js'
import { scorers } from '../model/scorers/index.js'
import { tasks } from '../task/index.js'
import { teacherForcings } from '../train/forcing/index.js'
import { optimizers } from '../train/optimizers/index.js'
import { schedules } from '../train/schedules/index.js'

/** Every registry of parts, in the order of the documentation. */
export const registries: readonly PartKind[] = [
  tasks,
  cells,
  unrollings,
  initialisers,
  representations,
  characterReaders,
  featureJoins,
  contexts,
  maps,
  scorers,
  normalisers,
  heads,
  searchMethods,
  sources,
  tokenizers,
  optimizers,
  schedules,
  teacherForcings,
  metrics,
]

/** The part of a kind that has this name. */
export function partNamed(kind: string, name: string): Part | undefined {
  const parts: PartMap | undefined = registries.find((registry) => registry.kind === kind)?.parts
  return parts !== undefined && Object.hasOwn(parts, name) ? parts[name] : undefined
}
