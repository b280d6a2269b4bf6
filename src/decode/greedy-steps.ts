import { loopingBackend, type Named } from '../core/loop.js'
import { add, argMax, max, vector } from '../core/ops.js'
import { type HostTensor, ints } from '../core/tensors.js'
import type { Tensor } from '../core/tf.js'
import { leaf, leaves, mapTree, subtree, type Tree } from '../core/tree.js'
import type { Transducer } from '../model/decoder/types.js'
import { anyAligned, isAligned } from './aligned.js'
import { cutAtEnd, type Emitted } from './emitted.js'
import { withAlignments } from './names.js'
import { barred, padded, rowsIn, rowTensors } from './stepwise.js'
import type { Decoded, SearchMember, SearchSettings, Specials } from './types.js'

/** The exported function that takes greedy steps, however many. */
export const greedySteps = 'greedy-steps'

/** Steps of a run: as many as a run costs, so that few are beyond the end of the outputs. */
const stepsPerRun = 6

/**
 * Greedy search by one recurrence for any number of steps [T] and rows [N], as in `StepRows`: the symbols that are the most
 * probable and their log probabilities [T,N], the last states, alignments [T,N,S]. Rows go on beyond their end.
 */
function greedyRun(step: Transducer['step'], params: Tree<Tensor>, inputs: Tree<Tensor>, specials: Specials) {
  const looping = loopingBackend()
  if (looping === undefined) throw new RangeError('Greedy steps are one recurrence in an exported form alone')
  const { memory, state: first } = rowsIn(inputs)
  const { outputs, state } = looping.loop({
    start: { previous: vector(inputs, 'previous'), ...named(first) },
    series: { steps: vector(inputs, 'steps') },
    reverse: false,
    step: (_, before) => {
      const from = mapTree(first, (_, path) => leaf(before, `state/${path}`))
      const stepped = step(params, vector(before, 'previous'), memory, from)
      const allowed = add(stepped.logProbs, barred(specials, stepped.logProbs.shape[1]))
      const previous = argMax(allowed, 1)
      const seen = stepped.alignment === undefined ? {} : { alignment: stepped.alignment }
      return {
        outputs: { ids: previous, logProbs: max(allowed, 1), ...seen },
        state: { previous, ...named(stepped.state) },
      }
    },
  })
  return { ...outputs, state: mapTree(first, (_, path) => leaf(state, `state/${path}`)) }
}

function named(state: Tree<Tensor>): Named {
  return Object.fromEntries(leaves(state).map(([path, each]) => [`state/${path}`, each]))
}

/** What is known of one example's output. */
interface Running extends Emitted {
  readonly example: number
}

/** The same as a beam of one, in a few runs: after each, the examples that have ended leave the batch. */
export async function searchBySteps(
  { run, transducer, encoded }: SearchMember,
  examples: readonly number[],
  settings: SearchSettings & { readonly rowsStep: number },
): Promise<readonly Decoded[]> {
  const { specials, maxLength, rowsStep, first = specials.bos } = settings
  const name = anyAligned(settings.alignments) ? withAlignments(greedySteps) : greedySteps
  const pure = (params: Tree<Tensor>, inputs: Tree<Tensor>) => greedyRun(transducer.step, params, inputs, specials)
  const all = examples.map((_, example): Running => ({ example, ids: [], logProbs: [], alignment: [] }))
  let running = all.map((one, row) => ({ one, row }))
  let state = encoded.state
  for (let taken = 0; taken <= maxLength && running.length > 0; taken += stepsPerRun) {
    const steps = Math.min(stepsPerRun, maxLength + 1 - taken)
    const rows = padded(running, rowsStep)
    const found = await run(name, pure, {
      memory: encoded.memory,
      state,
      ...rowTensors({
        examples: rows.map(({ one }) => one.example),
        parents: rows.map(({ row }) => row),
        previous: rows.map(({ one }) => one.ids.at(-1) ?? first),
      }),
      steps: ints(new Int32Array(steps), [steps]),
    })
    running.forEach(({ one }, row) => {
      collect(one, found, row)
    })
    running = running.flatMap(({ one }, row) => (one.ids.includes(specials.eos, taken) ? [] : [{ one, row }]))
    state = subtree(found, 'state')
  }
  return all.map((one, row) => cutAtEnd(one, isAligned(settings.alignments, examples[row] ?? 0), settings))
}

/** What a run gives for its row `row`, up to its last step. */
function collect({ ids, logProbs, alignment }: Running, found: Tree<HostTensor>, row: number): void {
  const symbols = leaf(found, 'ids')
  const scores = leaf(found, 'logProbs')
  const seen = found.alignment === undefined ? undefined : leaf(found, 'alignment')
  const [steps = 0, rows = 0] = symbols.shape
  const width = seen?.shape[2] ?? 0
  for (let place = row; place < steps * rows; place += rows) {
    ids.push(symbols.data[place] ?? 0)
    logProbs.push(scores.data[place] ?? Number.NaN)
    if (seen !== undefined) alignment.push([...seen.data.subarray(place * width, (place + 1) * width)])
  }
}
