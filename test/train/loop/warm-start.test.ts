import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { leaves } from '../../../src/core/tree.js'
import { describeData } from '../../../src/data/description.js'
import type { Column, Dataset, Split, Vocabulary } from '../../../src/data/types.js'
import { createEngine } from '../../../src/engine/index.js'
import type { Engine } from '../../../src/engine/types.js'
import { stepParts as trialParts } from '../../../src/train/graph/trial-functions.js'
import { costBasisOf } from '../../../src/train/loop/cost-basis.js'
import { startDigest } from '../../../src/train/loop/start-digest.js'
import { runTrial } from '../../../src/train/loop/trial.js'
import type { StartingPoint, TrialSettings } from '../../../src/train/types.js'
import { greedy } from '../../support/options.js'
import { listen, toColumn } from '../toy.js'
import { toys } from '../toys.js'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine('tfjs-cpu', { threads: 1 })
})
afterAll(() => engine.dispose())

/** The same symbols in reverse order, and new ones; special ones stay first. */
function reordered({ symbols, specials }: Vocabulary, more: readonly string[]): Vocabulary {
  const kept = specials ? symbols.slice(0, 4) : []
  return { specials, symbols: [...kept, ...more, ...symbols.slice(kept.length).reverse()] }
}

function withIds(column: Column, from: Vocabulary, to: Vocabulary): Column {
  if (column.kind !== 'ids') return column
  return { ...column, data: column.data.map((id) => to.symbols.indexOf(from.symbols[id] ?? '')) }
}

/** The same examples under vocabularies in another order. */
function renumbered(dataset: Dataset, more: readonly string[] = []): Dataset {
  const { sourceVocabulary: source, targetVocabulary: target = source, featureVocabulary: known } = dataset
  if (source === undefined || target === undefined) return dataset
  const [sources, targets] = [reordered(source, more), reordered(target, more)]
  const features = known && reordered(known, more)
  const split = (of: Split): Split => {
    const column = withIds(of.source, source, sources)
    const moved = {
      ...of,
      source: column,
      target: of.target === of.source ? column : withIds(of.target, target, targets),
    }
    if (of.features === undefined || known === undefined || features === undefined) return moved
    return { ...moved, features: withIds(of.features, known, features) }
  }
  const { train, dev, test } = dataset
  const vocabularies = {
    sourceVocabulary: sources,
    ...(dataset.targetVocabulary && { targetVocabulary: targets }),
    ...(features && { featureVocabulary: features }),
  }
  return { ...dataset, ...vocabularies, train: split(train), dev: split(dev), test: split(test) }
}

const optimizer = { type: 'adam', learningRate: 0.03, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } as const
const constant = {
  maxShapes: 1,
  schedule: { type: 'constant' },
  optimizer,
  validate: { every: 2, select: 'loss', decode: greedy },
} as const

/** Trains, from another run's point where one is given; the first loss, and what starts fresh. */
async function trained(
  settings: TrialSettings,
  dataset: Dataset,
  train: Partial<TrialSettings['train']>,
  from?: {
    readonly point: StartingPoint
    readonly take?: 'parameters' | 'training'
    readonly parameters?: string[]
    readonly start?: string
  },
) {
  const { ports, lines, saved, events } = listen()
  const start = from?.start
  const { take = 'parameters', parameters = ['*'] } = from ?? {}
  const init = from === undefined ? {} : { init: { from: 'other', take, parameters } }
  const readState = async () => from?.point ?? Promise.reject(new Error('nothing to start from'))
  const all = { ...settings, train: Object.assign({}, settings.train, constant, train, init) }
  await runTrial(all, 1, dataset, engine, undefined, { ...ports, readState, start })
  const losses = lines.flatMap((line) => (line.kind === 'train' ? Object.values(line).slice(3, 4) : [])).map(Number)
  const notices = events.flatMap((event) => (event.kind === 'notice' ? [event.message] : []))
  return { losses, notices, state: saved.at(-1) }
}

const toyOf = (name: string) => {
  const toy = toys[name]
  if (toy === undefined) throw new Error(`no toy ${name}`)
  return toy
}

