import { formers } from '../context/index.js'
import { widthsOf } from '../encoder/outline.js'
import { layerNodes } from '../layer-outline.js'
import type { FeaturesOptions } from '../options.js'
import { axesOf, forEach, type OutlineNode, partNode, plainNode, products } from '../outline.js'
import { representations } from '../representation/index.js'
import type { BuiltRepresentation, Side } from '../representation/types.js'
import { featureJoins } from './index.js'
import type { FeatureReading } from './read.js'

/** The features, how they are represented, what reads them, and the vector that they become, where they become one. */
export function featureNodes(
  { options, side: { axis }, longest }: { options: FeaturesOptions; side: Side; longest: number },
  reading: FeatureReading | undefined,
  positions: BuiltRepresentation | undefined,
): OutlineNode[] {
  const representation = reading?.representation ?? positions
  if (representation === undefined) return []
  const steps = ['B', 'F'] as const
  const embedded = [...steps, representation.output] as const
  return [
    plainNode({
      id: 'features',
      path: 'data',
      tensors: [{ name: 'features', axes: steps }],
      box: { title: 'features', side: 'features', role: 'data', shape: steps, symbols: axis },
    }),
    partNode(representations.get(options.representation.type), options.representation, {
      id: 'features.representation',
      path: 'model.features.representation',
      tensors: [{ name: 'embedded features', axes: embedded }],
      axes: { V: axis, E: representation.output },
      box: { title: options.representation.type, side: 'features', role: 'part', shape: embedded },
    }),
    ...encoderNodesOf(options, reading, longest),
    ...joinNodes(options, reading, representation, longest),
  ]
}

function encoderNodesOf(
  { encoder: options }: FeaturesOptions,
  reading: FeatureReading | undefined,
  longest: number,
): OutlineNode[] {
  if (options === undefined || reading?.encoder === undefined) return []
  const { layers } = reading.encoder
  const input = reading.representation.output
  return layerNodes({ section: 'features', options, layers, input, widths: widthsOf(layers), longest })
}

/** Attention over features is described where the decoder (or the head) is: its query is from there. */
function joinNodes(
  { join }: FeaturesOptions,
  reading: FeatureReading | undefined,
  { output }: BuiltRepresentation,
  longest: number,
): OutlineNode[] {
  const part = featureJoins.get(join.type)
  const node = { id: 'features.join', path: 'model.features.join' }
  if (join.type === 'source') return [partNode(part, join, { ...node, axes: { E: output } })]
  if (reading === undefined || join.type === 'attention') return []
  const { parameters, output: summary } = reading.summary ?? { parameters: {}, output: reading.beside.output }
  const shape = ['B', summary] as const
  const once = products(parameters, 'example')
  return [
    partNode(part, join, {
      ...node,
      tensors: [{ name: 'summary f of the features', axes: shape }],
      axes: { ...axesOf(parameters), G: summary },
      work: [formers.get(join.summary.from).needsLast === true ? once : forEach(longest, once)],
      box: { title: `f: ${join.summary.from}`, side: 'features', role: 'part', shape },
    }),
  ]
}
