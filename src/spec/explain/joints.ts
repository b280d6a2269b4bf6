import { noOptions, type Part } from '../../core/part.js'
import { leaves } from '../../core/tree.js'
import { cellOf } from '../../model/cells/index.js'
import { readsContext } from '../../model/decoder/entry.js'
import type { ModelSizes } from '../../model/types.js'
import { modelOf } from '../plan/parameters.js'
import type { Spec } from '../types.js'

/** What joins the parts and is none of them, described as a part. */
export interface Joint {
  readonly path: string
  readonly kind: string
  readonly part: Part
}

/** Bridge and output layer of a decoder, and what stands around the layers of a stack. */
export function jointsOf(spec: Spec, sizes: ModelSizes): readonly Joint[] {
  const { encoder, decoder } = spec.model
  return [
    ...(encoder?.layerNorm ? [normalisation('model.encoder.layerNorm')] : []),
    ...(encoder?.residual ? [residual('model.encoder.residual')] : []),
    ...(decoder?.layerNorm ? [normalisation('model.decoder.layerNorm')] : []),
    ...(decoder?.residual ? [residual('model.decoder.residual')] : []),
    ...(decoder === undefined ? [] : decoderJoints(spec, sizes)),
  ]
}

function decoderJoints(spec: Spec, sizes: ModelSizes): Joint[] {
  const { decoder } = spec.model
  const starts = decoder?.receives === 'initial-state' || decoder?.receives === 'both'
  return [...(starts ? [bridge(spec, sizes)] : []), entry(spec), outputLayer(spec)]
}

/** What the cell's first layer reads: the symbol before (embedded), and beside it what `besideSize` says. */
function entry(spec: Spec): Joint {
  const part = described(
    'input of the decoder',
    'What stands beside the symbol before, y_t-1.',
    [entryEquation(spec)],
    {
      x_t: ['I'],
      x_1: ['I'],
      'y_t-1': ['E'],
      y_0: ['E'],
      C: ['C'],
      C_t: ['C'],
      'h̃_t-1': ['H'],
    },
  )
  return { path: 'model.decoder.receives', kind: 'the', part }
}

function entryEquation({ model: { decoder, context } }: Spec): string {
  const alone = 'x_t = y_t-1'
  if (decoder === undefined) return alone
  if (context?.from === 'attention' && context.position === 'after') {
    return context.inputFeeding ? 'x_t = [y_t-1; h̃_t-1], h̃_0 = 0' : alone
  }
  if (decoder.receives === 'initial-state') return alone
  if (decoder.receives === 'first-step') return 'x_1 = [y_0; C], and after it x_t = [y_t-1; 0]'
  return context?.from === 'attention' ? 'x_t = [y_t-1; C_t]' : 'x_t = [y_t-1; C]'
}

/** What the bridge learned to map is seen from its parameters; a C that was mapped or pooled itself may be the state. */
function bridge(spec: Spec, sizes: ModelSizes): Joint {
  const { decoder, encoder, context } = spec.model
  const paths = leaves(modelOf(spec, sizes).parameters).map(([path]) => path)
  const [first = 'h'] = decoder === undefined ? [] : stateNames(decoder)
  const ownState = encoder === undefined || context?.from === 'transform' || context?.from === 'all-states'
  const equations = Array.from({ length: decoder?.layers ?? 1 }, (_, index) => index + 1).flatMap((layer) => {
    const start = `decoder/bridge/layer${layer}/`
    const kernels = paths.filter((path) => path.startsWith(start) && path.endsWith('/kernel'))
    const mapped = kernels.map((path) => path.slice(start.length, -'/kernel'.length))
    const learned = mapped.map((state) => `layer ${layer}: ${state}_0 = tanh(C W + b)`)
    if (mapped.includes(first)) return learned
    const copied = ownState ? `${first}_0 = C` : "a copy of the encoder layer's final state"
    return [`layer ${layer}: ${copied}`, ...learned]
  })
  const shapes = { C: ['C'], W: ['C', 'H'], b: ['H'] }
  const part = described('bridge', 'How C becomes the initial state of each decoder layer.', equations, shapes)
  return { path: 'model.decoder.bridge', kind: 'the', part }
}

function stateNames({ cell, hidden }: NonNullable<Spec['model']['decoder']>): string[] {
  return Object.keys(cellOf(cell).stateSizes(cell, { input: 1, hidden }))
}

function outputLayer({ model: { decoder, context } }: Spec): Joint {
  const chosen = context ?? ({ from: 'last-state' } as const)
  const after = chosen.from === 'attention' && chosen.position === 'after'
  const output = after ? 'h̃_t' : 'h_t'
  const C = chosen.from === 'attention' ? 'C_t' : 'C'
  const seen = decoder !== undefined && readsContext(decoder, chosen) ? `[${output}; ${C}]` : output
  const kernel = decoder?.tiedEmbedding ? 'Wᵀ' : 'W'
  const equations = [
    `p(y_t | y_<t, x) = softmax(${seen} ${kernel} + b)`,
    ...(decoder?.tiedEmbedding ? ['W is the target embedding'] : []),
  ]
  const part = described('output layer', 'A score for each target symbol.', equations, {
    [output]: ['H'],
    [C]: ['C'],
    W: decoder?.tiedEmbedding ? ['V', 'R'] : ['R', 'V'],
    b: ['V'],
  })
  return { path: 'model.decoder.readout', kind: 'the', part }
}

function normalisation(path: string): Joint {
  const equation = 'y = (x − mean(x)) / √(variance(x) + 1e-5) ⊙ g + b, over the numbers of each output x'
  const paper = 'Ba et al. 2016, Layer Normalization'
  return {
    path,
    kind: 'the',
    part: described('layer normalisation', "Of each layer's outputs.", [equation], {}, paper),
  }
}

function residual(path: string): Joint {
  const paper = 'Wu et al. 2016, Google’s Neural Machine Translation System'
  const summary = 'Each layer after the first adds its input to its output.'
  return { path, kind: 'the', part: described('residual connection', summary, ['y = x + layer(x)'], {}, paper) }
}

function described(
  name: string,
  summary: string,
  equations: readonly string[],
  symbols: NonNullable<Part['symbols']>,
  paper = 'Standard practice',
): Part {
  return { name, summary, equations, symbols, source: { paper }, options: noOptions }
}