const points = new Map<TrialSettings, Map<Dataset, Promise<StartingPoint>>>()

/** Where a short training of these very objects ended: tests that start from the same point share it. */
function pointOf(settings: TrialSettings, dataset: Dataset): Promise<StartingPoint> {
  const ofSettings = points.get(settings) ?? new Map<Dataset, Promise<StartingPoint>>()
  const point = ofSettings.get(dataset) ?? trainedPoint(settings, dataset)
  points.set(settings, ofSettings.set(dataset, point))
  return point
}

async function trainedPoint(settings: TrialSettings, dataset: Dataset): Promise<StartingPoint> {
  const { state } = await trained(settings, dataset, { steps: 4 })
  if (state === undefined) throw new Error('nothing was trained')
  return {
    parameters: new Map(leaves(state.params)),
    data: describeData(dataset, settings.data ?? {}),
    training: state,
    costs: costBasisOf({ ...settings, train: { ...settings.train, ...constant } }, dataset),
  }
}

const still = { optimizer: { ...optimizer, learningRate: 1e-9 }, steps: 1 }
const oneHot = { representation: { type: 'one-hot' } } as const
const bag = { representation: { type: 'bag-of-words' } } as const

/** The same examples with features: none, one or two of three. */
function withFeatures(dataset: Dataset): Dataset {
  const split = (of: Split): Split => {
    const rows = Array.from({ length: of.size }, (_, row) => [[], [4], [5, 6], [6]][row % 4] ?? [])
    return { ...of, features: toColumn(rows) }
  }
  const featureVocabulary = { symbols: ['<pad>', '<bos>', '<eos>', '<unk>', 'N', 'PL', 'LOC'], specials: true }
  const { train, dev, test } = dataset
  return { ...dataset, featureVocabulary, train: split(train), dev: split(dev), test: split(test) }
}

const features: Readonly<Record<string, NonNullable<TrialSettings['model']['features']>>> = {
  attention: {
    representation: { type: 'embedding', size: 5, start: 'random', frozen: false },
    join: {
      type: 'attention',
      scorer: { type: 'additive', size: 3 },
      normaliser: { type: 'softmax' },
      temperature: 1,
    },
  },
  context: {
    representation: { type: 'one-hot' },
    join: { type: 'context', summary: { from: 'all-states', pool: 'mean' } },
  },
}

const featured = Object.entries(features).map(([join, chosen]): [string, Dataset, TrialSettings] => {
  const { dataset, settings } = toyOf('transduce')
  const model = { ...settings.model, features: chosen }
  return [`transduce, features joined by ${join}`, withFeatures(dataset), { ...settings, model }]
})

const variants = Object.entries(toys)
  .flatMap(([name, { dataset, settings }]): [string, Dataset, TrialSettings][] => {
    const { model } = settings
    if (name === 'forecast') return []
    const onIndicators = { ...model, source: oneHot, ...(model.target && { target: oneHot }) }
    return [
      [name, dataset, settings],
      [`${name}, one-hot`, dataset, { ...settings, model: onIndicators }],
      ...(name === 'classify'
        ? [
            [`${name}, bag-of-words`, dataset, { ...settings, model: { ...model, source: bag } }] as [
              string,
              Dataset,
              TrialSettings,
            ],
          ]
        : []),
    ]
  })
  .concat(featured)

describe('a start from a run whose vocabularies are in another order', () => {
  it.each(variants)('is the same model: %s', async (_, dataset, settings) => {
    const point = await pointOf(settings, dataset)
    const [same, renamed] = [
      await trained(settings, dataset, still, { point }),
      await trained(settings, renumbered(dataset), still, { point }),
    ]
    expect(renamed.losses[0]).toBeCloseTo(same.losses[0] ?? Number.NaN, 5)
    expect(renamed.notices).toEqual([])
  })

  it.each(variants)('goes on as the same training, moments and all: %s', async (_, dataset, settings) => {
    const point = await pointOf(settings, dataset)
    const [same, renamed] = [
      await trained(settings, dataset, { steps: 6 }, { point, take: 'training' }),
      await trained(settings, renumbered(dataset), { steps: 6 }, { point, take: 'training' }),
    ]
    expect(same.losses.length).toBeGreaterThan(0)
    renamed.losses.forEach((loss, at) => {
      expect(loss).toBeCloseTo(same.losses[at] ?? Number.NaN, 4)
    })
  })
})

