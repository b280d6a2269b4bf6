import type { ExamplesLine, PredictionLine, SampledOutput, SamplesLine } from '../../src/train/types.js'

/** samples.jsonl of some predictions, whose outputs and alignments form over validations every `every` steps. */
export function madeUpSamples(predictions: readonly PredictionLine[], count: number, every = 100): string {
  const sampled = predictions.slice(0, 8)
  const head: ExamplesLine = {
    kind: 'examples',
    schemaVersion: 1,
    examples: sampled.map(({ index, source, references, features, values }) => ({
      ...{ index, source, references },
      ...(features && { features }),
      ...(values && {
        values: { width: 1, reference: values.reference, ...(values.naive && { naive: values.naive }) },
      }),
    })),
  }
  const validations = Array.from({ length: count }, (_, at): SamplesLine => {
    const share = (at + 1) / count
    const about = { kind: 'validation', step: (at + 1) * every, loss: 4 - 3 * share, best: true } as const
    return { ...about, metrics: { per: 0.9 - 0.5 * share }, outputs: sampled.map((line) => outputAt(line, share)) }
  })
  return linesOf([head, ...validations])
}

function linesOf(lines: readonly (ExamplesLine | SamplesLine)[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

/** At first the first symbol alone, over and over, which attends to everything; at last what is predicted. */
function outputAt({ hypothesis, source, score, values, references }: PredictionLine, share: number): SampledOutput {
  const [first = ''] = references[0] ?? []
  const whole = Math.round(share * hypothesis.length)
  const output = hypothesis.map((symbol, at) => (at < whole ? symbol : first))
  const even = 1 / Math.max(1, source.length)
  const diagonal = (row: number, column: number) =>
    Math.max(0, 1 - Math.abs(column / source.length - row / (output.length + 1)) * 6)
  return {
    ...{ hypothesis: output, score: Number((score / share).toPrecision(5)) },
    ...(values
      ? { values: values.predicted.map((value) => Number((value * share).toPrecision(5))) }
      : {
          alignmentPercent: [...output, ''].map((_, row) =>
            source.map((__, column) => Math.round(100 * (share * diagonal(row, column) + (1 - share) * even))),
          ),
        }),
  }
}
