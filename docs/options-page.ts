import { describe } from '../src/spec/document/describe.js'
import type { JsonSchema } from '../src/spec/document/schema-navigation.js'
import { optionRow, optionTable } from '../src/spec/parts-table.js'
import { studySchema, writtenSchema } from '../src/spec/schema.js'
import { type OptionExample, optionExamples } from './option-examples.js'

/** docs/options.md: every option of a spec and of a study, from their schemas. */
export function optionsPage(): string {
  const spec = completeSpec()
  const at = (...path: readonly string[]) => path.reduce(propertyOf, spec)
  const sections = [
    section('A spec', rowsOf(spec, ['data', 'model', 'train'])),
    section('data', rowsOf(at('data'))),
    section('model', rowsOf(at('model'), ['encoder', 'decoder'])),
    section('model.encoder', rowsOf(at('model', 'encoder'))),
    section('model.decoder', rowsOf(at('model', 'decoder'))),
    section('train', rowsOf(at('train'))),
    section('decode', rowsOf({ properties: { decode: at('decode') } })),
    section('study', rowsOf(studySchema())),
  ]
  return `${[head, ...sections].join('\n\n')}\n`
}

/** The schema of a spec that inherits nothing: options with a default are not required. */
function completeSpec(): JsonSchema {
  const { definitions } = writtenSchema()
  return isSchema(definitions) && isSchema(definitions.complete) ? definitions.complete : {}
}

const head = `# Options

Written by \`npm run docs\` from the schemas in \`src/\`: do not edit. Options of parts (of a cell, a scorer, an optimizer)
are in [parts.md](parts.md), data sources are in [data.md](data.md). \`seqlab check SPEC --resolved\` prints a spec
with every default filled in.`

interface Row {
  readonly path: string
  readonly schema: JsonSchema
  readonly required: boolean
}

/** The options of a map and of the maps in it; those named in `apart` without their content. */
function rowsOf(schema: JsonSchema, apart: readonly string[] = [], prefix = ''): Row[] {
  const required: readonly unknown[] = Array.isArray(schema.required) ? schema.required : []
  return Object.entries(propertiesOf(schema)).flatMap(([name, property]) => {
    if (!isSchema(property)) return []
    const row = { path: prefix + name, schema: property, required: required.includes(name) }
    return [row, ...(apart.includes(name) ? [] : rowsWithin(property, row.path))]
  })
}

/** Options of a value's map, of the maps in its list or among its alternatives; those of parts are on their own page. */
function rowsWithin(schema: JsonSchema, path: string): Row[] {
  if ('x-part' in schema) return []
  const members = Array.isArray(schema.anyOf) ? schema.anyOf.filter(isSchema) : []
  const records = isSchema(schema.patternProperties) ? Object.values(schema.patternProperties).filter(isSchema) : []
  return [
    ...rowsOf(schema, [], `${path}.`),
    ...members.flatMap((member) => rowsWithin(member, path)),
    ...(isSchema(schema.items) ? rowsWithin(schema.items, `${path}[]`) : []),
    ...records.flatMap((record) => rowsWithin(record, `${path}.${path.includes('factors') ? 'NAME' : 'PATH'}`)),
  ]
}

function section(title: string, rows: readonly Row[]): string {
  const table = optionTable(
    rows.map(({ path, schema, required }) => optionRow(path, schema, { required, value: shortly(schema) })),
  )
  const examples = optionExamples.filter((example) => example.section === title).map(exampleOf)
  return [`## ${title.includes(' ') ? title : `\`${title}\``}`, table, ...examples].join('\n\n')
}

function exampleOf({ title, text, yaml, study = false }: OptionExample): string {
  const block = `\`\`\`yaml${study ? ' study' : ''}\n${yaml}\n\`\`\``
  return [`### ${title}`, ...(text === '' ? [] : [text]), block].join('\n\n')
}

/** A short description of a value's type where its schema's is too long; a link for a part. */
function shortly(schema: JsonSchema): string | undefined {
  const part = partLink(schema)
  if (part !== undefined) return part
  if (isSchema(schema.items) && partLink(schema.items) !== undefined) return `a list, each ${partLink(schema.items)}`
  if (isSchema(schema.items) && schema.items.type === 'object') return 'a list of maps'
  const members = Array.isArray(schema.anyOf) ? schema.anyOf.filter(isSchema) : []
  if (members.some((member) => partLink(member) !== undefined)) return unionWithParts(members)
  return 'pattern' in schema ? 'text' : undefined
}

/** `loss`, a link for a part, or a list of these. */
function unionWithParts(members: readonly JsonSchema[]): string {
  const inWords = (member: JsonSchema) =>
    'const' in member ? `\`${String(member.const)}\`` : member.type === 'array' ? 'a list of these' : partLink(member)
  return members.map((member) => inWords(member) ?? describe(member)).join(' or ')
}

function partLink({ 'x-part': part }: JsonSchema): string | undefined {
  if (!isSchema(part)) return undefined
  const kind = String(part.kind)
  return `[${kind}](parts.md#${kind.toLowerCase().replaceAll(' ', '-')})`
}

function propertyOf(schema: JsonSchema, name: string): JsonSchema {
  const property = propertiesOf(schema)[name]
  if (!isSchema(property)) throw new RangeError(`The schema has no ${name}`)
  return property
}

function propertiesOf({ properties }: JsonSchema): JsonSchema {
  return isSchema(properties) ? properties : {}
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