describe('a training that goes on', () => {
  const validate = { every: 2, select: { type: 'exact-match' }, decode: greedy, patience: 5 } as const
  const goOn = async (
    more: Partial<TrialSettings['train']>,
    change: (dataset: Dataset) => Dataset = (same) => same,
  ) => {
    const { dataset, settings } = toyOf('transduce')
    const point = await pointOf(settings, dataset)
    const { state, notices } = await trained(
      settings,
      change(dataset),
      { steps: 5, ...more },
      { point, take: 'training' },
    )
    return { before: point.training?.selection, selection: state?.selection, notices, schedule: state?.schedule }
  }

  it('keeps the best of before under the same selection, on the same data', async () => {
    const { before, schedule, notices } = await goOn({})
    expect(notices).toEqual([])
    expect(before?.best).toHaveLength(2)
    expect(schedule?.validation).toHaveLength(3)
  })

  it('selects afresh under another metric, whose costs are no costs of the one before, and says so', async () => {
    const { selection, schedule, notices } = await goOn({ validate })
    expect(notices).toEqual([
      'train.init: the best checkpoint, patience and what the schedule remembers of validations start afresh: train.validate.select is exact-match here and loss there',
    ])
    expect(selection).toMatchObject({ bestStep: 5, sinceImproved: 0 })
    // No share of right outputs is above 1: a loss of before would have been the best for ever.
    expect(selection?.best?.[0]).toBeLessThanOrEqual(0)
    expect(schedule?.validation).toHaveLength(1)
  })

  it.each<[string, Partial<TrialSettings['train']>, (dataset: Dataset) => Dataset]>([
    [
      'train.validate.decode is {"lengthNormalisation":0,"nBest":1,"type":"beam","width":2} here and {"type":"greedy"} there',
      { validate: { ...constant.validate, decode: { type: 'beam', width: 2, lengthNormalisation: 0, nBest: 1 } } },
      (same) => same,
    ],
    [
      'the training and dev data are others',
      {},
      (dataset) => ({ ...dataset, digests: { ...dataset.digests, training: 'other' } }),
    ],
  ])('selects afresh where %s', async (difference, train, change) => {
    const { selection, notices } = await goOn(train, change)
    expect(notices[0]).toContain(difference)
    expect(selection?.bestStep).toBe(5)
  })

  it('selects afresh after a run that did not record what selected', async () => {
    const { dataset, settings } = toyOf('transduce')
    const { costs: _, ...point } = await pointOf(settings, dataset)
    const { notices } = await trained(settings, dataset, { steps: 5 }, { point, take: 'training' })
    expect(notices[0]).toContain('what selected the best checkpoint there was not recorded')
  })
})

describe('what is taken', () => {
  const all = (settings: TrialSettings, dataset: Dataset) => leaves(trialParts(settings, dataset).model.parameters)

  it('has a digest of its numbers and symbols: of what is not taken, and of the training, only where that goes on', async () => {
    const { dataset, settings } = toyOf('transduce')
    const point = await pointOf(settings, dataset)
    const taken = all(settings, dataset)
    const some = taken.filter(([path]) => path.startsWith('encoder/'))
    const { training, costs: _, ...model } = point
    const changed = (path: string) => {
      const parameters = new Map(point.parameters)
      const tensor = parameters.get(path)
      if (tensor === undefined) throw new Error(`no ${path}`)
      return {
        ...point,
        parameters: new Map([...parameters, [path, { ...tensor, data: tensor.data.map((x) => x + 1) }]]),
      }
    }
    expect(startDigest(taken, model, undefined)).toBe(startDigest(taken, point, undefined))
    expect(startDigest(some, changed('source/table'), undefined)).toBe(startDigest(some, point, undefined))
    const renamed = { ...point, data: describeData(renumbered(dataset), {}) }
    expect(startDigest(some, renamed, undefined)).toBe(startDigest(some, point, undefined))
    const digests = [
      startDigest(taken, point, undefined),
      startDigest(some, point, undefined),
      startDigest(taken, changed('source/table'), undefined),
      startDigest(taken, renamed, undefined),
      startDigest(taken, point, training),
      startDigest(taken, point, training && { ...training, step: 3 }),
      startDigest(taken, { ...point, costs: { select: ['loss'], decode: greedy, data: 'other' } }, training),
    ]
    expect(new Set(digests).size).toBe(digests.length)
  })

  it('is refused where it is no longer what the run was planned with', async () => {
    const { dataset, settings } = toyOf('tag')
    const point = await pointOf(settings, dataset)
    const start = startDigest(all(settings, dataset), point, undefined)
    await trained(settings, dataset, still, { point, start })
    await expect(trained(settings, dataset, still, { point, start: 'planned' })).rejects.toMatchObject({
      code: 'run',
      message: 'train.init.from: other changed after the run was planned',
    })
  })
})

