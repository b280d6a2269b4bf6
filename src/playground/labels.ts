import { type HostTensor, zeros } from '../core/tensors.js'
import { leaf, subtree, type Tree } from '../core/tree.js'
import { logMarginals, logPartition } from '../decode/chain/sums.js'
import type { Chain } from '../decode/chain/types.js'
import { bestPaths } from '../decode/chain/viterbi.js'
import { type Activity, activityLog } from './activity.js'
import { neverTraced } from './functions.js'
import { hasFunction, type Opened, type PlaygroundModel } from './model.js'
import type { Weighed } from './sequence.js'
import { type ReadSource, sourceTensors, symbolOf } from './source.js'

/** Labels of a source: of each token, or of all of it. */
export interface LabelsAnswer {
  readonly labels: readonly Weighed[]
  /** Of each, every label, the most probable first; where the model has it. */
  readonly distributions: readonly (readonly Weighed[])[]
  /** Log probability in nats. */
  readonly score: number
  /** By step of the source: the encoder's cells. */
  readonly read: Activity
}

/** A tag for each token: each by itself, or all together by their potentials. */
export async function tagSource({ model, run, watched }: Opened, read: ReadSource): Promise<LabelsAnswer> {
  const source = sourceTensors(model, read)
  const shape = leaf(source, 'mask').shape
  const { activity, look } = activityLog()
  const results = await watched(look())('tag', neverTraced, { source, target: target('labels', shape) })
  const steps = read.tokens.length
  if ('emissions' in results) return { ...chainAnswer(model, chainOf(results, steps), read), read: activity }
  const own = rowsOf(results, steps)
  const every = hasFunction(model, 'tag-distribution') && (await run('tag-distribution', neverTraced, { source }))
  return { ...answer(model, read, own, every ? rowsIn(leaf(every, 'logProbs'), steps) : []), read: activity }
}

/** The one label of a source. */
export async function classifySource({ model, run, watched }: Opened, read: ReadSource): Promise<LabelsAnswer> {
  const source = sourceTensors(model, read)
  const { activity, look } = activityLog()
  const results = await watched(look())('classify', neverTraced, { source, target: target('label', [1]) })
  const own = rowsOf(results, 1)
  const name = 'classify-distribution'
  const every = hasFunction(model, name) && (await run(name, neverTraced, { source }))
  return { ...answer(model, read, own, every ? rowsIn(leaf(every, 'logProbs'), 1) : []), read: activity }
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
  model: PlaygroundModel,
  { tokens }: ReadSource,
  { ids, logProbs }: Chosen,
  rows: readonly (readonly number[])[],
): Omit<LabelsAnswer, 'read'> {
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

function chainAnswer(model: PlaygroundModel, chain: Chain, read: ReadSource): Omit<LabelsAnswer, 'read'> {
  const marginals = logMarginals(chain)
  const [best] = bestPaths(chain, 1)
  const ids = best?.ids ?? []
  const logProbs = ids.map((id, step) => marginals[step]?.[id] ?? Number.NaN)
  const score = Math.min(0, (best?.potential ?? Number.NaN) - logPartition(chain))
  return { ...answer(model, read, { ids, logProbs }, marginals), score }
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
