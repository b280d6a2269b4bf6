import type { Part, PartKind } from '../../core/part.js'
import { sources } from '../../data/sources/index.js'
import { tokenizers } from '../../data/tokenizers/index.js'
import { searchMethods } from '../../decode/index.js'
import { metrics } from '../../metrics/index.js'
import { cells } from '../../model/cells/index.js'
import { contexts, formers } from '../../model/context/index.js'
import { heads } from '../../model/heads/index.js'
import { initialisers } from '../../model/initialisers.js'
import { maps } from '../../model/maps/index.js'
import { normalisers } from '../../model/normalisers/index.js'
import { representations } from '../../model/representation/index.js'
import { scorers } from '../../model/scorers/index.js'
import { tasks } from '../../task/index.js'
import { teacherForcings } from '../../train/forcing/index.js'
import { optimizers } from '../../train/optimizers/index.js'
import { schedules } from '../../train/schedules/index.js'

/** What a definition's field must be: in words, and whether a value is that. */
export interface Expected {
  readonly words: string
  readonly fits: (value: unknown) => boolean
}

/** A kind of part of which users may have their own. */
export interface OwnKind {
  /** The registries that have them; the first is the one of specs. */
  readonly registries: readonly [PartKind, ...PartKind[]]
  /** What a definition must have in addition to what every part has. */
  readonly fields: Readonly<Record<string, Expected>>
}

export const text: Expected = { words: 'a text', fits: (value) => typeof value === 'string' && value !== '' }
const anyText: Expected = { words: 'a text', fits: (value) => typeof value === 'string' }
const trueOrFalse: Expected = { words: 'true or false', fits: (value) => typeof value === 'boolean' }
export const texts: Expected = {
  words: 'a list of texts',
  fits: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
}
const range: Expected = {
  words: 'the lowest and the highest value, `[0, 1]`',
  fits: (value) => {
    const [low, high, ...more]: readonly unknown[] = Array.isArray(value) ? value : []
    return typeof low === 'number' && typeof high === 'number' && low < high && more.length === 0
  },
}
const someTasks: Expected = {
  words: `a list of tasks (${tasks.names.join(', ')})`,
  fits: (value) => Array.isArray(value) && value.length > 0 && value.every((each) => tasks.find(each) !== undefined),
}

function literal(...values: readonly string[]): Expected {
  return { words: `one of ${values.join(', ')}`, fits: (value) => values.some((each) => each === value) }
}

function kind(registry: PartKind, fields: OwnKind['fields'] = {}): OwnKind {
  return { registries: [registry], fields }
}

/** Of tasks there are no own ones: the command line, pages and exported models know each of them. */
export const ownKinds: readonly OwnKind[] = [
  kind(cells),
  kind(scorers),
  kind(normalisers),
  { registries: [contexts, formers], fields: { needsLast: trueOrFalse } },
  kind(maps),
  kind(representations, { accepts: literal('ids', 'values', 'both') }),
  kind(heads, { smooths: trueOrFalse }),
  kind(initialisers),
  kind(searchMethods),
  kind(sources, { gives: literal('pairs', 'text', 'series') }),
  kind(tokenizers, { joiner: anyText }),
  kind(optimizers),
  kind(schedules),
  kind(teacherForcings),
  kind(metrics, {
    range,
    better: literal('lower', 'higher'),
    unit: literal('percent', 'points', 'nats', 'number'),
    tasks: someTasks,
  }),
]

/** By what one of them is called. */
export function ownKind(name: string): OwnKind | undefined {
  return ownKinds.find(({ registries }) => registries[0].kind === name)
}

/** Whether users may have parts of that kind. */
export function isOwnKind(name: string): boolean {
  return ownKind(name) !== undefined
}

/** An own part as a registry has it. */
export function register({ registries }: OwnKind, part: Part): void {
  for (const registry of registries) registry.add(part)
}
