import type { Part } from '../core/part.js'
import { registries } from './catalogue.js'
import { describe } from './document/describe.js'
import { plain } from './schema.js'

/** The documentation's tables of parts, one section per kind, from the parts' own declarations. */
export function partsTable(): string {
  const sections = registries.map(({ kind, parts }) => {
    const rows = Object.values(parts).map(partSection)
    return [`## ${capital(kind)}`, ...rows].join('\n\n')
  })
  const head = [
    '# The parts',
    'Written by `npm run docs` from the declarations in `src/`: do not edit. A part is named by its bare name',
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
  const rows = Object.entries(part.options.properties).map(([name, schema]) => {
    const { description, default: fallback, ...rest } = plain(schema)
    const value = fallback === undefined ? '' : `\`${JSON.stringify(fallback)}\``
    return `| \`${name}\` | ${cell(describe(rest))} | ${value} | ${cell(String(description ?? ''))} |`
  })
  if (rows.length === 0) return []
  return [['| Option | Value | Default | |', '|---|---|---|---|', ...rows].join('\n')]
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
