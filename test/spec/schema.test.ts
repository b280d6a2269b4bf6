import { readdirSync, readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { ComparisonReport } from '../../src/report/analysis/comparison/types.js'
import { isMap, type Json, toJson } from '../../src/spec/document/nodes.js'
import { readYamlFile } from '../../src/spec/document/read.js'
import { specSchema, writtenSchema, writtenStudySchema } from '../../src/spec/schema.js'

const ajv = new Ajv({ strict: false })
const validate = ajv.compile(writtenSchema())
const validateStudy = ajv.compile(writtenStudySchema())

function written(file: string): Json {
  const read = readYamlFile(file)
  if ('problems' in read) throw new RangeError(file)
  return toJson(read.node)
}

test.each([
  ['seqlab', writtenSchema()],
  ['study', writtenStudySchema()],
  ['comparison', ComparisonReport],
])('schema/%s.schema.json is current (npm run schema writes it)', (name, schema) => {
  expect(readFileSync(`schema/${name}.schema.json`, 'utf8')).toBe(`${JSON.stringify(schema, null, 2)}\n`)
})

describe('the schema for editors', () => {
  test.each(readdirSync('experiments', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml')))(
    'that of studies accepts experiments/%s',
    (name) => {
      expect(validateStudy(written(`experiments/${name}`))).toBe(true)
      expect(validateStudy({ extends: 'a.yaml', gird: {} })).toBe(false)
    },
  )

  test.each(['attention-additive', 'last-state', 'transform'])('accepts configs/%s.yaml', (name) => {
    expect(validate(written(`configs/${name}.yaml`))).toBe(true)
  })

  test('lets `null` take an inherited key away, where there is one', () => {
    expect(validate({ extends: 'a.yaml', train: { steps: null, epochs: 3 } })).toBe(true)
    const { data, model } = written('configs/names-classify.yaml') as Record<string, Json>
    const train = { optimizer: 'adam', validate: { every: 2 } }
    expect(validate({ task: 'classify', data, model, train: { ...train, epochs: 3 } } as Json)).toBe(true)
    expect(validate({ task: 'classify', data, model, train: { ...train, epochs: 3, steps: null } } as Json)).toBe(false)
    expect(validateStudy({ extends: 'a.yaml', claims: null })).toBe(false)
  })

  test('refuses a misspelt key and a missing one', () => {
    expect(validate({ extends: 'a.yaml', model: { encoder: { ceil: 'gru' } } })).toBe(false)
    expect(validate({ task: 'transduce' })).toBe(false)
  })
})

/** Every property of a schema, with its dotted path. */
function properties(schema: Json, path: string): [string, Json][] {
  if (Array.isArray(schema)) return schema.flatMap((each) => properties(each, path))
  if (!isMap(schema)) return []
  const own = Object.entries(isMap(schema.properties) ? schema.properties : {})
  const inside = own.flatMap(([key, value]) => properties(value, `${path}.${key}`))
  const named = own.map(([key, value]): [string, Json] => [`${path}.${key}`, value])
  return [...named, ...inside, ...properties(schema.anyOf ?? [], path), ...properties(schema.items ?? [], path)]
}

test('every option of every part has a description', () => {
  const bare = properties(specSchema(), 'spec').filter(
    ([, schema]) => isMap(schema) && !('const' in schema) && typeof schema.description !== 'string',
  )
  expect(bare.map(([path]) => path)).toEqual([])
})
