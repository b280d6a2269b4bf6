import type { Part } from '../core/part.js'
import { registries } from './catalogue.js'
import { describe } from './document/describe.js'
import type { JsonSchema } from './document/schema-navigation.js'
import { plain } from './schema.js'

/** The documentation's tables of parts, one section per kind, from the parts' own declarations. */
export function partsTable(): string {
  const sections = registries.map(({ kind, parts }) => {
    const rows = Object.values(parts).map(partSection)
    return [`## ${capital(kind)}`, ...rows].join('\n\n')
  })
  const head = [
    '# Parts',
    'Written by `npm run docs` from the declarations in `src/`: do not edit. A part is given by its name alone',
    '(`cell: gru`) or by a map with its options (`cell: { type: gru, reset: before }`).',
  ]
  return `${[head.slice(0, 1), head.slice(1).join('\n'), ...sections].join('\n\n')}\n`
}

function partSection(part: Part): string {
  const { paper, equation, url } = part.source
  const cited = url === undefined ? paper : `[${paper}](${url})`
  const equations = part.equations.length === 0 ? [] : [`\`\`\`text\n${part.equations.join('\n')}\n\`\`\``]
  const source = `Source: ${cited}${equation === undefined ? '' : `; ${equation}`}.`
  return [`### \`${part.name}\``, part.summary, ...equations, ...optionsTable(part), source].join('\n\n')
}

function optionsTable(part: Part): string[] {
  const { properties } = part.options
  const required: readonly unknown[] = part.options.required ?? []
  const rows = Object.entries(properties).map(([name, schema]) =>
    optionRow(name, plain(schema), { required: required.includes(name) }),
  )
  return rows.length === 0 ? [] : [optionTable(rows)]
}

/** A table of options in Markdown. */
export function optionTable(rows: readonly string[]): string {
  return ['| Option | Value | Default | |', '|---|---|---|---|', ...rows].join('\n')
}

/** An option's row: its name, what it accepts (or `value`, where that is clearer), its default and its meaning. */
export function optionRow(name: string, schema: JsonSchema, { value, required = false }: RowOptions = {}): string {
  const { description = '', default: fallback, ...rest } = schema
  const shown = fallback === undefined ? (required ? 'required' : '') : `\`${JSON.stringify(fallback)}\``
  return `| \`${name}\` | ${value ?? cell(rest.type === 'object' ? 'a map' : describe(rest))} | ${shown} | ${cell(String(description))} |`
}

interface RowOptions {
  readonly value?: string | undefined
  readonly required?: boolean
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
