import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { validators } from '../../scripts/build/validators.js'
import type { IsValid } from '../../src/spec/document/ahead.js'
import { readExtended } from '../../src/spec/document/extend.js'
import { isList, isMap, type Json, toJsonMap } from '../../src/spec/document/nodes.js'
import { type JsonSchema, propertiesOf } from '../../src/spec/document/schema-navigation.js'
import { createValidate } from '../../src/spec/document/validate.js'
import { normalise } from '../../src/spec/plan/normalise.js'
import { withTaskDefaults } from '../../src/spec/plan/rules.js'
import { specSchema } from '../../src/spec/schema.js'

// The bundle has validators that are compiled ahead: they must agree with the one that says what is wrong.
const folder = mkdtempSync(join(tmpdir(), 'seqlab-ahead-'))
afterAll(() => rmSync(folder, { recursive: true }))

let isValidSpec: IsValid
beforeAll(async () => {
  const file = join(folder, 'validators.mjs')
  const here = JSON.stringify(pathToFileURL(import.meta.filename).href)
  const head = `import { createRequire } from 'node:module'\nconst require = createRequire(${here})\n`
  writeFileSync(file, head + validators())
  isValidSpec = (await import(/* @vite-ignore */ pathToFileURL(file).href)).isValidSpec
})

const schema = specSchema()
const validate = createValidate()

/** A spec's values as written; nothing where the file cannot be read that far. */
function written(file: string): Json[] {
  const read = readExtended(schema, file)
  return 'problems' in read ? [] : [withTaskDefaults(toJsonMap(read.node))]
}

type Fits = (schema: JsonSchema, value: Json) => boolean

const fitsWhole: Fits = (schema, value) => validate(schema, value).length === 0

/** The same, map by map: a change compiles the schema of what it is in, not the whole spec's (100 ms for each of 250). */
const fitsByMaps: Fits = (schema, value) => {
  if (schema.type !== 'object' || !isMap(value)) return fitsWhole(schema, value)
  const properties = propertiesOf(schema)
  const keys = Object.fromEntries(Object.keys(properties).map((key) => [key, {}]))
  if (!fitsWhole({ ...schema, properties: keys }, value)) return false
  return Object.entries(value).every(([key, child]) => fitsByMaps(properties[key] ?? {}, child))
}

/** What both validators make of a value: nothing where it fails before. */
function verdicts(value: Json, fits: Fits = fitsWhole): [ahead: boolean, full: boolean] | undefined {
  const normal = normalise(schema, value)
  if (normal.problems.length > 0) return undefined
  return [isValidSpec(normal.value), fits(normal.schema, normal.value)]
}

const yaml = (where: string) => readdirSync(where).filter((name) => name.endsWith('.yaml'))

test.each(['configs', 'test/spec/broken', 'test/spec/unfit'])('the specs in %s', (where) => {
  const values = yaml(where).flatMap((name) => written(join(where, name)))
  const found = values.flatMap((value) => {
    const both = verdicts(value)
    return both === undefined ? [] : [both]
  })
  expect(found.length).toBeGreaterThan(3)
  for (const [ahead, full] of found) expect(ahead).toBe(full)
})

/** Every value with one place replaced, one key too many, or one too few. */
function* changed(value: Json): Generator<Json> {
  yield* [-1, 0.5, 1e9, 'x', '', null, true, [], [1, 1], {}]
  if (isList(value)) {
    for (const [index, item] of value.entries()) {
      for (const other of changed(item)) yield value.with(index, other)
    }
  } else if (isMap(value)) {
    yield { ...value, unknown: 1 }
    for (const [key, child] of Object.entries(value)) {
      const { [key]: _, ...rest } = value
      yield rest
      for (const other of changed(child)) yield { ...value, [key]: other }
    }
  }
}

test.each(['attention-additive', 'forecast'])('the spec %s with each value changed', (name) => {
  const [value = null] = written(`configs/${name}.yaml`)
  let compared = 0
  for (const other of changed(value)) {
    const both = verdicts(other, fitsByMaps)
    if (both === undefined) continue
    compared += 1
    expect(both[0], JSON.stringify(other)).toBe(both[1])
  }
  expect(compared).toBeGreaterThan(100)
})
