import { SeqlabError } from '../core/errors.js'
import type { HostTensor } from '../core/tensors.js'
import { leaves, type Tree } from '../core/tree.js'
import { withoutAlignments } from '../decode/names.js'
import type { RunPure } from '../decode/types.js'
import { interpreter, type Look } from './interpret.js'
import { readOnnx, type WeightsAt } from './onnx.js'
import type { Value } from './tensor.js'

/** What of an exported function's outputs is where in the function's own. */
export interface Ports {
  readonly outputs: readonly { readonly name: string; readonly path: string }[]
  /** Branches of the outputs' tree that have no leaf. */
  readonly empty: readonly string[]
}

/** A function that runs by ports. */
export interface Session {
  /** `inputOf` is asked for each port that the model reads. Outputs: those that are wanted, in this order. */
  run(
    inputOf: (port: string) => HostTensor | undefined,
    wanted: readonly string[],
    look?: Look,
  ): Promise<ReadonlyMap<string, HostTensor>> | ReadonlyMap<string, HostTensor>
  release(): Promise<void> | void
}

/** Runs a model's exported functions by name: what they are made of is not looked at, so that nothing is traced. */
export function runFunctions<Function extends Ports>(
  functions: ReadonlyMap<string, Function>,
  start: (name: string, of: Function) => Promise<Session> | Session,
): { readonly run: RunPure; watched(look: Look): RunPure; dispose(): Promise<void> } {
  const opened = new Map<string, Promise<Opened>>()
  const open = (name: string): Promise<Opened> => {
    const of = functions.get(name)
    if (of === undefined) throw new SeqlabError('run', `The model has no exported function ${name}`)
    const found = opened.get(name) ?? openFunction(of, start(name, of))
    opened.set(name, found)
    return found
  }
  const watched =
    (look?: Look): RunPure =>
    async (name, _, inputs) => {
      const called = withoutAlignments(name)
      const { session, places, outputs, empty } = await open(called)
      if (places.size === 0) for (const [path] of leaves(inputs)) places.set(portOf(path), path.split('/'))
      const wanted = outputs[name === called ? 'plain' : 'aligned']
      const results = await session.run((port) => leafAt(inputs, places.get(port)), wanted.ports, look)
      return treeOf(wanted.places, results.values(), empty)
    }
  return {
    run: watched(),
    watched,
    dispose: async () => {
      for (const each of opened.values()) await (await each).session.release()
    },
  }
}

/** A session of the interpreter over an ONNX model. `weights`: the numbers that are in a file beside it. */
export function interpreted(model: Uint8Array, weights: WeightsAt): Session {
  const ready = interpreter(readOnnx(model, weights))
  return {
    run: (inputOf, wanted, look) => {
      const inputs = new Map(ready.inputs.flatMap((port) => present(port, inputOf(port))))
      const results = ready.run(inputs, look)
      return new Map(wanted.map((port) => [port, hostTensor(results.get(port))]))
    },
    release: () => {},
  }
}

/** In the place of what an exported function computes: it is never traced. */
export function neverTraced(): never {
  throw new RangeError('The functions of a page are exported')
}

function present(port: string, tensor: HostTensor | undefined): [string, HostTensor][] {
  return tensor === undefined ? [] : [[port, tensor]]
}

function hostTensor(value: Value | undefined): HostTensor {
  if (value === undefined) throw new RangeError('The graph has no such output')
  const { shape, data } = value
  return { dtype: data instanceof Float32Array ? 'float32' : 'int32', shape, data }
}

/** A function that has been run. */
interface Opened {
  readonly session: Session
  /** Where the input of each port is in the inputs' tree: known from the first run on. */
  readonly places: Map<string, readonly string[]>
  /** Alignments are large: they are copied where they are asked for. */
  readonly outputs: Readonly<Record<'plain' | 'aligned', Wanted>>
  readonly empty: readonly (readonly string[])[]
}

/** Outputs, and where they are in the outputs' tree. */
interface Wanted {
  readonly ports: string[]
  readonly places: readonly (readonly string[])[]
}

async function openFunction({ outputs, empty }: Ports, session: Promise<Session> | Session): Promise<Opened> {
  const plain = outputs.filter((port) => port.name !== 'alignment')
  return {
    session: await session,
    places: new Map(),
    outputs: { plain: wantedOf(plain), aligned: wantedOf(outputs) },
    empty: empty.map((path) => path.split('/')),
  }
}

function wantedOf(outputs: Ports['outputs']): Wanted {
  return { ports: outputs.map(({ name }) => name), places: outputs.map(({ path }) => path.split('/')) }
}

function portOf(path: string): string {
  return path.replaceAll('/', '.')
}

function leafAt(tree: Tree<HostTensor>, names: readonly string[] = []): HostTensor | undefined {
  let branch: Tree<HostTensor> = tree
  for (const name of names) {
    const next = branch[name]
    if (next === undefined || isTensor(next)) return next
    branch = next
  }
  return undefined
}

function isTensor(node: HostTensor | Tree<HostTensor>): node is HostTensor {
  return 'shape' in node
}

type Branch = { [name: string]: HostTensor | Branch }

/** Tensors at their places in a tree, each the names that lead to it; `empty`: branches without a leaf. */
export function treeOf(
  places: readonly (readonly string[])[],
  tensors: Iterable<HostTensor>,
  empty: Opened['empty'] = [],
): Tree<HostTensor> {
  const root: Branch = {}
  for (const names of empty) branchAt(root, names)
  let place = 0
  for (const tensor of tensors) {
    const names = places[place++] ?? []
    branchAt(root, names.slice(0, -1))[names.at(-1) ?? ''] = tensor
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
