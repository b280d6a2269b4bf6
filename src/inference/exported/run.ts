import { SeqlabError } from '../../core/errors.js'
import type { HostTensor } from '../../core/tensors.js'
import { leaves, type Tree } from '../../core/tree.js'
import { withoutAlignments } from '../../decode/names.js'
import { type FlexibleSession, openFlexible } from '../../engine/compiled/flexible-session.js'
import type { RunPure } from '../../task/types.js'

/** What is needed of an exported function to run it. */
export interface Runnable {
  /** The ONNX model, or the file that it is in. */
  readonly model: Uint8Array | string
  readonly outputs: readonly { readonly name: string; readonly path: string }[]
  /** Branches of the outputs' tree that have no leaf. */
  readonly empty: readonly string[]
}

/** Runs a model's exported functions by name: what they are made of is not looked at, so that nothing is traced. */
export function runExported(functions: ReadonlyMap<string, Runnable>): {
  readonly run: RunPure
  dispose(): Promise<void>
} {
  const opened = new Map<string, Promise<Opened>>()
  const open = (name: string): Promise<Opened> => {
    const runnable = functions.get(name)
    if (runnable === undefined) throw new SeqlabError('run', `The model has no exported function ${name}`)
    const found = opened.get(name) ?? openFunction(name, runnable)
    opened.set(name, found)
    return found
  }
  return {
    run: async (name, _, inputs) => {
      const called = withoutAlignments(name)
      const { session, places, outputs, empty } = await open(called)
      if (places.size === 0) for (const [path] of leaves(inputs)) places.set(portOf(path), path.split('/'))
      const wanted = outputs[name === called ? 'plain' : 'aligned']
      const results = await session.run((port) => leafAt(inputs, places.get(port)), wanted.ports)
      return asTree(wanted, empty, results)
    },
    dispose: async () => {
      for (const each of opened.values()) await (await each).session.release()
    },
  }
}

/** A function that has been run. */
interface Opened {
  readonly session: FlexibleSession
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

async function openFunction(name: string, { model, outputs, empty }: Runnable): Promise<Opened> {
  const plain = outputs.filter((port) => port.name !== 'alignment')
  return {
    session: await openFlexible(name, model),
    places: new Map(),
    outputs: { plain: wantedOf(plain), aligned: wantedOf(outputs) },
    empty: empty.map((path) => path.split('/')),
  }
}

function wantedOf(outputs: Runnable['outputs']): Wanted {
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

function asTree(
  { places }: Wanted,
  empty: Opened['empty'],
  results: ReadonlyMap<string, HostTensor>,
): Tree<HostTensor> {
  const root: Branch = {}
  for (const names of empty) branchAt(root, names)
  let place = 0
  for (const tensor of results.values()) {
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
