import { noOptions, type Part } from '../../core/part.js'
import type { Axis } from '../axes.js'
import { attention as attentionPart } from '../context/attention.js'
import type { AttentionChoice } from '../context/index.js'
import { contextNodes } from '../context/outline.js'
import { featureArrows } from '../features/arrows.js'
import { featureAttentionNodes } from '../features/attention-outline.js'
import { type HeadChoice, headPart } from '../heads/index.js'
import type { Head, HeadDescription } from '../heads/types.js'
import { aroundNodes, layerNodes } from '../layer-outline.js'
import type { DecoderOptions } from '../options.js'
import {
  axesOf,
  type Box,
  chain,
  drawn,
  equationsUnder,
  type Outline,
  type OutlineNode,
  partNode,
  plainNode,
  products,
  type Work,
} from '../outline.js'
import { scorers } from '../scorers/index.js'
import { scorerWork } from '../scorers/outline.js'
import { hiddenAxis, topAxis } from '../widths.js'
import type { DecoderDescription } from './built-decoder.js'
import { readsContext, startsFromContext } from './entry.js'

/** The head that a decoder's outputs go through. */
export interface DescribedHead {
  readonly choice: HeadChoice | undefined
  readonly built: Head
  readonly symbols: Axis
}

/** What reads the source (`front`), the embedded previous symbols, and the decoder with its head. */
export function modelOutline(
  front: readonly OutlineNode[],
  target: readonly OutlineNode[],
  decoder: DecoderDescription,
  head: DescribedHead,
): Outline {
  const all = [...front, ...target, ...decoderNodes(decoder), ...outputNodes(decoder, head)]
  const nodes = decoder.hidesContext ? all.map((node) => (node.id === 'context' ? undrawn(node) : node)) : all
  const drawnOn = (side: Box['side']) => drawn(nodes.filter(({ box }) => box?.side === side))
  const [left, right] = [drawnOn('source'), drawnOn('target')]
  const [last = '', first] = [left.at(-1), 'decoder.layer1']
  const back = decoder.choice.from === 'attention' ? [{ from: first, to: last }] : []
  const third = featureArrows(nodes, decoder.features, first)
  return { nodes, arrows: [...chain(...left), ...chain(...right), { from: last, to: first }, ...back, ...third] }
}

function undrawn({ box: _, ...node }: OutlineNode): OutlineNode {
  return node
}

/** How C enters: the context, the bridge, the decoder's input, its layers. */
function decoderNodes(decoder: DecoderDescription): OutlineNode[] {
  const { options, choice, outputs, fixed, cells, input } = decoder
  const hidden = topAxis(options)
  const stack = {
    section: 'decoder',
    options,
    layers: cells.map((built) => [{ built }]),
    input,
    widths: cells.map((_, index) => ({ hidden: hiddenAxis(options, index), output: hiddenAxis(options, index) })),
  } as const
  return [
    ...aroundNodes(stack),
    ...(choice.from === 'attention' ? attentionNodes(decoder, choice, hidden) : []),
    ...(choice.from !== 'attention' && fixed !== undefined ? contextNodes(choice, outputs, fixed) : []),
    ...featureJoinNodes(decoder, hidden),
    ...bridgeNodes(decoder, hidden),
    entryNode(decoder, hidden),
    ...layerNodes(stack),
  ]
}

// ---- attention ---------------------------------------------------------------------------------------------------

function attentionNodes(decoder: DecoderDescription, choice: AttentionChoice, hidden: Axis): OutlineNode[] {
  const { outputs, embedded, scorer = {}, joining = {} } = decoder
  const context = outputs
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
        work: scorerWork(scorer, outputs, {
          ...{ axis: 'D', keys: 'source step', query: 'target step', pairs: 'pair of steps' },
        }),
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
  return [
    joined,
    tensor('fed', 'model.context.inputFeeding', 'input feeding: the previous h̃, concatenated to the input'),
  ]
}

// ---- features next to C ------------------------------------------------------------------------------------------

function featureJoinNodes({ features, context }: DecoderDescription, hidden: Axis): OutlineNode[] {
  if (features === undefined) return []
  const joined = plainNode({
    id: 'features.context',
    path: 'model.features.join',
    tensors: [{ name: "C' = [C; f]", axes: ['B', 'T', context] }],
  })
  if (features.join === 'context') return [joined]
  return [...featureAttentionNodes(features, hidden, { steps: ['B', 'T'], per: 'target step' }), joined]
}

// ---- what joins the parts ----------------------------------------------------------------------------------------

function bridgeNodes({ options, initial, cells, bridge }: DecoderDescription, hidden: Axis): OutlineNode[] {
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
    axes: { C: initial, H: hidden },
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
  const summary = 'Concatenated to the previous symbol, y_t-1.'
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

/** The head over what a decoder gives, and the scores of the target's symbols. */
function outputNodes(
  { options, choice, context, readout }: DecoderDescription,
  { choice: headChoice, built: head, symbols }: DescribedHead,
): OutlineNode[] {
  const scores = ['B', 'T', symbols] as const
  const output = choice.from === 'attention' && choice.position === 'after' ? 'h̃_t' : 'h_t'
  const C = choice.from === 'attention' ? 'C_t' : 'C'
  const both = readsContext(options, choice)
  const part = headPart(headChoice)
  const shown = describeHead(headChoice, head, both ? `[${output}; ${C}]` : output)
  const axes = { ...axesOf(head.parameters), C: context, H: topAxis(options), V: symbols, R: readout }
  const name = both ? 'output layer input [output; C]' : 'output layer input'
  const node = {
    id: 'readout',
    path: 'model.decoder.readout',
    tensors: [{ name, axes: ['B', 'T', readout] as const }],
    axes,
  }
  const shapes = { [output]: ['H'], [C]: ['C'], ...shown.symbols }
  return [
    described(node, 'output layer', 'A score for each target symbol.', shown.equations, shapes),
    partNode(part, headChoice ?? {}, { id: 'head.part', path: 'model.head', axes }),
    plainNode({
      id: 'head',
      path: 'task',
      tensors: [{ name: 'logits', axes: scores }],
      work: head.work ?? [headWork(options, head, readout, symbols)],
      box: { title: part.name, side: 'target', role: 'part', shape: scores },
    }),
  ]
}

function describeHead(choice: HeadChoice | undefined, head: Head, seen: string): HeadDescription {
  if (head.describe !== undefined) return head.describe(seen)
  const part = headPart(choice)
  return { equations: [`x = ${seen}`, ...equationsUnder(part, choice ?? {})], symbols: { x: ['R'], ...part.symbols } }
}

/** A tied layer multiplies with the target embedding, which is no parameter of its own. */
function headWork({ tiedEmbedding }: DecoderOptions, head: Head, readout: Axis, symbols: Axis): Work {
  if (!tiedEmbedding) return products(head.parameters, 'target step')
  return { per: 'target step', multiplyAdds: readout.size * symbols.size, results: symbols.size }
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