describe('new symbols', () => {
  it('start fresh, and are counted', async () => {
    const { dataset, settings } = toyOf('transduce')
    const point = await pointOf(settings, dataset)
    const other = renumbered(dataset, ['x', 'y'])
    const { notices, state } = await trained(settings, other, still, { point })
    expect(notices).toEqual([
      'train.init: 2 of 10 source symbols start fresh: "x", "y"',
      'train.init: 2 of 10 target symbols start fresh: "x", "y"',
    ])
    const cold = await trained(settings, other, still)
    const rowOf = (tree: NonNullable<typeof state>['params'], symbol: number) => [
      ...(new Map(leaves(tree)).get('source/table')?.data.subarray(8 * symbol, 8 * symbol + 8) ?? []),
    ]
    const [warm, fresh] = [state?.params ?? {}, cold.state?.params ?? {}]
    rowOf(warm, 4).forEach((value, at) => {
      expect(value).toBeCloseTo(rowOf(fresh, 4)[at] ?? Number.NaN, 5)
    })
    expect(rowOf(warm, 6)).not.toEqual(rowOf(fresh, 6))
  })

  it('of features start fresh too', async () => {
    const [[, dataset, settings] = []] = featured
    if (dataset === undefined || settings === undefined) throw new Error('no features')
    const point = await pointOf(settings, dataset)
    const featureVocabulary = { symbols: ['<pad>', '<bos>', '<eos>', '<unk>', 'N', 'V', 'PL', 'LOC'], specials: true }
    const { notices } = await trained(settings, { ...dataset, featureVocabulary }, still, { point })
    expect(notices).toEqual(['train.init: 1 of 8 features start fresh: "V"'])
  })

  it('of words are taken over from another ICU version too, which is said', async () => {
    const { dataset, settings } = toyOf('transduce')
    const point = await pointOf(settings, { ...dataset, segmentation: 'icu 1' })
    expect(point.data.segmentation).toBe('icu 1')
    const { notices } = await trained(settings, { ...dataset, segmentation: 'icu 2' }, still, { point })
    expect(notices).toEqual([
      'train.init: words are split by icu 2 here and were by icu 1 there: some texts may have other tokens',
    ])
  })

  it('are no matter where what they index is not taken', async () => {
    const { dataset, settings } = toyOf('classify')
    const point = await pointOf(settings, dataset)
    const other = renumbered(dataset, ['x'])
    const { notices } = await trained(settings, other, still, { point, parameters: ['encoder/*'] })
    expect(notices).toEqual([])
    const labels = await trained(settings, other, still, { point, parameters: ['head/*'] })
    expect(labels.notices).toEqual(['train.init: 1 of 4 labels start fresh: "x"'])
  })

  it('in a table that is never trained are refused by name', async () => {
    const { dataset, settings } = toyOf('transduce')
    const point = await pointOf(settings, dataset)
    const frozen = { ...still, freeze: ['source/table'] }
    await expect(trained(settings, renumbered(dataset, ['x']), frozen, { point })).rejects.toMatchObject({
      code: 'spec',
      problems: [
        {
          path: 'train.init.from',
          message: 'source/table is frozen, and other does not have 1 of its source symbols: "x"',
        },
      ],
    })
    await trained(settings, renumbered(dataset), frozen, { point })
  })
})

