import { expect, test } from 'vitest'
import { registries } from '../../src/spec/catalogue.js'
import { plain, specSchema, studySchema } from '../../src/spec/schema.js'

interface Undescribed {
  readonly path: string
  readonly schema: unknown
}

/** Every option below a schema: those of maps, of lists of them, and of each form that a value may have. */
function optionsIn(schema: unknown, path: string): Undescribed[] {
  if (typeof schema !== 'object' || schema === null) return []
  if (Array.isArray(schema)) return schema.flatMap((each) => optionsIn(each, path))
  return Object.entries(schema).flatMap(([key, value]) => {
    if (key !== 'properties') return ['default', 'x-part', 'x-absent'].includes(key) ? [] : optionsIn(value, path)
    return Object.entries<unknown>(value).flatMap(([name, option]) => [
      { path: `${path}.${name}`, schema: option },
      ...optionsIn(option, `${path}.${name}`),
    ])
  })
}

/** Whether it says what it is for; the constant that names a part needs no words. */
function isDescribed({ schema }: Undescribed): boolean {
  if (typeof schema !== 'object' || schema === null) return false
  if ('const' in schema) return true
  return 'description' in schema && typeof schema.description === 'string' && schema.description.trim() !== ''
}

test.each([
  ['a spec', specSchema(), 200],
  ['a study', studySchema(), 20],
])('every option of %s has a description', (_, schema, atLeast) => {
  const options = optionsIn(schema, '')
  expect(options.length).toBeGreaterThan(atLeast)
  expect(options.filter((option) => !isDescribed(option)).map(({ path }) => path)).toEqual([])
})

test('every option of every part has a description', () => {
  const options = registries.flatMap(({ kind, parts }) =>
    Object.values(parts).flatMap((part) => optionsIn(plain(part.options), `${kind} ${part.name}`)),
  )
  expect(options.filter((option) => !isDescribed(option)).map(({ path }) => path)).toEqual([])
})
