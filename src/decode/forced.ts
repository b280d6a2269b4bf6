import type { HostTensor } from '../core/tensors.js'
import { leaf, type Tree } from '../core/tree.js'
import { rowOf, startSteps, takeStep } from './stepwise.js'
import type { SearchMember, Specials } from './types.js'

/** What given outputs cost, one example. */
export interface ForcedOutput {
  /** ln p of each symbol given those before it, and of the end. */
  readonly logProbs: readonly number[]
  /** One row for each of them, one column per source step (padding included), where the model attends and it is asked for. */
  readonly alignment?: readonly (readonly number[])[]
}

/**
 * Forced decoding: log p(y | x) = Σ_t log p(y_t | y_<t, x) by the same step that searches take, so that an output that a
 * search found has the score that it found. `target` is {input, output, mask} [B,T]: bos + y, y + eos, 1 where there is one.
 * Gives the first `examples` rows.
 */
export async function forceOutputs(
  member: SearchMember,
  target: Tree<HostTensor>,
  examples: number,
  { alignments, specials }: { readonly alignments: boolean; readonly specials: Specials },
): Promise<readonly ForcedOutput[]> {
  const [input, output, mask] = (['input', 'output', 'mask'] as const).map((name) => leaf(target, name))
  if (input === undefined || output === undefined || mask === undefined)
    throw new RangeError('A target has three parts')
  const { stepper, states: first, batch } = startSteps([member], 1, specials, alignments)
  const parents = Array.from({ length: batch }, (_, row) => row)
  const outputs = parents.slice(0, examples).map(() => ({ logProbs: [] as number[], alignment: [] as number[][] }))
  let states = first
  for (let step = 0; step < (input.shape[1] ?? 0); step++) {
    const stepped = await takeStep(stepper, states, parents, columnOf(input, step))
    const wanted = columnOf(output, step)
    const real = columnOf(mask, step)
    for (const [row, { logProbs, alignment }] of outputs.entries()) {
      if (real[row] === 0) continue
      logProbs.push(rowOf(stepped.logProbs, row)[wanted[row] ?? 0] ?? Number.NaN)
      if (stepped.alignment !== undefined) alignment.push([...rowOf(stepped.alignment, row)])
    }
    states = stepped.states
  }
  return outputs.map(({ logProbs, alignment }) => ({ logProbs, ...(alignment.length > 0 && { alignment }) }))
}

/** Column `step` of [B,T]. */
function columnOf({ data, shape }: HostTensor, step: number): number[] {
  const [rows = 0, steps = 0] = shape
  return Array.from({ length: rows }, (_, row) => data[row * steps + step] ?? 0)
}
