import type { HostTensor } from '../core/tensors.js'
import { leaf, type Tree } from '../core/tree.js'
import type { RunPure } from '../decode/types.js'
import type { Opened } from './model.js'
import type { Value } from './tensor.js'

/** A step of a search as it was run, of all its rows. */
export interface RunStep {
  readonly outputs: Tree<HostTensor>
  /** What its cells have computed, by their place and name. */
  readonly cells: ReadonlyMap<string, Value>
  readonly parents: HostTensor['data']
  readonly previous: HostTensor['data']
}

/** Runs a search's steps, and keeps them. */
export function keepingSteps({ watched }: Opened): { readonly run: RunPure; readonly steps: readonly RunStep[] } {
  const steps: RunStep[] = []
  return {
    steps,
    run: async (name, pure, inputs) => {
      const cells = new Map<string, Value>()
      const outputs = await watched((cell, value) => cells.set(cell, value))(name, pure, inputs)
      const rows = (input: string) => leaf(inputs, input).data
      steps.push({ outputs, cells, parents: rows('parents'), previous: rows('previous') })
      return outputs
    },
  }
}

/** The row of each step that an output went through; `read`: the symbol that each step has read. */
export function rowsOf(steps: readonly RunStep[], read: readonly number[]): readonly (readonly [RunStep, number])[] {
  let before: number | undefined
  return read.flatMap((symbol, at) => {
    const step = steps[at]
    if (step === undefined) return []
    const row = step.previous.findIndex((id: number, place: number) => {
      return id === symbol && (before === undefined || step.parents[place] === before)
    })
    before = row
    return row < 0 ? [] : [[step, row] as const]
  })
}
