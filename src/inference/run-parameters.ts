import type { HostTensor, TensorSpec } from '../core/tensors.js'
import { leaves, mapTree, type Tree } from '../core/tree.js'
import type { Engine, PureFunction } from '../engine/types.js'
import type { RunPure } from '../task/types.js'
import { executables } from '../train/graph/executables.js'

/** Compiled functions that are kept: encoding and search at a few shapes each. */
const keptFunctions = 32

/** Runs pure functions of given parameters, each compiled once a shape. */
export function runParameters(
  engine: Engine,
  params: Tree<HostTensor>,
): { readonly run: RunPure; dispose(): Promise<void> } {
  const specs = mapTree(params, specOf)
  const state = engine.createState(params)
  const compiled = executables(engine, keptFunctions)
  return {
    run: async (name, pure, inputs) => {
      const shapes = leaves(inputs).map(([, { shape }]) => shape.join('x'))
      const wrapped = (): PureFunction => (weights, tensors) => ({ outputs: pure(weights, tensors) })
      const signature = () => ({ state: specs, inputs: mapTree(inputs, specOf) })
      const executable = await compiled.get(`${name} ${shapes.join(' ')}`, wrapped, signature)
      return executable.run(state, inputs)
    },
    dispose: async () => {
      await compiled.dispose()
      state.dispose()
    },
  }
}

function specOf({ dtype, shape }: TensorSpec): TensorSpec {
  return { dtype, shape }
}
