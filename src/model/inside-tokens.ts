import type { Problem } from '../core/errors.js'
import type { ModelOptions } from './options.js'

/** What else than a symbol a token may have. */
interface InsideTokens {
  /** The option of the model. */
  readonly path: string
  readonly name: 'characters' | 'factors'
  /** In words. */
  readonly what: string
}

/** Why the task does not read what tokens have besides; none where it does. */
export function unreadProblems(
  { path, name, what }: InsideTokens,
  { kind, stepByStep }: { readonly kind: 'ids' | 'values'; readonly stepByStep: boolean },
): Problem[] {
  if (kind === 'ids' && !stepByStep) return []
  return [
    {
      path,
      message: `this task does not read ${what}`,
      expected: `the task tag, classify or transduce, or no ${name}`,
    },
  ]
}

/** Features that are positions of the source are no tokens. */
export function joinedProblems({ path, name }: InsideTokens, { features }: Pick<ModelOptions, 'features'>): Problem[] {
  if (features?.join.type !== 'source') return []
  const message = `features that are positions of the source have no ${name}`
  return [{ path, message, expected: 'model.features.join: context or attention', received: 'join: source' }]
}
