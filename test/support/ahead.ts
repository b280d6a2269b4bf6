// In place of src/spec/document/ahead.ts in tests: valid specs are checked as in the bundle, by one validator for all, which
// each process compiles at its first use. From sources every spec would have a validator of its own compiled.
import { validatorNow } from '../../scripts/build/validators.js'
import type { IsValid } from '../../src/spec/document/ahead.js'

const atFirstUse = (compile: () => IsValid): IsValid => {
  let isValid: IsValid | undefined
  return (value) => {
    isValid ??= compile()
    return isValid(value)
  }
}

export const isValidSpec = atFirstUse(() => validatorNow('isValidSpec'))
export const isValidStudy = atFirstUse(() => validatorNow('isValidStudy'))
