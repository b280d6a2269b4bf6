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
  const sessions = new Map<string, Promise<FlexibleSession>>()
  const opened = (name: string, { model }: Runnable): Promise<FlexibleSession> => {
    const session = sessions.get(name) ?? openFlexible(name, model)
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

/** Alignments are large: they are copied where they are asked for. */
function wantedOf({ outputs }: Runnable, name: string): string[] {
  const all = outputs.map((port) => port.name)
  return withoutAlignments(name) === name ? all.filter((port) => port !== 'alignment') : all
}

type Branch = { [name: string]: HostTensor | Branch }

function asTree({ outputs, empty }: Runnable, results: ReadonlyMap<string, HostTensor>): Tree<HostTensor> {
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
