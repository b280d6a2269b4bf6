import { eagerEngine, loadTfjsNode, tfjsVersion } from './eager.js'
import type { Engine, EngineName, EngineOptions } from './types.js'

export const engineNames: readonly EngineName[] = ['compiled', 'tfjs-node', 'tfjs-cpu']

/** The engine of that name; `auto` is the compiled one. Throws SeqlabError 'engine' where it is not installed. */
export async function createEngine(name: 'auto' | EngineName, options: EngineOptions): Promise<Engine> {
  if (name === 'tfjs-cpu') return eagerEngine(name, 'cpu', `@tensorflow/tfjs ${tfjsVersion()}`)
  if (name === 'tfjs-node') return eagerEngine(name, 'tensorflow', `@tensorflow/tfjs-node ${loadTfjsNode()}`)
  // Loaded when asked for: the native library stays out of processes that only plan.
  const { compiledEngine } = await import('./compiled/index.js')
  return compiledEngine(options)
}
