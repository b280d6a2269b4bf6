import { dirname, resolve } from 'node:path'
import { distinctProblems, type Problem } from '../../core/errors.js'
import { readExtended } from '../document/extend.js'
import type { Json, MapNode } from '../document/nodes.js'
import { type ReadFile, readingOnce } from '../document/read.js'
import type { JsonSchema } from '../document/schema-navigation.js'
import { applyPoint, gridOf, parseSettings, type SetPoint, valuesOf, variantOf } from '../document/set.js'
import { withSetHint } from '../document/set-hints.js'
import { createValidate, type Validate } from '../document/validate.js'
import { specSchema } from '../schema.js'
import type { LoadedSpec } from '../types.js'
import type { DataOf } from './datasets.js'
import { resolveSpec } from './resolve.js'
import { variantLabel } from './study/labels.js'

export interface LoadOptions {
  /** `path=value`, laid over every file. */
  readonly set?: readonly string[] | undefined
  /** Base directory for relative data paths, instead of the spec's own. */
  readonly dataDir?: string | undefined
  /** Of a study: made short by its own `quick`. */
  readonly quick?: boolean | undefined
  /** Shared by calls over many files, so that each schema is compiled once. */
  readonly validate?: Validate | undefined
  /** Shared by all that look into the same files. */
  readonly readFile?: ReadFile | undefined
}

export interface Loaded {
  /** Those without a problem. */
  readonly specs: readonly LoadedSpec[]
  /** Every problem of every file. */
  readonly problems: readonly Problem[]
  /** The data of those with a problem elsewhere: what is wrong with them is reported in the same round. */
  readonly others?: readonly DataOf[]
}

/** Reads specs from files: extended, overridden, defaults filled in, checked. Nothing is thrown for what they hold. */
export function loadSpecs(files: readonly string[], options: LoadOptions = {}): Loaded {
  const { set = [], dataDir, validate = createValidate(), readFile = readingOnce() } = options
  const { settings, problems } = parseSettings(set)
  const points = gridOf(settings)
  const single = files.length === 1 && points.length === 1
  const context = { schema: specSchema(), validate, readFile, points, dataDir, single }
  const loaded = files.map((file) => loadFile(file, context))
  return {
    specs: loaded.flatMap(({ specs }) => specs),
    problems: [...problems, ...loaded.flatMap(({ problems }) => problems)],
    others: loaded.flatMap(({ others = [] }) => others),
  }
}

interface Context {
  readonly schema: JsonSchema
  readonly validate: Validate
  readonly readFile: ReadFile
  readonly points: readonly SetPoint[]
  readonly dataDir: string | undefined
  /** Whether there is one spec in all. */
  readonly single: boolean
}

function loadFile(file: string, { schema, validate, readFile, points, dataDir, single }: Context): Loaded {
  const read = readExtended(schema, file, readFile)
  if ('problems' in read) return { specs: [], problems: read.problems }
  const baseDir = resolve(dataDir ?? dirname(file))
  const loaded = points.map((point): Loaded => {
    const { node, hints } = applyPoint(schema, read.node, point)
    const resolved = resolveSpec(schema, validate, node, file)
    if (!('spec' in resolved)) {
      const problems = resolved.problems.map((problem) => withSetHint(problem, hints))
      return { specs: [], problems, others: othersOf(resolved, baseDir, node) }
    }
    const variant = variantOf(point)
    // A single spec's trials are in one folder, so what was set distinguishes them.
    const label = labelOf(resolved.spec.name, single ? valuesOf(point) : variant)
    return { specs: [{ spec: resolved.spec, file, baseDir, variant, label, written: node }], problems: [] }
  })
  return {
    specs: loaded.flatMap(({ specs }) => specs),
    problems: distinctProblems(loaded.flatMap(({ problems }) => problems)),
    others: loaded.flatMap(({ others = [] }) => others),
  }
}

export function othersOf(
  { dataOf }: { readonly dataOf?: DataOf['spec'] },
  baseDir: string,
  written: MapNode,
): DataOf[] {
  return dataOf === undefined ? [] : [{ spec: dataOf, baseDir, written }]
}

/** `name`, or `name lstm, hidden=64`. */
function labelOf(name: string, variant: Readonly<Record<string, Json>>): string {
  return [name, variantLabel(variant)].filter((text) => text !== '').join(' ')
}
