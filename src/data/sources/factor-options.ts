import Type, { type TSchema } from 'typebox'
import type { Problem } from '../../core/errors.js'

/** Names that something else of the data has. */
const taken = ['source', 'target', 'features', 'characters']

/** The option of a source that names its tokens' factors; `where` says where their texts are. */
export function factorsSchema<S extends TSchema>(each: S, where: string) {
  return Type.Optional(
    Type.Record(Type.String(), each, {
      minProperties: 1,
      description: `Factors: what each token has besides (its part of speech), by names of your own, which model.source.factors reads. ${where}`,
    }),
  )
}

/** Factors of a format that does not say whether a token may have several values. */
export function noSeparators(factors: Readonly<Record<string, unknown>>): Readonly<Record<string, object>> {
  return Object.fromEntries(Object.keys(factors).map((name) => [name, {}]))
}

/** Names that no factor can have. */
export function factorNameProblems(factors: Readonly<Record<string, unknown>> | undefined): Problem[] {
  return Object.keys(factors ?? {}).flatMap((name): Problem[] => {
    const path = `factors.${name}`
    if (taken.includes(name) || name in {})
      return [{ path, message: `\`${name}\` cannot name a factor: it means something else`, expected: 'another name' }]
    if (/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) return []
    return [
      { path, message: `\`${name}\` cannot name a factor`, expected: 'a letter, then letters, digits, `_` or `-`' },
    ]
  })
}
