// Validators that are compiled ahead. From sources there are none; scripts/build/validators.ts puts generated code here in
// the bundle, so that a valid spec is checked without the library that compiles schemas.
import type { Json } from './nodes.js'

/** Whether a normalised value (plan/normalise.ts) fits its schema; no more than that: `validate` says what is wrong. */
export type IsValid = (value: Json) => boolean

export const isValidSpec: IsValid | undefined = undefined
export const isValidStudy: IsValid | undefined = undefined
