import { floats, type HostTensor, zeros } from '../core/tensors.js'
import { leaf, subtree, type Tree } from '../core/tree.js'
import { BOS, EOS } from '../data/types.js'
import { encode } from '../decode/encode.js'
import { type Activity, activityLog } from './activity.js'
import { neverTraced, treeOf } from './functions.js'
import type { Look } from './interpret.js'
import { hasFunction, type Opened, type PlaygroundModel, stepsFor } from './model.js'
import { type SequenceAnswer, type SequenceRequest, written } from './sequence.js'
import { padded, type ReadSource } from './source.js'

/** What a text costs a language model. */
export interface Surprisal {
  /** Of each symbol, and of the end, where those before are known: −ln p. */
  readonly nats: readonly number[]
  /** By symbol that was read, the beginning first: the cells. */
  readonly read: Activity
}

export async function surprisal(opened: Opened, { ids }: ReadSource): Promise<Surprisal> {
  const { model, watched } = opened
  const labels = [...ids, EOS]
  const inputs = [BOS, ...ids]
  const { activity, look } = activityLog()
  if (model.chunk !== undefined) {
    return { nats: await byChunks(opened, inputs, labels, model.chunk, look), read: activity }
  }
  const batch = batchOf(inputs, labels, stepsFor(model, labels.length), 0)
  const found = await watched(look())('next-symbol', neverTraced, batch)
  return { nats: Array.from(leaf(found, 'nats').data.subarray(0, labels.length)), read: activity }
}

async function byChunks(
  { model, watched }: Opened,
  inputs: readonly number[],
  labels: readonly number[],
  chunk: number,
  look: (start: number) => Look,
): Promise<number[]> {
  const nats: number[] = []
  let before = firstState(model)
  for (let start = 0; start < labels.length; start += chunk) {
    const here = labels.slice(start, start + chunk)
    const batch = batchOf(inputs.slice(start, start + here.length), here, chunk, Math.min(start, 1))
    const outputs = await watched(look(start))('next-symbol', neverTraced, { batch, before })
    nats.push(...leaf(subtree(outputs, 'found'), 'nats').data.subarray(0, here.length))
    before = subtree(outputs, 'after')
  }
  return nats
}

/** Zeros of the state that goes from one piece to the next. */
function firstState({ functions }: PlaygroundModel): Tree<HostTensor> {
  const ports = functions['next-symbol']?.inputs.filter(({ name }) => name.startsWith('before.')) ?? []
  return treeOf(
    ports.map(({ name }) => name.split('.').slice(1)),
    ports.map(({ shape }) =>
      zeros({ dtype: 'float32', shape: shape.map((size) => (typeof size === 'number' ? size : 1)) }),
    ),
  )
}

function batchOf(inputs: readonly number[], labels: readonly number[], steps: number, continues: number) {
  const { ids, mask } = padded(labels, steps)
  return { source: padded(inputs, steps), target: { labels: ids, mask }, continues: floats([continues], []) }
}

/** Whether a language model writes on: one with weights of its own for each step does not. */
export function writesOn(model: PlaygroundModel): boolean {
  return hasFunction(model, 'encode') && hasFunction(model, 'step')
}

/** The text that a language model goes on with after a prompt, of which the first step reads the last symbol. */
export async function writeOn(
  opened: Opened,
  source: ReadSource,
  maxLength: number,
  request: SequenceRequest,
): Promise<Omit<SequenceAnswer, 'read'>> {
  const { ids } = source
  const tensors = padded([BOS, ...ids].slice(0, ids.length), Math.max(1, ids.length))
  const encoded = await encode(opened.run, { start: neverTraced }, tensors)
  return written(opened, { encoded, first: ids.at(-1) ?? BOS, source, maxLength }, request)
}
