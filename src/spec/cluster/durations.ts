// What a schema cannot say of a profile's durations: how long each may be, and how they go together.
import { matches } from '../../core/checked-json.js'
import type { Problem } from '../../core/errors.js'
import { isMap, type Json, type MapNode, placeOf } from '../document/nodes.js'
import { RedisOptions, SlurmOptions } from './options.js'
import { durationMs } from './units.js'

/** Durations of a profile by their keys, those alone that are durations. */
type Durations = ReadonlyMap<string, string>

/** Every problem with a profile's durations, each with its place; a duration of the wrong form is left to the schema. */
export function durationProblems(value: Json, node: MapNode): Problem[] {
  if (!isMap(value)) return []
  const properties = value.executor === 'redis' ? RedisOptions.properties : SlurmOptions.properties
  const durations = durationsOf(value, properties)
  const outside = [...durations].flatMap(([key, text]) => rangeProblem(key, text, rangeOf(properties, key)))
  const bad = new Set(outside.map(({ path }) => path))
  const within = new Map([...durations].filter(([key]) => !bad.has(key)))
  return [...outside, ...timeProblems(within), ...keepingProblems(within)].map((problem) => ({
    ...problem,
    place: placeOf(node, problem.path),
  }))
}

type Properties = Readonly<Record<string, object>>

interface Range {
  readonly least: string
  readonly most: string
}

function rangeOf(properties: Properties, key: string): Range | undefined {
  const schema = properties[key] ?? {}
  if (!('x-least' in schema && 'x-most' in schema)) return undefined
  return { least: String(schema['x-least']), most: String(schema['x-most']) }
}

function durationsOf(value: { readonly [key: string]: Json }, properties: Properties): Durations {
  const found = Object.keys(properties).flatMap((key): [string, string][] => {
    const [schema, text] = [properties[key], value[key]]
    const isDuration = rangeOf(properties, key) !== undefined && typeof text === 'string' && isOfForm(schema, text)
    return isDuration ? [[key, text]] : []
  })
  return new Map(found)
}

function isOfForm(schema: object | undefined, text: string): boolean {
  return schema !== undefined && matches(schema, text)
}

function rangeProblem(path: string, received: string, range: Range | undefined): Problem[] {
  if (range === undefined) return []
  const { least, most } = range
  const expected = `from ${least} to ${most}`
  if (durationMs(received) < durationMs(least)) return [{ path, message: 'is too short', expected, received }]
  return durationMs(received) > durationMs(most) ? [{ path, message: 'is too long', expected, received }] : []
}

/** Seconds before its time that Slurm may send a signal too early. */
const earlyMs = 60_000

/** A job that is asked to save as soon as it begins would be sent again for ever. */
function timeProblems(durations: Durations): Problem[] {
  const [time, lead] = [durations.get('time'), durations.get('lead')]
  if (time === undefined || lead === undefined || durationMs(time) > durationMs(lead) + earlyMs) return []
  return [
    {
      path: 'time',
      message: `leaves a job no time to train: it is asked to save ${lead} (\`lead\`) before the limit, which Slurm may do 60 s earlier`,
      expected: `more than ${(durationMs(lead) + earlyMs) / 1000}s`,
      received: time,
    },
  ]
}

/** A lost worker is looked for once in `poll`; and what is waited for must not have expired. */
function keepingProblems(durations: Durations): Problem[] {
  const atLeast = (path: string, other: string, why: string): Problem[] => {
    const [received, least] = [durations.get(path), durations.get(other)]
    if (received === undefined || least === undefined || durationMs(received) >= durationMs(least)) return []
    return [{ path, message: `is shorter than \`${other}\`: ${why}`, expected: `at least ${least}`, received }]
  }
  const expires = 'what is waited for would have expired'
  return [
    ...atLeast('lease', 'poll', 'what is lost is looked for once in that time'),
    ...['grace', 'lease', 'poll'].flatMap((other) => atLeast('keep', other, expires)),
  ]
}
