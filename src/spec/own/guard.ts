import { SeqlabError } from '../../core/errors.js'
import { isUnfit } from '../../core/judge.js'
import type { Part } from '../../core/part.js'
import { placeText } from './evaluate.js'
import type { OwnFile } from './types.js'

type AnyFunction = (...args: readonly unknown[]) => unknown

/**
 * A part whose functions, and those of what it builds, say of an error that it is the file's, and where in it: else it
 * would be taken for one of the program's. Searches call back into the program, whose errors they only pass on.
 */
export function guarded(part: Part, called: string, file: OwnFile): Part {
  const name = `${called} \`${part.name}\``
  const explain = (error: unknown) => {
    if (error instanceof SeqlabError || isUnfit(error) || !(error instanceof Error)) return error
    return new SeqlabError('spec', `${placeText(error, file)}: ${name}: ${error.message}`, { cause: error })
  }
  return withGuardedFunctions(part, (run, field) => {
    const guardedRun = protect(run, explain)
    if (field !== 'build' || called === 'search method') return guardedRun
    return (...args) => guardedBuilt(guardedRun(...args), explain)
  })
}

function guardedBuilt(built: unknown, explain: (error: unknown) => unknown): unknown {
  if (isFunction(built)) return protect(built, explain)
  if (typeof built !== 'object' || built === null) return built
  const outer = withGuardedFunctions(built, (run) => protect(run, explain))
  const backward: unknown = Reflect.get(built, 'backward')
  if (typeof backward !== 'object' || backward === null) return outer
  return { ...outer, backward: withGuardedFunctions(backward, (run) => protect(run, explain)) }
}

/** The same with other functions; those of a class are among them. */
function withGuardedFunctions<T extends object>(of: T, change: (run: AnyFunction, name: string) => AnyFunction): T {
  const guards: Record<string, AnyFunction> = {}
  for (const name of functionNames(of)) {
    const run: unknown = Reflect.get(of, name)
    if (isFunction(run)) guards[name] = change(run.bind(of), name)
  }
  return { ...of, ...guards }
}

function functionNames(of: object): string[] {
  const above: unknown = Object.getPrototypeOf(of)
  const inherited =
    typeof above === 'object' && above !== null && above !== Object.prototype ? functionNames(above) : []
  return [...inherited, ...Object.getOwnPropertyNames(of)].filter((name) => name !== 'constructor')
}

function protect(run: AnyFunction, explain: (error: unknown) => unknown): AnyFunction {
  return (...args) => {
    try {
      const result = run(...args)
      if (!(result instanceof Promise)) return result
      return result.catch((error: unknown) => {
        throw explain(error)
      })
    } catch (error) {
      throw explain(error)
    }
  }
}

function isFunction(value: unknown): value is AnyFunction {
  return typeof value === 'function'
}
