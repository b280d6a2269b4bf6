// The main job's model next to the same model in plain PyTorch.
import type { DecodeOptions } from '../../src/decode/index.js'
import type { TrainedModel } from '../../src/inference/open-model.js'
import type { Asked, PyTorch } from './pytorch.js'
import { type Case, cpuSeconds, type Row, rowOf } from './turns.js'

function batchesOf<T>(items: readonly T[], size: number): (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))
}

/** The same words in the same batches; each takes as many steps as its longest output has, and one for its end. */
async function askedOf(
  model: TrainedModel,
  some: readonly string[],
  decode: DecodeOptions,
  beam: number,
): Promise<Asked> {
  const symbols = model.description.vocabularies.source?.symbols ?? []
  const ids = new Map(symbols.map((symbol, id) => [symbol, id]))
  const outputs = await model.predict(some, { decode })
  const steps = Math.max(...outputs.map(({ tokens }) => tokens.length)) + 1
  return { sources: outputs.map(({ source }) => source.map((token) => ids.get(token) ?? 3)), steps, beam }
}

/** Sentences a second of both, which take turns batch by batch. */
export async function againstPyTorch(
  model: TrainedModel,
  torch: PyTorch | undefined,
  words: readonly string[],
  { name, decode, beam, batch }: Case,
  rounds: number,
): Promise<Row> {
  const batches = batchesOf(words, batch)
  const asked = await Promise.all(batches.map((some) => askedOf(model, some, decode, beam)))
  const turns: { own: number; peer: number }[] = []
  // The first two rounds make both ready.
  for (let round = -2; round < rounds; round++) {
    let [own, peer] = [0, 0]
    for (const [at, some] of batches.entries()) {
      own += await cpuSeconds(() => model.predict(some, { decode }))
      const given = asked[at]
      if (torch !== undefined && given !== undefined) peer += await torch.seconds(given)
    }
    if (round >= 0) turns.push({ own: words.length / own, peer: words.length / peer })
  }
  return rowOf(name, 'PyTorch', turns)
}
