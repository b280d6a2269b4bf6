import type { Engine, Executable, PureFunction, Signature } from '../../engine/types.js'

/**
 * Functions made ready for an engine, by name: each once, at most `limit` at a time, the longest unused let go first.
 * `identity`: what the functions are functions of, for graphs on disk.
 */
export interface Executables {
  get(name: string, pure: () => PureFunction, signature: () => Signature): Promise<Executable>
  /** Time spent on making functions ready so far. */
  compileMs(): number
  dispose(): Promise<void>
}

export function executables(engine: Engine, limit: number, identity?: string): Executables {
  const ready = new Map<string, Promise<Executable>>()
  let compileMs = 0
  const compile = async (name: string, pure: PureFunction, signature: Signature) => {
    const before = performance.now()
    try {
      return await engine.compile(name, pure, signature, identity)
    } catch (error) {
      ready.delete(name)
      throw error
    } finally {
      compileMs += performance.now() - before
    }
  }
  const letGo = async (names: readonly string[]) => {
    for (const name of names) {
      const executable = ready.get(name)
      ready.delete(name)
      await (await executable)?.dispose()
    }
  }
  return {
    get: async (name, pure, signature) => {
      const made = ready.get(name) ?? compile(name, pure(), signature())
      ready.delete(name)
      ready.set(name, made)
      await letGo([...ready.keys()].slice(0, Math.max(0, ready.size - limit)))
      return made
    },
    compileMs: () => compileMs,
    dispose: () => letGo([...ready.keys()]),
  }
}
