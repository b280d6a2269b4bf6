import { SeqlabError } from '../core/errors.js'
import type { HostTensor } from '../core/tensors.js'
import { leaves, type Tree } from '../core/tree.js'
import { withoutAlignments } from '../decode/names.js'
import type { RunPure } from '../decode/types.js'
import { interpreter } from './interpret.js'
import { readOnnx, type WeightsAt } from './onnx.js'

/** What of an exported function's outputs is where in the function's own. */
export interface Ports {
  readonly outputs: readonly { readonly name: string; readonly path: string }[]
  /** Branches of the outputs' tree that have no leaf. */
  readonly empty: readonly string[]
}

/** A function that runs by ports. */
export interface Session {
  /** What the model does not read is ignored. */
  run(
    inputs: ReadonlyMap<string, HostTensor>,
    wanted: readonly string[],
  ): Promise<ReadonlyMap<string, HostTensor>> | ReadonlyMap<string, HostTensor>
  release(): Promise<void> | void
}

/** Runs a model's exported functions by name: what they are made of is not looked at, so that nothing is traced. */
export function runFunctions<Function extends Ports>(
  functions: ReadonlyMap<string, Function>,
  open: (name: string, of: Function) => Promise<Session> | Session,
): { readonly run: RunPure; dispose(): Promise<void> } {
  const sessions = new Map<string, Promise<Session> | Session>()
  const opened = (name: string, of: Function): Promise<Session> | Session => {
    const session = sessions.get(name) ?? open(name, of)
    sessions.set(name, session)
    return session
  }
  return {
    run: async (name, _, inputs) => {
      const called = withoutAlignments(name)
      const runnable = functions.get(called)
      if (runnable === undefined) throw new SeqlabError('run', `The model has no exported function ${called}`)
      const session = await opened(called, runnable)
      const feeds = new Map(leaves(inputs).map(([path, tensor]) => [path.replaceAll('/', '.'), tensor]))
      const results = await session.run(feeds, wantedOf(runnable, name))
      return asTree(runnable, results)
    },
    dispose: async () => {
      for (const session of sessions.values()) await (await session).release()
    },
  }
}

/** A session of the interpreter over an ONNX model. `weights`: the numbers that are in a file beside it. */
export function interpreted(model: Uint8Array, weights: WeightsAt): Session {
  const ready = interpreter(readOnnx(model, weights))
  return {
    run: (inputs) => {
      const results = ready.run(inputs)
      return new Map([...results].map(([name, { shape, data }]) => [name, hostTensor(shape, data)]))
    },
    release: () => {},
  }
}

/** In the place of what an exported function computes: it is never traced. */
export function neverTraced(): never {
  throw new RangeError('The functions of a page are exported')
}

function hostTensor(shape: readonly number[], data: HostTensor['data']): HostTensor {
  return { dtype: data instanceof Float32Array ? 'float32' : 'int32', shape, data }
}

/** Alignments are large: they are copied where they are asked for. */
function wantedOf({ outputs }: Ports, name: string): string[] {
  const all = outputs.map((port) => port.name)
  return withoutAlignments(name) === name ? all.filter((port) => port !== 'alignment') : all
}

type Branch = { [name: string]: HostTensor | Branch }

function asTree({ outputs, empty }: Ports, results: ReadonlyMap<string, HostTensor>): Tree<HostTensor> {
  const root: Branch = {}
  for (const path of empty) branchAt(root, path.split('/'))
  for (const { name, path } of outputs) {
    const names = path.split('/')
    const tensor = results.get(name)
    if (tensor !== undefined) branchAt(root, names.slice(0, -1))[names.at(-1) ?? ''] = tensor
  }
  return root
}

function branchAt(root: Branch, names: readonly string[]): Branch {
  return names.reduce<Branch>((branch, name) => {
    const next = branch[name] ?? {}
    if ('shape' in next) throw new RangeError(`An output and a branch are both called ${name}`)
    branch[name] = next
    return next as Branch
  }, root)
}
