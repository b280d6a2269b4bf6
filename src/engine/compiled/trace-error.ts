import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SeqlabError } from '../../core/errors.js'

/** Raised when a model function does what cannot be recorded: reads values, or uses an operation without a rule. */
export class TraceError extends SeqlabError {
  constructor(what: string, hint: string, stack: string | undefined) {
    const place = callerOf(stack)
    const operation = operationOf(stack)
    super('trace', `${what}${operation}${place === undefined ? '' : `, at ${place}`}`, { hint })
    this.name = 'TraceError'
  }
}

/** The stack, deep enough to reach the model's code below TF.js's own frames. */
export function deepStack(): string | undefined {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 100
  const { stack } = new Error('trace')
  Error.stackTraceLimit = limit
  return stack
}

function frames(stack: string | undefined): string[] {
  return (stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '))
}

/** Frames of TF.js, of Node and of the engine itself. */
const engineFolder = fileURLToPath(new URL('..', import.meta.url))
const isForeign = (frame: string): boolean =>
  /node_modules|node:internal|<anonymous>/.test(frame) || frame.includes(engineFolder)

/** File and line of the first frame in model code. */
function callerOf(stack: string | undefined): string | undefined {
  const frame = frames(stack).find((line) => !isForeign(line))
  const place = frame?.match(/\(?((?:file:\/\/)?\/[^()]+|[A-Za-z]:\\[^()]+):(\d+):\d+\)?$/)
  if (place?.[1] === undefined) return undefined
  const file = place[1].startsWith('file:') ? fileURLToPath(place[1]) : place[1]
  const short = relative(process.cwd(), file)
  return `${short.startsWith('..') ? file : short}:${place[2]}`
}

/** The TF.js function that the model called: the last of its frames before the model's. */
function operationOf(stack: string | undefined): string {
  const all = frames(stack)
  const first = all.findIndex((line) => !isForeign(line))
  const name = all
    .slice(0, first < 0 ? all.length : first)
    .reverse()
    .map((line) => line.match(/at (?:async )?(?:new )?([\w.$]+)/)?.[1])
    .find((found) => found !== undefined && !internal.test(found))
  return name === undefined
    ? ''
    : ` (in ${name.replace(/^(Object|Tensor|module\.exports)\./, '').replace(/__?(op)?$/, '')})`
}

const internal = /^(f2|node|file|Engine\.|eval)|Scoped|tidy/
