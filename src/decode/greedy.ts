import { add, argMax, cast, equal, fill, greater, max, maximum, mul, stack, sub, vector, where } from '../core/ops.js'
import { noOptions } from '../core/part.js'
import { floats, type HostTensor, ints } from '../core/tensors.js'
import type { Tensor, Tensor1D, Tensor2D } from '../core/tf.js'
import { leaf, subtree, type Tree } from '../core/tree.js'
import type { Transducer } from '../model/decoder/types.js'
import { anyAligned, isAligned } from './aligned.js'
import { plainBeam, searchBeam } from './beam.js'
import { cutAtEnd, type Emitted } from './emitted.js'
import { searchBySteps } from './greedy-steps.js'
import { withAlignments } from './names.js'
import { barred, rowOf } from './stepwise.js'
import { defineSearchMethod, type Search, type SearchSettings, type Specials } from './types.js'

/** Steps in one graph (one graph per source shape): few, since most of a batch's last chunk is past the end of its outputs. */
const stepsPerChunk = 4

/**
 * `count` greedy steps: previous [B] int32, finished [B] float32 (1: done), memory and state as the step function has
 * them -> ids [B,n] int32 (pad once finished), logProbs [B,n] of each (0 once finished), finished, previous, state, alignments [B,n,S].
 */
function advance(
  step: Transducer['step'],
  params: Tree<Tensor>,
  inputs: Tree<Tensor>,
  count: number,
  specials: Specials,
): Tree<Tensor> {
  const memory = subtree(inputs, 'memory')
  let state = subtree(inputs, 'state')
  let previous = vector(inputs, 'previous')
  let finished = vector(inputs, 'finished')
  const logProbs: Tensor1D[] = []
  const ids: Tensor1D[] = []
  const alignments: Tensor2D[] = []
  for (let n = 0; n < count; n++) {
    const stepped = step(params, previous, memory, state)
    const running = sub(1, finished)
    const allowed = add(stepped.logProbs, barred(specials, stepped.logProbs.shape[1]))
    const chosen = argMax(allowed, 1)
    previous = where(greater(finished, 0), fill(chosen.shape, specials.pad, 'int32'), chosen)
    logProbs.push(mul(running, max(allowed, 1)))
    finished = maximum(finished, cast(equal(chosen, specials.eos), 'float32'))
    state = stepped.state
    ids.push(previous)
    if (stepped.alignment !== undefined) alignments.push(stepped.alignment)
  }
  const seen = alignments.length === 0 ? {} : { alignments: stack(alignments, 1) }
  return { ids: stack(ids, 1), logProbs: stack(logProbs, 1), finished, previous, state, ...seen }
}

/** Runs `advance` (in an exported form, greedy steps) until every example has ended or `maxLength` symbols (and the step for eos) are out. */
const searchGreedily: Search = async (members, examples, settings) => {
  const [member, ...others] = members
  // Several models take steps that no graph of one model holds: a beam of one takes the same.
  if (member === undefined || others.length > 0) return searchBeam(plainBeam(1))(members, examples, settings)
  const { rowsStep } = settings
  if (rowsStep !== undefined) return searchBySteps(member, examples, { ...settings, rowsStep })
  const { run, transducer, encoded } = member
  const { memory, state, rows: batch } = encoded
  const rows = examples.length
  const pure = (params: Tree<Tensor>, inputs: Tree<Tensor>) => {
    const { alignments, ...rest } = advance(transducer.step, params, inputs, stepsPerChunk, settings.specials)
    return alignments === undefined || !anyAligned(settings.alignments) ? rest : { ...rest, alignments }
  }
  const name = anyAligned(settings.alignments) ? withAlignments('greedy') : 'greedy'
  let carried: Tree<HostTensor> = firstInputs(batch, rows, settings, state)
  const chunks: Tree<HostTensor>[] = []
  while (
    chunks.length * stepsPerChunk < settings.maxLength + 1 &&
    leaf(carried, 'finished').data.some((done) => done === 0)
  ) {
    const chunk = await run(name, pure, { memory, ...carried })
    chunks.push(chunk)
    carried = { previous: leaf(chunk, 'previous'), finished: leaf(chunk, 'finished'), state: subtree(chunk, 'state') }
  }
  return examples.map((example, row) =>
    cutAtEnd(collect(chunks, row), isAligned(settings.alignments, example), settings),
  )
}

/** The most probable symbol at every step. */
export const greedy = defineSearchMethod({
  name: 'greedy',
  summary: 'Greedy search: take the most probable symbol at every step.',
  equations: ['y_t = argmax p(y | y_<t, x)'],
  source: { paper: 'Standard practice; see Sutskever et al. 2014, section 3.2 (beam size 1)' },
  options: noOptions,
  build: () => searchGreedily,
})

/** Rows beyond the examples count as finished from the start, so that they never keep the search going. */
function firstInputs(
  batch: number,
  rows: number,
  { specials, first = specials.bos }: SearchSettings,
  state: Tree<HostTensor>,
): Tree<HostTensor> {
  return {
    previous: ints(new Int32Array(batch).fill(first), [batch]),
    finished: floats(new Float32Array(batch).fill(1, rows), [batch]),
    state,
  }
}

function collect(chunks: readonly Tree<HostTensor>[], row: number): Emitted {
  return {
    ids: chunks.flatMap((chunk) => [...rowOf(leaf(chunk, 'ids'), row)]),
    logProbs: chunks.flatMap((chunk) => [...rowOf(leaf(chunk, 'logProbs'), row)]),
    alignment: chunks.flatMap((chunk) => {
      return chunk.alignments === undefined ? [] : matrixOf(leaf(chunk, 'alignments'), row)
    }),
  }
}

/** Matrix `row` of [B,n,S]. */
function matrixOf({ data, shape }: HostTensor, row: number): number[][] {
  const [, steps = 0, width = 0] = shape
  return Array.from({ length: steps }, (_, step) => {
    const start = (row * steps + step) * width
    return Array.from(data.subarray(start, start + width))
  })
}
