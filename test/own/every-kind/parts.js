// A tiny part of one's own of every kind but cell, scorer and metric, which test/own/files has.
import {
  context,
  dataError,
  defineContext,
  defineExampleSource,
  defineHead,
  defineInitialiser,
  defineMap,
  defineNormaliser,
  defineOptimizer,
  defineRepresentation,
  defineSchedule,
  defineSearchMethod,
  defineSeriesSource,
  defineTeacherForcing,
  defineTokenizer,
  filesAt,
  glorot,
  head,
  noOptions,
  ops,
  optimizer,
  readBytes,
  readLines,
  representation,
  Type,
  units,
  vectorMap,
} from 'seqlab'

const { add, div, exp, logSoftmax, lookUp, matMul, mul, neg, oneHot, relu, reshape, sub, sum, sumAll } = ops
const shared = { summary: 'Of the tests.', equations: [], source: { paper: 'test/own' }, options: noOptions }

/** Lines `source|target`; an option says which files. */
export const piped = defineExampleSource({
  ...shared,
  name: 'piped',
  options: Type.Object({ files: Type.String({ description: 'Files: a path, or a pattern.' }) }),
  gives: 'pairs',
  build: ({ files }) => ({
    brings: { dev: false, test: false },
    read: async ({ baseDir }) => {
      const paths = await filesAt(files, baseDir)
      const texts = await Promise.all(paths.map(async (file) => [file, await readLines(file, baseDir)]))
      const train = texts.flatMap(([file, lines]) =>
        lines.map((line, at) => {
          const [source, target] = line.split('|')
          if (target === undefined) throw dataError({ file, line: at + 1 }, 'the line has no `|`')
          return { source, target, where: `${file}:${at + 1}` }
        }),
      )
      return { train }
    },
  }),
})

/** A byte a step. */
export const bytes = defineSeriesSource({
  ...shared,
  name: 'bytes',
  options: Type.Object({ file: Type.String({ description: 'A file.' }) }),
  gives: 'series',
  build: ({ file }) => ({
    brings: { dev: false, test: false },
    windows: { window: 4, horizon: 1, stride: 1, scale: 'standard', season: 1 },
    read: async ({ baseDir }) => {
      const read = await readBytes(file, baseDir)
      return { names: ['byte'], steps: Array.from(read, (byte) => [byte]) }
    },
  }),
})

export const dashes = defineTokenizer({
  ...shared,
  name: 'dashes',
  joiner: '-',
  build: () => (text) => text.split('-').filter((token) => token !== ''),
})

export const relus = defineNormaliser({
  ...shared,
  name: 'relus',
  build: () => ({
    normalise: (scores) => {
      const positive = exp(neg(relu(neg(scores))))
      return div(positive, add(sum(positive, -1, true), 1e-6))
    },
  }),
})

export const firstOutput = defineContext({
  ...shared,
  name: 'first-output',
  needsLast: false,
  build: (_, { outputs }) =>
    context({ parameters: {}, output: outputs, form: (_, encoded) => ops.squeeze(first(encoded.outputs), 1) }),
})
const first = (outputs) => ops.slice(outputs, [0, 0, 0], [outputs.shape[0], 1, outputs.shape[2]])

export const halved = defineMap({
  ...shared,
  name: 'halved',
  build: (_, input) => vectorMap({ parameters: {}, output: input, apply: (_, x) => mul(x, 0.5) }),
})

export const signed = defineRepresentation({
  ...shared,
  name: 'signed',
  accepts: 'ids',
  build: (_, { axis }) => {
    const size = units('E', 6)
    return representation({
      parameters: { table: glorot([axis, size]) },
      output: size,
      embed: (p, { ids }) => lookUp(p.table, ids),
    })
  },
})

export const plain = defineHead({
  ...shared,
  name: 'plain',
  smooths: false,
  refuse: (_, { decoder }) => (decoder ? undefined : 'it goes step by step'),
  build: (_, { input, symbols }) =>
    head({
      parameters: { kernel: glorot([input, symbols]) },
      loss: (p, { readout, batch, steps, order }, { ids, weights }) => {
        const logProbs = logSoftmax(matMul(readout, p.kernel))
        const nats = mul(neg(sum(mul(logProbs, oneHot(ids, symbols.size)), 1)), weights)
        const crossEntropy = sumAll(nats)
        const perExample =
          order === 'steps' ? sum(reshape(nats, [steps, batch]), 0) : sum(reshape(nats, [batch, steps]), 1)
        return { objective: crossEntropy, crossEntropy, perExample }
      },
      step: (p, { readout }, state) => ({ logProbs: logSoftmax(matMul(readout, p.kernel)), state }),
    }),
})

export const small = defineInitialiser({
  ...shared,
  name: 'small',
  build: () => () => ({ type: 'uniform', limit: 0.05 }),
})

/** Nothing but the end: a search that needs no step. */
export const silent = defineSearchMethod({
  ...shared,
  name: 'silent',
  build: () => async (_, examples) => examples.map(() => ({ ids: [], score: -1 })),
})

export const slow = defineOptimizer({
  ...shared,
  name: 'slow',
  options: Type.Object({
    learningRate: Type.Number({ exclusiveMinimum: 0, default: 0.05, description: 'η.' }),
  }),
  build: () =>
    optimizer({
      init: () => ({}),
      update: (gradient, slots, parameters, { learningRate }) => ({
        parameters: sub(parameters, mul(gradient, learningRate)),
        slots,
      }),
    }),
})

export const steps = defineSchedule({
  ...shared,
  name: 'steps',
  build:
    () =>
    ({ step }) =>
      1 / step,
})

export const never = defineTeacherForcing({ ...shared, name: 'never', build: () => () => 0 })
