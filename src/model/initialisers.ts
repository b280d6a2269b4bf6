import Type, { type Static, type TObject } from 'typebox'
import { noOptions, type Part, partSchema, registry } from '../core/part.js'
import { mapTree, type Tree } from '../core/tree.js'
import type { Initialiser, ParameterSpec } from './types.js'

/** How weights start, as a spec names it: what a weight declares and its shape -> how it starts. */
export interface InitialiserPart<Options extends TObject = TObject, O = any> extends Part<Options> {
  choose(options: O, declared: Initialiser, shape: readonly number[]): Initialiser
}

const standard: InitialiserPart = {
  name: 'standard',
  summary: 'What each part declares: Glorot for input kernels, orthogonal for recurrent ones.',
  equations: [],
  source: { paper: 'Keras and others; see glorot and orthogonal' },
  options: noOptions,
  choose: (_, declared) => declared,
}

const glorot: InitialiserPart = {
  name: 'glorot',
  summary: 'Uniform with a limit that keeps variances alike from layer to layer; a vector starts as its part declares.',
  equations: ['w ~ U(−√(6 / (n_in + n_out)), √(6 / (n_in + n_out)))'],
  source: {
    paper: 'Glorot & Bengio 2010, Understanding the Difficulty of Training Deep Feedforward Neural Networks',
    equation: '(16), each gate by itself',
    url: 'https://proceedings.mlr.press/v9/glorot10a.html',
  },
  options: noOptions,
  choose: (_, declared, shape) => matrixOnly('glorot', declared, shape),
}

const orthogonal: InitialiserPart = {
  name: 'orthogonal',
  summary: 'A random orthogonal matrix for each gate; a vector starts as its part declares.',
  equations: ['Wᵀ W = I'],
  source: {
    paper: 'Saxe et al. 2014, Exact Solutions to the Nonlinear Dynamics of Learning in Deep Linear Neural Networks',
    url: 'https://arxiv.org/abs/1312.6120',
  },
  options: noOptions,
  choose: (_, declared, shape) => matrixOnly('orthogonal', declared, shape),
}

const uniformOptions = Type.Object({
  limit: Type.Number({ exclusiveMinimum: 0, default: 0.1, description: 'Numbers lie between −limit and limit.' }),
})
const uniform: InitialiserPart<typeof uniformOptions, Static<typeof uniformOptions>> = {
  name: 'uniform',
  summary: 'Uniform between two limits.',
  equations: ['w ~ U(−limit, limit)'],
  source: {
    paper: 'Sutskever et al. 2014, Sequence to Sequence Learning with Neural Networks',
    equation: 'section 3.4',
  },
  options: uniformOptions,
  choose: ({ limit }) => ({ type: 'uniform', limit }),
}

const normalOptions = Type.Object({
  deviation: Type.Number({ exclusiveMinimum: 0, default: 0.1, description: 'The standard deviation; the mean is 0.' }),
})
const normal: InitialiserPart<typeof normalOptions, Static<typeof normalOptions>> = {
  name: 'normal',
  summary: 'Normal with mean 0.',
  equations: ['w ~ N(0, deviation²)'],
  source: { paper: 'Bahdanau et al. 2015, Neural Machine Translation', equation: 'section B.1' },
  options: normalOptions,
  choose: ({ deviation }) => ({ type: 'normal', deviation }),
}

const constantOptions = Type.Object({ value: Type.Number({ description: 'The value of every weight.' }) })
const constant: InitialiserPart<typeof constantOptions, Static<typeof constantOptions>> = {
  name: 'constant',
  summary: 'Every weight the same: for examples worked out by hand.',
  equations: ['w = value'],
  source: { paper: 'None: a means of teaching' },
  options: constantOptions,
  choose: ({ value }) => ({ type: 'constant', value }),
}

export const initialisers = registry('initialiser', { standard, glorot, orthogonal, uniform, normal, constant })
export const InitialiserChoice = partSchema(initialisers, {
  default: 'standard',
  description: 'How weights start; biases and gains start as their part declares.',
})
export type InitialiserChoice = Static<typeof InitialiserChoice>

/** The same parameters with the weights (what decays: not biases, not gains) starting as chosen. */
export function withInitialiser(parameters: Tree<ParameterSpec>, choice: InitialiserChoice): Tree<ParameterSpec> {
  const part: InitialiserPart = initialisers.parts[choice.type]
  return mapTree(parameters, (spec) =>
    spec.decay ? { ...spec, init: part.choose(choice, spec.init, spec.shape) } : spec,
  )
}

function matrixOnly(type: 'glorot' | 'orthogonal', declared: Initialiser, shape: readonly number[]): Initialiser {
  if (shape.length !== 2) return declared
  return 'blocks' in declared && declared.blocks !== undefined ? { type, blocks: declared.blocks } : { type }
}
