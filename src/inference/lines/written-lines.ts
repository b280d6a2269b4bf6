import type { SearchOptions, TrainedModel } from '../open-model.js'
import type { LineResult } from './predict-lines.js'

/** So many texts of a language model, numbered from 1; each is the same whatever it is written together with. */
export async function* writeLines(
  model: TrainedModel,
  prompt: string,
  lines: number,
  { batchSize, ...options }: SearchOptions & { readonly batchSize: number },
): AsyncGenerator<LineResult> {
  for (let first = 0; first < lines; first += batchSize) {
    const streams = Array.from({ length: Math.min(batchSize, lines - first) }, (_, line) => first + line)
    const outputs = await model.write(prompt, streams, options)
    for (const [place, output] of outputs.entries()) yield { number: first + place + 1, output }
  }
}
