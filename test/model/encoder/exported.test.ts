import { beforeAll, describe, expect, it } from 'vitest'
import { floats, type HostTensor } from '../../../src/core/tensors.js'
import { type Tensor, type Tensor2D, type Tensor3D, tf } from '../../../src/core/tf.js'
import { leaf, leaves, mapTree, subtree, type Tree } from '../../../src/core/tree.js'
import { exportFunction } from '../../../src/engine/compiled/export.js'
import { type FlexibleSession, openFlexible } from '../../../src/engine/compiled/flexible-session.js'
import type { PureFunction } from '../../../src/engine/types.js'
import { units } from '../../../src/model/axes.js'
import { isRecurrent } from '../../../src/model/cells/index.js'
import { buildEncoder } from '../../../src/model/encoder/index.js'
import type { Encoder } from '../../../src/model/encoder/types.js'
import { initialise } from '../../../src/model/initialise.js'
import type { EncoderOptions } from '../../../src/model/options.js'
import { everyCell } from '../../support/every-cell.js'
import { encoderOptions } from '../../support/options.js'
import { numbers, upload } from '../../support/tensors.js'

const input = 3
const longest = 6
/** Steps of the rows: one has none. */
const lengths = [3, 6, 0, 1, 5, 2, 6, 4, 2]
const axes = { B: [11, 17, 13], S: [4, 5, 7] }

/** Parameters of which none is zero, as biases are at first. */
function parametersOf(encoder: Encoder): Tree<HostTensor> {
  return mapTree(initialise(encoder.parameters, 1), ({ shape, data }, path) =>
    floats(
      Array.from(data, (value, at) => value + 0.3 * Math.sin(at + path.length)),
      shape,
    ),
  )
}

/** Rows of the batch, each with `steps` steps. */
function batchOf(rows: readonly number[], steps: number) {
  const places = rows.flatMap((row) => Array.from({ length: steps }, (_, step) => ({ row, step })))
  const real = places.map(({ row, step }) => Number(step < (lengths[row] ?? 0)))
  const xs = places.flatMap(({ row, step }) =>
    Array.from({ length: input }, (_, at) => Math.sin(1 + row * 31 + step * 7 + at * 3)),
  )
  return { xs: floats(xs, [rows.length, steps, input]), mask: floats(real, [rows.length, steps]) }
}

function ran(encoder: Encoder, params: Tree<Tensor>, { xs, mask }: { xs: Tensor; mask: Tensor }): Tree<Tensor> {
  const { outputs, last, layers } = encoder.run(params, xs as Tensor3D, mask as Tensor2D, undefined)
  const states = layers.flat().map(({ state }, at) => [`${at}`, state] as const)
  return { outputs, ...(last && { last }), state: Object.fromEntries(states) }
}

async function exported(encoder: Encoder, params: Tree<HostTensor>) {
  const pure: PureFunction = (weights, inputs) => ({
    outputs: ran(encoder, weights, { xs: leaf(inputs, 'xs'), mask: leaf(inputs, 'mask') }),
  })
  const signatures = [0, 1, 2].map((trace) => {
    const [batch, steps] = [axes.B[trace] ?? 0, axes.S[trace] ?? 0]
    const of = (shape: readonly number[]) => ({ dtype: 'float32', shape }) as const
    const state = mapTree(params, ({ shape }) => of(shape))
    return { state, inputs: { xs: of([batch, steps, input]), mask: of([batch, steps]) } }
  })
  const form = exportFunction('encode', pure, signatures, axes, params)
  const session = await openFlexible('encode', form.model)
  return { form, run: runOf(session) }
}

function runOf(session: FlexibleSession) {
  return ({ xs, mask }: ReturnType<typeof batchOf>) => session.run((port) => (port === 'xs' ? xs : mask))
}

function rowOf({ data, shape }: HostTensor, row: number): number[] {
  const size = data.length / (shape[0] ?? 1)
  return [...data.subarray(row * size, (row + 1) * size)]
}

const recurrent = everyCell.filter(([, choice]) => isRecurrent(choice))
const all = lengths.map((_, row) => row)

describe.each(recurrent)('%s, exported', (_, cell) => {
  const variants: [string, Partial<EncoderOptions>][] = [
    ['both ways, from zeros', { bidirectional: true }],
    ['both ways, from a learned state', { bidirectional: true, initialState: 'learned' }],
  ]
  describe.each(variants)('%s', (_, options) => {
    const encoder = buildEncoder(encoderOptions({ cell, ...options }), units('E', input))
    const params = parametersOf(encoder)
    let form: Awaited<ReturnType<typeof exported>>

    beforeAll(async () => {
      form = await exported(encoder, params)
    })

    it('gives what its steps give, of rows of any length', async () => {
      const batch = batchOf(all, longest)
      const found = await form.run(batch)
      const { outputs, last, ...rest } = ran(encoder, upload(params), {
        xs: upload(batch).xs as Tensor,
        mask: upload(batch).mask as Tensor,
      })
      const expected = leaves({ outputs, ...(last && { last }), state: subtree(rest, 'state') } as Tree<Tensor>)
      expect(found.size).toBe(expected.length)
      for (const [path, tensor] of expected) {
        const numbersFound = [...(found.get(path.replaceAll('/', '.'))?.data ?? [])]
        expect(tf.util.arraysEqual(tensor.shape, [...(found.get(path.replaceAll('/', '.'))?.shape ?? [])])).toBe(true)
        numbers(tensor).forEach((value, at) => {
          expect(Math.abs((numbersFound[at] ?? Number.NaN) - value), `${path} ${at}`).toBeLessThan(5e-6)
        })
      }
    })
  })
})

const operators = { gru: 'GRU', lstm: 'LSTM', elman: 'RNN' } as const

describe.each(Object.entries(operators))('%s as an operator', (type, operator) => {
  const hidden = 19
  const choice = everyCell.find(([, each]) => each.type === type)?.[1]
  const encoder = buildEncoder(
    encoderOptions({ ...(choice && { cell: choice }), hidden, bidirectional: true }),
    units('E', input),
  )

  it('gives a row the same to the last bit wherever it is, for inputs of any number of rows from two on', async () => {
    const { form, run } = await exported(encoder, parametersOf(encoder))
    expect(Buffer.from(form.model).includes(operator)).toBe(true)
    const rows = Array.from({ length: 40 }, (_, at) => at % lengths.length)
    const whole = await run(batchOf(rows, longest))
    for (const size of [2, 3, 5, 8, 17]) {
      for (let at = 0; at + size <= rows.length; at += size) {
        const some = rows.slice(at, at + size)
        const found = await run(batchOf(some, longest))
        for (const [port, tensor] of whole) {
          some.forEach((_, row) => {
            expect(rowOf(found.get(port) ?? tensor, row), port).toEqual(rowOf(tensor, at + row))
          })
        }
      }
    }
  })
})
