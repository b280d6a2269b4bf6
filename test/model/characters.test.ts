import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fill, mul, reshape, sumAll } from '../../src/core/ops.js'
import { type Tensor3D, tf } from '../../src/core/tf.js'
import { packIds } from '../../src/data/encoding/columns.js'
import { createEngine } from '../../src/engine/index.js'
import type { Engine } from '../../src/engine/types.js'
import { runParameters } from '../../src/inference/run-parameters.js'
import type { CharacterReaderChoice } from '../../src/model/characters/index.js'
import { maxOverTime } from '../../src/model/characters/max-over-time.js'
import { initialise } from '../../src/model/initialise.js'
import type { ModelOptions } from '../../src/model/options.js'
import type { ModelSizes } from '../../src/model/sizes.js'
import { taskOf } from '../../src/task/index.js'
import type { Sources } from '../../src/task/models/source-inputs.js'
import { decoderOptions, encoderOptions } from '../support/options.js'

const representation = { type: 'embedding', size: 4, start: 'random', frozen: false } as const
const readers: readonly CharacterReaderChoice[] = [
  { type: 'bilstm', embedding: 3, hidden: 2 },
  { type: 'cnn', embedding: 3, filters: 4, width: 3 },
  { type: 'cnn', embedding: 3, filters: 4, width: 4 },
]

const modelWith = (characters: CharacterReaderChoice, more: Partial<ModelOptions> = {}): ModelOptions => ({
  source: { representation, characters },
  encoder: encoderOptions({ hidden: 4 }),
  ...more,
})

const sizes = (longest: number): ModelSizes => ({
  source: { vocabulary: 9 },
  target: { vocabulary: 8 },
  attributes: { characters: { vocabulary: 7, longest } },
  longestSource: 3,
  longestTarget: 3,
})

/** Words by id and their characters by id. */
function sourcesOf(words: readonly number[][], characters: readonly number[][]): Sources {
  const column = (rows: readonly number[][]) =>
    packIds(
      rows.map((row) => row.map(String)),
      Number,
    )
  return { source: column(words), attributes: { characters: column(characters) } }
}

let engine: Engine
beforeAll(async () => {
  engine = await createEngine('tfjs-cpu', { threads: 1 })
})
afterAll(() => engine.dispose())

/** What an untrained model predicts for each row, padded to so many characters and words. */
async function predictions(model: ModelOptions, longest: number, split: Sources, steps = 3) {
  const built = taskOf({ type: 'tag' }).build(model, sizes(longest))
  const { run, dispose } = runParameters(engine, initialise(built.parameters, 3))
  const indices = Array.from({ length: split.source.offsets.length - 1 }, (_, row) => row)
  const examples = { split, indices, shape: { batch: 4, source: steps, target: 1 } }
  const search = { decode: { type: 'greedy' }, maxLength: 3, alignments: 9, seed: 1 } as const
  const found = await built.predictor.predict(run, examples, search)
  await dispose()
  return found.map(({ tokenScores = [] }) => [...tokenScores])
}

const words = [[4, 3, 5], [3]]
const split = sourcesOf(words, [[4, 5], [6, 6, 6, 6], [5], [5, 4, 6]])

describe.each(readers.map((reader) => [JSON.stringify(reader), modelWith(reader)] as const))('%s', (_, model) => {
  it('gives the same however far words and sentences are padded', async () => {
    const [few, many] = [await predictions(model, 4, split), await predictions(model, 9, split, 5)]
    few.flat().forEach((score, at) => {
      expect(many.flat()[at]).toBeCloseTo(score, 5)
    })
  })

  it('tells unknown words from each other by their characters, in their order', async () => {
    const others = (unknown: readonly number[]) => predictions(model, 4, sourcesOf([[3]], [[...unknown]]))
    const [one, other, turned] = [await others([4, 5, 6]), await others([4, 5, 5]), await others([6, 5, 4])]
    expect(other).not.toEqual(one)
    expect(turned).not.toEqual(one)
    expect(await others([4, 5, 6])).toEqual(one)
  })
})

describe('the largest value over time', () => {
  it('shares its gradient among equal values', () => {
    const x: Tensor3D = tf.tensor3d([
      [
        [1, 5],
        [3, 2],
        [3, 4],
      ],
      [
        [7, 0],
        [6, -1],
        [1, -2],
      ],
    ])
    const gradient = tf.grad((each) => sumAll(mul(maxOverTime(reshape(each, [2, 3, 2])), fill([2, 2], 2))))
    expect(maxOverTime(x).arraySync()).toEqual([
      [3, 5],
      [7, 0],
    ])
    expect(gradient(x).arraySync()).toEqual([
      [
        [0, 2],
        [1, 0],
        [1, 0],
      ],
      [
        [2, 2],
        [0, 0],
        [0, 0],
      ],
    ])
  })
})

describe('what cannot be is refused in its place', () => {
  const [reader] = readers
  const of = (task: string, more: Partial<ModelOptions>) =>
    taskOf({ type: task }).problems({ ...(reader && modelWith(reader, more)) })

  it.each([
    ['language-model', {}],
    ['forecast', {}],
    ['generate', { target: { representation }, decoder: decoderOptions({ hidden: 4 }) }],
    ['classify', { context: { from: 'last-state' }, features: { representation, join: { type: 'source' } } }],
  ] as const)('%s', (task, more) => {
    expect(of(task, more).map(({ path }) => path)).toContain('model.source.characters')
  })
})
