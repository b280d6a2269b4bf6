import Type, { type Static, type TObject } from 'typebox'
import { type BuildablePart, noOptions, ofKind, partSchema, registry } from '../core/part.js'
import { mapTree } from '../core/tree.js'
import type { Initialiser, ParameterTree } from './parameters.js'

/** How weights start: what a weight declares and its shape -> how it starts. */
export type ChooseInitialiser = (declared: Initialiser, shape: readonly number[]) => Initialiser

/** How weights start, as a spec names it. */
export type InitialiserPart<Options extends TObject = TObject> = BuildablePart<Options, readonly [], ChooseInitialiser>

/** Declares how weights start. */
export function defineInitialiser<Options extends TObject>(part: InitialiserPart<Options>): InitialiserPart<Options> {
  return ofKind('initialiser', part)
}

const standard = defineInitialiser({
  name: 'standard',
  summary: 'The initialiser that each part declares: Glorot for input kernels, orthogonal for recurrent ones.',
  equations: [],
  source: { paper: 'Keras and others; see glorot and orthogonal' },
  options: noOptions,
  build: () => (declared) => declared,
})

const glorot = defineInitialiser({
  name: 'glorot',
  summary: 'Uniform with a limit that keeps variances equal across layers; vectors start as their part declares.',
  equations: ['w ~ U(−√(6 / (n_in + n_out)), √(6 / (n_in + n_out)))'],
  source: {
    paper: 'Glorot & Bengio 2010, Understanding the Difficulty of Training Deep Feedforward Neural Networks',
    equation: '(16), each gate by itself',
    url: 'https://proceedings.mlr.press/v9/glorot10a.html',
  },
  options: noOptions,
  build: () => (declared, shape) => matrixOnly('glorot', declared, shape),
})

const orthogonal = defineInitialiser({
  name: 'orthogonal',
  summary: 'A random orthogonal matrix for each gate; vectors start as their part declares.',
  equations: ['Wᵀ W = I'],
  source: {
    paper: 'Saxe et al. 2014, Exact Solutions to the Nonlinear Dynamics of Learning in Deep Linear Neural Networks',
    url: 'https://arxiv.org/abs/1312.6120',
  },
  options: noOptions,
  build: () => (declared, shape) => matrixOnly('orthogonal', declared, shape),
})

const uniformOptions = Type.Object({
  limit: Type.Number({ exclusiveMinimum: 0, default: 0.1, description: 'Numbers lie between −limit and limit.' }),
})
const uniform = defineInitialiser({
  name: 'uniform',
  summary: 'Uniform between two limits.',
  equations: ['w ~ U(−limit, limit)'],
  source: {
    paper: 'Sutskever et al. 2014, Sequence to Sequence Learning with Neural Networks',
    equation: 'section 3.4',
  },
  options: uniformOptions,
  build:
    ({ limit }) =>
    () => ({ type: 'uniform', limit }),
})

const normalOptions = Type.Object({
  deviation: Type.Number({ exclusiveMinimum: 0, default: 0.1, description: 'The standard deviation; the mean is 0.' }),
})
const normal = defineInitialiser({
  name: 'normal',
  summary: 'Normal with mean 0.',
  equations: ['w ~ N(0, deviation²)'],
  source: { paper: 'Bahdanau et al. 2015, Neural Machine Translation', equation: 'section B.1' },
  options: normalOptions,
  build:
    ({ deviation }) =>
    () => ({ type: 'normal', deviation }),
})

const constantOptions = Type.Object({ value: Type.Number({ description: 'The value of every weight.' }) })
const constant = defineInitialiser({
  name: 'constant',
  summary: 'All weights equal: for examples computed by hand.',
  equations: ['w = value'],
  source: { paper: 'None: a means of teaching' },
  options: constantOptions,
  build:
    ({ value }) =>
    () => ({ type: 'constant', value }),
})

export const initialisers = registry('initialiser', { standard, glorot, orthogonal, uniform, normal, constant })
export const InitialiserChoice = partSchema(initialisers, {
  default: 'standard',
  description: 'How weights are initialised; biases and gains start as their part declares.',
})
export type InitialiserChoice = Static<typeof InitialiserChoice>

/** The same parameters with the weights (what decays: not biases, not gains) starting as chosen. */
export function withInitialiser(parameters: ParameterTree, choice: InitialiserChoice): ParameterTree {
  const choose = initialisers.build(choice)
  return mapTree(parameters, (spec) => (spec.decay ? { ...spec, init: choose(spec.init, spec.shape) } : spec))
}

function matrixOnly(type: 'glorot' | 'orthogonal', declared: Initialiser, shape: readonly number[]): Initialiser {
  if (shape.length !== 2) return declared
  return 'blocks' in declared && declared.blocks !== undefined ? { type, blocks: declared.blocks } : { type }
}
