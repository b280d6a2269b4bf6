import type { HostTensor, TensorSpec } from '../../src/core/tensors.js'
import { leaves, mapTree, type Tree } from '../../src/core/tree.js'
import { createEngine } from '../../src/engine/index.js'
import type { Engine, EngineName, PureFunction, Signature } from '../../src/engine/types.js'

export const options = { threads: 1 }

export function specsOf(values: Tree<HostTensor>): Tree<TensorSpec> {
  return mapTree(values, ({ dtype, shape }) => ({ dtype, shape }))
}

export interface RunResult {
  readonly outputs: Tree<HostTensor>
  readonly state: Tree<HostTensor>
}

/** Runs `pure` `times` times on one engine from the same state. */
export async function runOn(
  name: EngineName | Engine,
  pure: PureFunction,
  state: Tree<HostTensor>,
  inputs: Tree<HostTensor>,
  times = 1,
): Promise<RunResult> {
  const engine = typeof name === 'string' ? await createEngine(name, options) : name
  const signature: Signature = { state: specsOf(state), inputs: specsOf(inputs) }
  const held = engine.createState(state)
  const executable = await engine.compile('test', pure, signature)
  try {
    let outputs: Tree<HostTensor> = {}
    for (let run = 0; run < times; run++) outputs = await executable.run(held, inputs)
    return { outputs, state: await held.read() }
  } finally {
    await executable.dispose()
    held.dispose()
    if (typeof name === 'string') await engine.dispose()
  }
}

/** The largest difference between two trees of tensors, relative to the larger of 1 and the reference's size. */
export function worstDifference(reference: Tree<HostTensor>, actual: Tree<HostTensor>): number {
  const others = new Map(leaves(actual))
  const differences = leaves(reference).map(([path, expected]) => {
    const given = others.get(path)
    if (
      given === undefined ||
      JSON.stringify([given.dtype, given.shape]) !== JSON.stringify([expected.dtype, expected.shape])
    ) {
      throw new Error(`${path}: expected ${expected.dtype} [${expected.shape}], got ${given?.dtype} [${given?.shape}]`)
    }
    return Array.from(expected.data, (value, index) => gap(value, given.data[index] ?? Number.NaN))
  })
  return Math.max(0, ...differences.flat())
}

function gap(expected: number, actual: number): number {
  if (Object.is(expected, actual) || expected === actual) return 0
  if (Number.isNaN(expected) && Number.isNaN(actual)) return 0
  const difference = Math.abs(expected - actual) / Math.max(1, Math.abs(expected))
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference
}
