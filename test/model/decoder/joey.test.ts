import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { unstack } from '../../../src/core/ops.js'
import { type Tensor, type Tensor2D, type Tensor3D, tf } from '../../../src/core/tf.js'
import { units } from '../../../src/model/axes.js'
import { buildDecoder } from '../../../src/model/decoder/decoder.js'
import { attentionOptions, decoderOptions } from '../../support/options.js'
import { numbers } from '../../support/tensors.js'

interface Given {
  readonly shape: number[]
  readonly data: number[]
}
type Run = Readonly<
  Record<
    | 'kernel'
    | 'recurrentKernel'
    | 'bias'
    | 'scorer'
    | 'jointOfOutput'
    | 'jointOfContext'
    | 'jointBias'
    | 'joined'
    | 'alignments',
    Given
  >
>

/** Written by make_joey_goldens.py, which names the versions. */
const goldens: { readonly inputs: Given; readonly values: Given; readonly mask: Given; plain: Run; feeding: Run } =
  JSON.parse(readFileSync(new URL('../../goldens/joey-decoder.json', import.meta.url), 'utf8'))

const given = <T>({ data, shape }: Given) => tf.tensor(data, shape) as T

describe.each([
  ['plain', false],
  ['feeding', true],
] as const)("Joey NMT's recurrent decoder, %s", (name, inputFeeding) => {
  const run = goldens[name]
  const [rows, , embedded] = goldens.inputs.shape as [number, number, number]
  const [, hidden] = run.scorer.shape as [number, number]
  const keys = goldens.values.shape[2] as number
  const params = {
    stack: {
      layer1: { kernel: gates(run.kernel), recurrentKernel: gates(run.recurrentKernel), bias: gates(run.bias) },
    },
    attention: { kernel: given(run.scorer) },
    // seqlab joins [C; h].
    joint: {
      kernel: tf.concat([given<Tensor2D>(run.jointOfContext), given<Tensor2D>(run.jointOfOutput)], 0),
      bias: given(run.jointBias),
    },
  } as never
  const context = attentionOptions({ scorer: { type: 'general' }, position: 'after', inputFeeding })
  const options = decoderOptions({ cell: { type: 'lstm', forgetBias: 0 }, hidden, receives: 'every-step' })
  const decoder = buildDecoder(options, context, units('E', embedded), { layers: [], output: units('D', keys) })
  const mask = given<Tensor2D>(goldens.mask)

  it('gives the same joined vectors and alignments, step by step', () => {
    const outputs = tf.mul(given(goldens.values), tf.expandDims(mask, 2))
    const started = decoder.start(params, { outputs, mask, layers: [] } as never)
    let { state } = started
    const [joined, alignments] = [unstacked(run.joined), unstacked(run.alignments)]
    for (const [t, input] of unstack(given<Tensor3D>(goldens.inputs), 1).entries()) {
      const stepped = decoder.step(params, input, started.memory, state, {})
      expectClose(numbers(stepped.decoded.output), joined[t] ?? [])
      expectClose(numbers(stepped.decoded.alignment as Tensor2D), alignments[t] ?? [])
      state = stepped.state
    }
    expect(joined).toHaveLength(3)
    expect(joined[0]).toHaveLength(rows * hidden)
  })
})

/** PyTorch has the gates in the order i f g o, seqlab i f o g. */
function gates(columns: Given): Tensor {
  const [i, f, g, o] = tf.split(given<Tensor>(columns), 4, -1) as [Tensor, Tensor, Tensor, Tensor]
  return tf.concat([i, f, o, g], -1)
}

function unstacked(series: Given): number[][] {
  return unstack(given<Tensor3D>(series), 1).map((step) => numbers(step))
}

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length)
  for (const [index, value] of expected.entries()) expect(actual[index]).toBeCloseTo(value, 5)
}
