import { isMap, type Json } from '../nodes.js'

/**
 * What people call a variant: names of parts alone (`additive`), everything else with the end of its path
 * (`hidden=64`), joined by ", ".
 */
export function variantLabel(variant: Readonly<Record<string, Json>>): string {
  return Object.entries(variant)
    .map(([path, value]) => {
      const end = path.split('.').at(-1) ?? path
      const text = valueText(value)
      return namesItself(value) ? text : `${end}=${text}`
    })
    .join(', ')
}

function namesItself(value: Json): boolean {
  return typeof value === 'string' || isMap(value)
}

/** `additive`, `additive(size=64)`, `0.5`, `per+wer`. */
function valueText(value: Json): string {
  if (Array.isArray(value)) return value.map(valueText).join('+')
  if (!isMap(value)) return String(value)
  const { type, from, ...options } = value
  const told = Object.entries(options).map(([key, each]) => `${key}=${valueText(each)}`)
  const name = String(type ?? from ?? '')
  return told.length === 0 ? name : `${name}(${told.join(', ')})`
}