describe('what means something else is refused', () => {
  const tokens = {
    type: 'characters',
    unit: 'codepoint',
    normalise: 'none',
    lowercase: false,
    minFrequency: 1,
  } as const

  it('other tokens, by the option that differs; which of them are in the vocabulary is no matter', async () => {
    const { dataset, settings } = toyOf('tag')
    const reading = (more: object) => ({ ...settings, data: { sourceTokens: { ...tokens, ...more } } })
    const point = await pointOf(reading({}), dataset)
    await expect(trained(reading({ lowercase: true }), dataset, still, { point })).rejects.toMatchObject({
      code: 'spec',
      problems: [
        { message: 'other has other source tokens: data.sourceTokens.lowercase is true here and false there' },
      ],
    })
    await trained(reading({ lowercase: true }), dataset, still, { point, parameters: ['head/*'] })
    await trained(reading({ minFrequency: 2, maxSize: 9 }), dataset, still, { point })
  })

  it('another tokenizer, and not its options', async () => {
    const { dataset, settings } = toyOf('tag')
    const point = await pointOf({ ...settings, data: { sourceTokens: tokens } }, dataset)
    const { unit: _, ...shared } = tokens
    const words = { ...settings, data: { sourceTokens: { ...shared, type: 'whitespace' } as const } }
    await expect(trained(words, dataset, still, { point })).rejects.toMatchObject({
      problems: [
        { message: 'other has other source tokens: data.sourceTokens.type is whitespace here and characters there' },
      ],
    })
  })

  it('moments of another optimizer, by both names, or by the moments alone', async () => {
    const { dataset, settings } = toyOf('tag')
    const known = { ...(await pointOf(settings, dataset)), optimizer: 'adam' }
    const { optimizer: _, ...unknown } = known
    const sgd = { steps: 6, optimizer: { type: 'sgd', learningRate: 0.1, weightDecay: 0 } as const }
    const refusal = (point: StartingPoint) =>
      trained(settings, dataset, sgd, { point, take: 'training' }).catch((error: unknown) => error)
    expect(await refusal(known)).toMatchObject({
      message: 'train.init.take: a continued training keeps its optimizer, adam',
      problems: [{ received: 'sgd' }],
      hint: 'Set train.optimizer: adam, or take: parameters.',
    })
    expect(await refusal(unknown)).toMatchObject({
      message: 'train.init.take: a continued training keeps its optimizer, which is another one',
      hint: 'Train with the same optimizer, or take: parameters.',
    })
    const adamw = { steps: 6, optimizer: { ...optimizer, type: 'adamw' } as const }
    expect((await trained(settings, dataset, adamw, { point: known, take: 'training' })).state?.step).toBe(6)
  })

  it('another scale and other series, with the figures', async () => {
    const { dataset, settings } = toyOf('forecast')
    const point = await pointOf(settings, dataset)
    const [sine, cosine] = dataset.scaling ?? []
    if (sine === undefined || cosine === undefined) throw new Error('no series')
    const wider = { ...dataset, scaling: [{ ...sine, scale: 3 }, cosine] }
    await expect(trained(settings, wider, still, { point })).rejects.toMatchObject({
      code: 'spec',
      problems: [{ message: 'other has another scale of sine: (value − 10) / 3 here and (value − 10) / 2 there' }],
    })
    const swapped = { ...dataset, scaling: [cosine, sine] }
    await expect(trained(settings, swapped, still, { point })).rejects.toThrow(
      'other has other series: cosine, sine here and sine, cosine there',
    )
    const [same, again] = [
      await trained(settings, dataset, still, { point }),
      await trained(settings, dataset, still, { point }),
    ]
    expect(same.losses).toEqual(again.losses)
  })

  it('a model without its checkpoint gives its parameters, and no training', async () => {
    const { dataset, settings } = toyOf('tag')
    const { training: _, ...point } = await pointOf(settings, dataset)
    await trained(settings, dataset, still, { point })
    await expect(trained(settings, dataset, { steps: 6 }, { point, take: 'training' })).rejects.toThrow(
      'other has a model but no checkpoint',
    )
  })
})
