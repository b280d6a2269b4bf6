import { noOptions, type Part } from '../../core/part.js'
import { leaves } from '../../core/tree.js'
import { type Axis, units } from '../axes.js'
import type { Cell } from '../cells/types.js'
import { attention as attentionPart } from '../context/attention.js'
import type { AttentionChoice, ContextChoice } from '../context/index.js'
import { aroundNodes, layerNodes } from '../layer-outline.js'
import type { DecoderOptions } from '../options.js'
import { axesOf, type OutlineNode, partNode, plainNode, products, type Work } from '../outline.js'
import type { ParameterTree } from '../parameters.js'
import { scorers } from '../scorers/index.js'
import type { Bridge } from './bridge.js'
import { readsContext, startsFromContext } from './entry.js'

/** What an outline says of a decoder: its options, its parts as built, and the axes between them. */
export interface DecoderDescription {
  readonly options: DecoderOptions
  readonly choice: ContextChoice
  /** E: of the embedded previous symbol. */
  readonly embedded: Axis
  /** D: of what the encoder gives. */
  readonly outputs: Axis
  /** C. */
  readonly context: Axis
  /** What the first layer reads, and what the output layer does. */
  readonly input: Axis
  readonly readout: Axis
  readonly cells: readonly Cell[]
  /** Attention's parameters, and what else is computed at each target step to join it. */
  readonly scorer?: ParameterTree
  readonly joining?: ParameterTree
  readonly bridge?: Bridge
}

/** How C enters: attention (a fixed C has nodes of its own), the bridge, the decoder's input, its layers. */
export function decoderNodes(decoder: DecoderDescription): OutlineNode[] {
  const { options, choice, cells, input } = decoder
  const hidden = units('H', options.hidden)
  const stack = {
    section: 'decoder',
    options,
    layers: cells.map((built) => [{ built }]),
    input,
    hidden,
    output: hidden,
  } as const
  return [
    ...aroundNodes(stack),
    ...(choice.from === 'attention' ? attentionNodes(decoder, choice, hidden) : []),
    ...bridgeNodes(decoder, hidden),
    entryNode(decoder, hidden),
    ...layerNodes(stack),
  ]
}

// ---- attention ---------------------------------------------------------------------------------------------------

function attentionNodes(decoder: DecoderDescription, choice: AttentionChoice, hidden: Axis): OutlineNode[] {
  const { outputs, embedded, context, scorer = {}, joining = {} } = decoder
  const { scorer: scoring, coverage } = choice
  const shape = ['B', 'T', context] as const
  return [
    partNode(
      scorers.get(scoring.type),
      { ...scoring, coverage },
      {
        id: 'scorer',
        path: 'model.context.scorer',
        tensors: [
          { name: 'query (decoder state)', axes: ['B', hidden] },
          { name: 'keys (encoder outputs)', axes: ['B', 'S', outputs] },
          { name: 'scores e', axes: ['B', 'T', 'S'] },
        ],
        axes: { ...axesOf(scorer), Q: hidden, D: outputs },
        work: scorerWork(scorer, outputs),
      },
    ),
    plainNode({
      id: 'normaliser',
      path: 'model.context.normaliser',
      tensors: [{ name: 'alignment α', axes: ['B', 'T', 'S'] }],
    }),
    partNode(attentionPart, choice, {
      id: 'context',
      path: 'model.context',
      tensors: [{ name: 'C', axes: shape }],
      axes: { D: outputs, C: context, H: hidden, E: embedded },
      work: [products(joining, 'target step')],
      box: { title: `C: ${scoring.type} attention`, side: 'source', role: 'part', shape },
    }),
    ...joinedNodes(choice, hidden),
  ]
}

/** Luong's joining layer: what it gives, and where that goes. */
function joinedNodes({ position, inputFeeding }: AttentionChoice, hidden: Axis): OutlineNode[] {
  if (position === 'before') return []
  const tensor = (id: string, path: string, name: string) =>
    plainNode({ id, path, tensors: [{ name, axes: ['B', 'T', hidden] }] })
  const joined = tensor('joined', 'model.context.position', 'joined vector h̃ = tanh(W_c [C; h])')
  if (!inputFeeding) return [joined]
  return [joined, tensor('fed', 'model.context.inputFeeding', 'fed: the previous h̃, beside the input')]
}

/**
 * Kernels of keys (whose first axis is D) are applied once a source step, others once a target step; each pair of the two
 * compares as many numbers as the prepared keys have, and adds a value.
 */
function scorerWork(parameters: ParameterTree, outputs: Axis): Work[] {
  const kernels = leaves(parameters).filter(([, { axes }]) => axes.length > 1)
  const ofKeys = kernels.filter(([, { axes }]) => axes[0]?.name === 'D')
  const others = kernels.filter(([, { axes }]) => axes[0]?.name !== 'D')
  const compared = ofKeys[0]?.[1].axes.at(-1) ?? outputs
  return [
    products(Object.fromEntries(ofKeys), 'source step'),
    products(Object.fromEntries(others), 'target step'),
    { per: 'pair of steps', multiplyAdds: compared.size + outputs.size, results: compared.size },
  ]
}

