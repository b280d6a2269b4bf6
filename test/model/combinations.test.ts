import { describe, expect, it } from 'vitest'
import { randomStream } from '../../src/core/random.js'
import { tf } from '../../src/core/tf.js'
import { leaves } from '../../src/core/tree.js'
import { initialise } from '../../src/model/initialise.js'
import type { ModelOptions } from '../../src/model/options.js'
import { buildTransducer, transducerProblems } from '../../src/model/transducer.js'
import { gradients, numbers, upload } from '../support/tensors.js'
import { everyModel, refusedAt, sizes } from './every-model.js'

// A quarter of them: `npm run test:grid` goes through the other three.
const legal: ModelOptions[] = []
const refused = new Map<string, number>()
for (const model of everyModel(0)) {
  const problems = transducerProblems(model)
  if (problems.length === 0) legal.push(model)
  for (const { path } of problems) refused.set(path, (refused.get(path) ?? 0) + 1)
}

// Two examples, and a row of padding alone, as the last batch of a split has them.
const rows = (dtype: 'int32' | 'float32', ...values: number[][]) => tf.tensor2d(values, [3, 3], dtype)
const batch = {
  source: {
    ids: rows('int32', [4, 5, 3], [5, 0, 0], [0, 0, 0]),
    mask: rows('float32', [1, 1, 1], [1, 0, 0], [0, 0, 0]),
  },
  target: {
    input: rows('int32', [1, 3, 4], [1, 4, 0], [0, 0, 0]),
    output: rows('int32', [3, 4, 2], [4, 2, 0], [0, 0, 0]),
    mask: rows('float32', [1, 1, 1], [1, 1, 0], [0, 0, 0]),
  },
}

describe('combinations of encoder, context, entry, bridge and output', () => {
  it('is refused for a reason at its own option, or can be built', () => {
    expect(legal.length).toBeGreaterThan(10_000)
    expect([...refused.keys()].sort()).toEqual(refusedAt)
  })

  it('that is legal can be built (a seeded sample)', () => {
    for (const model of randomStream(2, 'test').shuffle(legal).slice(0, 2000)) buildTransducer(model, sizes)
  })

  it('that is legal trains every parameter (a seeded sample)', () => {
    for (const model of randomStream(1, 'test').shuffle(legal).slice(0, 40)) {
      tf.tidy(() => {
        const transducer = buildTransducer(model, sizes)
        const params = upload(initialise(transducer.parameters, 1))
        const slopes = gradients(params, (p) => {
          const settings = { labelSmoothing: 0, teacherForcing: 1 }
          return transducer.loss(p, batch.source, batch.target, undefined, settings).objective
        })
        for (const [path, slope] of leaves(slopes)) {
          const values = numbers(slope)
          const trained = values.every(Number.isFinite) && values.some((x) => x !== 0)
          expect(trained, `${path} of ${JSON.stringify(model)}`).toBe(true)
        }
      })
    }
  })
})
