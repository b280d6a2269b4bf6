import type { Engine, Executable, PureFunction, Signature } from '../../engine/types.js'

/** Hears when a function of that name starts and ends compiling. */
export type CompileListener = (state: 'started' | 'ended', name: string) => void

/**
 * Compiled functions by name: each compiled once, at most `limit` at a time, the least recently used disposed of first.
 * `identity`: what the functions are functions of, for graphs on disk.
 */
export interface Executables {
  get(name: string, pure: () => PureFunction, signature: () => Signature): Promise<Executable>
  /** Time spent compiling so far. */
  compileMs(): number
  /** Calls the listener at every compilation from now on, until the function that it returns is called. */
  onCompile(listener: CompileListener): () => void
  dispose(): Promise<void>
}

export function executables(engine: Engine, limit: number, identity?: string): Executables {
  const compiled = new Map<string, Promise<Executable>>()
  const listeners = new Set<CompileListener>()
  let compileMs = 0
  const notify: CompileListener = (...event) => {
    for (const listener of listeners) listener(...event)
  }
  const compile = async (name: string, pure: PureFunction, signature: Signature) => {
    const before = performance.now()
    notify('started', name)
    try {
      return await engine.compile(name, pure, signature, identity)
    } catch (error) {
      compiled.delete(name)
      throw error
    } finally {
      compileMs += performance.now() - before
      notify('ended', name)
    }
  }
  const disposeOf = async (names: readonly string[]) => {
    for (const name of names) {
      const executable = compiled.get(name)
      compiled.delete(name)
      await (await executable)?.dispose()
    }
  }
  return {
    get: async (name, pure, signature) => {
      const executable = compiled.get(name) ?? compile(name, pure(), signature())
      compiled.delete(name)
      compiled.set(name, executable)
      await disposeOf([...compiled.keys()].slice(0, Math.max(0, compiled.size - limit)))
      return executable
    },
    compileMs: () => compileMs,
    onCompile: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    dispose: () => disposeOf([...compiled.keys()]),
  }
}
