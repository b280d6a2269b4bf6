import { type HostTensor, zeros } from '../core/tensors.js'
import { leaf, subtree, type Tree } from '../core/tree.js'
import { logMarginals, logPartition } from '../decode/chain/sums.js'
import type { Chain } from '../decode/chain/types.js'
import { bestPaths } from '../decode/chain/viterbi.js'
import { neverTraced } from './functions.js'
import { hasFunction, type Opened } from './model.js'
import type { Weighed } from './sequence.js'
import { type ReadSource, sourceTensors, symbolOf } from './source.js'

/** Labels of a source: of each token, or of all of it. */
export interface LabelsAnswer {
  readonly labels: readonly Weighed[]
  /** Of each, every label, the most probable first; where the model has it. */
  readonly distributions: readonly (readonly Weighed[])[]
  /** Log probability in nats. */
  readonly score: number
}

/** A tag for each token: each by itself, or all together by their potentials. */
export async function tagSource({ model, run }: Opened, read: ReadSource): Promise<LabelsAnswer> {
  const source = sourceTensors(model, read)
  const shape = leaf(source, 'mask').shape
  const results = await run('tag', neverTraced, { source, target: target('labels', shape) })
  const steps = read.tokens.length
  if ('emissions' in results) return chainAnswer({ model, run }, chainOf(results, steps), read)
  const own = rowsOf(results, steps)
  if (!hasFunction(model, 'tag-distribution')) return answer({ model, run }, read, own, [])
  const every = await run('tag-distribution', neverTraced, { source })
  return answer({ model, run }, read, own, rowsIn(leaf(every, 'logProbs'), steps))
}

/** The one label of a source. */
export async function classifySource({ model, run }: Opened, read: ReadSource): Promise<LabelsAnswer> {
  const source = sourceTensors(model, read)
  const results = await run('classify', neverTraced, { source, target: target('label', [1]) })
  const own = rowsOf(results, 1)
  if (!hasFunction(model, 'classify-distribution')) return answer({ model, run }, read, own, [])
  const every = await run('classify-distribution', neverTraced, { source })
  return answer({ model, run }, read, own, rowsIn(leaf(every, 'logProbs'), 1))
}

function target(name: string, shape: readonly number[]): Tree<HostTensor> {
  return { [name]: zeros({ dtype: 'int32', shape }), mask: zeros({ dtype: 'float32', shape }) }
}

interface Chosen {
  readonly ids: readonly number[]
  readonly logProbs: readonly number[]
}

/** The first `count` of one example. */
function rowsOf(results: Tree<HostTensor>, count: number): Chosen {
  const first = (name: string) => Array.from(leaf(results, name).data.subarray(0, count))
  return { ids: first('ids'), logProbs: first('logProbs') }
}

function rowsIn({ data, shape }: HostTensor, count: number): number[][] {
  const width = shape.at(-1) ?? 1
  return Array.from({ length: count }, (_, row) => Array.from(data.subarray(row * width, (row + 1) * width)))
}

function answer(
  { model }: Opened,
  { tokens }: ReadSource,
  { ids, logProbs }: Chosen,
  rows: readonly (readonly number[])[],
): LabelsAnswer {
  const weighed = (id: number, logProb = Number.NaN): Weighed => {
    return { id, symbol: symbolOf(model, id, tokens), probability: Math.exp(logProb) }
  }
  return {
    labels: ids.map((id, at) => weighed(id, logProbs[at])),
    distributions: rows.map((row) =>
      row.map((logProb, id) => weighed(id, logProb)).sort((a, b) => b.probability - a.probability),
    ),
    score: logProbs.reduce((sum, each) => sum + each, 0),
  }
}

function chainAnswer(opened: Opened, chain: Chain, read: ReadSource): LabelsAnswer {
  const marginals = logMarginals(chain)
  const [best] = bestPaths(chain, 1)
  const ids = best?.ids ?? []
  const logProbs = ids.map((id, step) => marginals[step]?.[id] ?? Number.NaN)
  const score = Math.min(0, (best?.potential ?? Number.NaN) - logPartition(chain))
  return { ...answer(opened, read, { ids, logProbs }, marginals), score }
}

/** The potentials of the first example's labels. */
function chainOf(results: Tree<HostTensor>, steps: number): Chain {
  const floats = (tree: Tree<HostTensor>, name: string) => Float32Array.from(leaf(tree, name).data)
  const between = (tree: Tree<HostTensor>) => ({
    transitions: floats(tree, 'transitions'),
    start: floats(tree, 'start'),
    end: floats(tree, 'end'),
  })
  const emissions = leaf(results, 'emissions')
  const labels = emissions.shape.at(-1) ?? 1
  return {
    ...{ steps, labels, emissions: emissions.data.subarray(0, steps * labels) },
    ...between(results),
    ...('allowed' in results && { allowed: between(subtree(results, 'allowed')) }),
  }
}
