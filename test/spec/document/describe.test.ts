import { expect, test } from 'vitest'
import { describe } from '../../../src/spec/document/describe.js'

test('a list by what each of its items is, where that is known', () => {
  expect(describe({ type: 'array', minItems: 1, items: { type: 'string' } })).toBe('a list of at least 1 (each text)')
  expect(describe({ type: 'array', minItems: 1, items: {} })).toBe('a list of at least 1')
  expect(describe({})).toBe('a value')
})
