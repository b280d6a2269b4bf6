import { isJsonObject } from '../../../core/json.js'
import { isMap, type Json } from '../../document/nodes.js'

/**
 * What people call a variant: names of parts alone (`additive`), everything else with the end of its path
 * (`hidden=64`), joined by ", ".
 */
export function variantLabel(variant: Readonly<Record<string, Json>>): string {
  return Object.entries(variant)
    .map(([path, value]) => {
      const end = shortest(path, Object.keys(variant))
      const text = valueText(value)
      return namesItself(value) ? text : `${end}=${text}`
    })
    .join(', ')
}

/** The shortest end of a path that no other one has: `hidden`, or `encoder.hidden` where `decoder.hidden` varies, too. */
function shortest(path: string, paths: readonly string[]): string {
  const steps = path.split('.')
  const ends = steps.map((_, index) => steps.slice(steps.length - 1 - index).join('.'))
  const others = paths.filter((other) => other !== path)
  return ends.find((end) => !others.some((other) => `.${other}`.endsWith(`.${end}`))) ?? path
}

function namesItself(value: Json): boolean {
  return typeof value === 'string' || isMap(value)
}

/** `additive`, `additive(size=64)`, `0.5`, `per+wer`. */
export function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join('+')
  if (!isJsonObject(value)) return String(value)
  const { type, from, ...options } = value
  const named = Object.entries(options).map(([key, each]) => `${key}=${valueText(each)}`)
  const name = String(type ?? from ?? '')
  return named.length === 0 ? name : `${name}(${named.join(', ')})`
}