// ---- what joins the parts ----------------------------------------------------------------------------------------

function bridgeNodes({ options, context, cells, bridge }: DecoderDescription, hidden: Axis): OutlineNode[] {
  if (bridge === undefined || !startsFromContext(options)) return []
  const [first = 'h'] = Object.keys(cells[0]?.state ?? {})
  const equations = bridge.layers.flatMap(({ start, learned }, index) => {
    const mapped = learned.map((state) => `${state}_0 = tanh(C W + b)`)
    const copied = start === 'context' ? `${first}_0 = C` : "a copy of the encoder layer's final state"
    return [...(learned.includes(first) ? [] : [copied]), ...mapped].map((each) => `layer ${index + 1}: ${each}`)
  })
  const node = {
    id: 'bridge',
    path: 'model.decoder.bridge',
    tensors: [{ name: 'initial state from C', axes: ['B', hidden] as const }],
    axes: { C: context, H: hidden },
    work: [products(bridge.parameters, 'example')],
  }
  return [described(node, 'bridge', 'How C becomes the initial state of each decoder layer.', equations, bridgeSymbols)]
}

const bridgeSymbols = { C: ['C'], W: ['C', 'H'], b: ['H'] }

/** What the cell's first layer reads: the symbol before (embedded), and what is next to it. */
function entryNode(decoder: DecoderDescription, hidden: Axis): OutlineNode {
  const { context, embedded, input } = decoder
  const node = {
    id: 'entry',
    path: 'model.decoder.receives',
    axes: { C: context, H: hidden, E: embedded, I: input },
  }
  const summary = 'What stands beside the symbol before, y_t-1.'
  return described(node, 'input of the decoder', summary, [entryEquation(decoder)], entrySymbols)
}

const entrySymbols = {
  x_t: ['I'],
  x_1: ['I'],
  'y_t-1': ['E'],
  y_0: ['E'],
  C: ['C'],
  C_t: ['C'],
  'h̃_t-1': ['H'],
}

function entryEquation({ options: { receives }, choice }: DecoderDescription): string {
  const alone = 'x_t = y_t-1'
  if (choice.from === 'attention' && choice.position === 'after') {
    return choice.inputFeeding ? 'x_t = [y_t-1; h̃_t-1], h̃_0 = 0' : alone
  }
  if (receives === 'initial-state') return alone
  if (receives === 'first-step') return 'x_1 = [y_0; C], and after it x_t = [y_t-1; 0]'
  return choice.from === 'attention' ? 'x_t = [y_t-1; C_t]' : 'x_t = [y_t-1; C]'
}

/** The output layer over what a decoder gives, and the scores of the target's symbols. */
export function outputNodes(
  { options, choice, context, readout }: DecoderDescription,
  head: {
    readonly title: string
    readonly symbols: Axis
    readonly parameters: ParameterTree
    /** Its equations for what it reads, written as given. */
    equations(seen: string): readonly string[]
    readonly shapes: Readonly<Record<string, readonly string[]>>
  },
): OutlineNode[] {
  const output = choice.from === 'attention' && choice.position === 'after' ? 'h̃_t' : 'h_t'
  const C = choice.from === 'attention' ? 'C_t' : 'C'
  const both = readsContext(options, choice)
  const seen = both ? `[${output}; ${C}]` : output
  const scores = ['B', 'T', head.symbols] as const
  const { tiedEmbedding } = options
  // A tied layer multiplies with the target embedding, which is no parameter of its own.
  const tied = {
    per: 'target step',
    multiplyAdds: readout.size * head.symbols.size,
    results: head.symbols.size,
  } as const
  const node = {
    id: 'readout',
    path: 'model.decoder.readout',
    tensors: [
      { name: both ? 'output layer input [output; C]' : 'output layer input', axes: ['B', 'T', readout] as const },
    ],
    axes: { C: context, H: units('H', options.hidden), V: head.symbols, R: readout },
  }
  const symbols = { [output]: ['H'], [C]: ['C'], ...head.shapes }
  return [
    described(node, 'output layer', 'A score for each target symbol.', head.equations(seen), symbols),
    plainNode({
      id: 'head',
      path: 'task',
      tensors: [{ name: 'logits', axes: scores }],
      work: [tiedEmbedding ? tied : products(head.parameters, 'target step')],
      box: { title: head.title, side: 'target', role: 'part', shape: scores },
    }),
  ]
}

function described(
  node: Partial<OutlineNode> & Pick<OutlineNode, 'id' | 'path'>,
  name: string,
  summary: string,
  equations: readonly string[],
  symbols: NonNullable<Part['symbols']>,
): OutlineNode {
  const part = { name, summary, equations, symbols, source: { paper: 'Standard practice' }, options: noOptions }
  return plainNode({ ...node, part, equations, symbols })
}
