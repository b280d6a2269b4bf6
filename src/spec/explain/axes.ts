import { besideSize, readoutSize, sizeOfContext } from '../../model/decoder/entry.js'
import { buildEncoder } from '../../model/encoder/index.js'
import { buildRepresentation } from '../../model/representation/index.js'
import type { ModelSizes, SymbolSpace } from '../../model/types.js'
import type { Spec } from '../types.js'

/** What the axes of a part's `symbols` are at one place; a stack of cells has several, told apart by their label. */
export interface Setting {
  readonly label?: string
  readonly axes: Readonly<Record<string, number>>
}

export type Settings = Readonly<Record<string, readonly Setting[]>>

/** By the dotted path of the part. I, H: a cell's input and state; Q, D: query and keys; V: symbols; C: the context. */
export function settingsOf({ model }: Spec, sizes: ModelSizes): Settings {
  const source = model.source && buildRepresentation(model.source.representation, sizes.source, sizes.known?.source)
  const target = model.target && buildRepresentation(model.target.representation, sizes.target, sizes.known?.target)
  const encoder = model.encoder && buildEncoder(model.encoder, source?.size ?? 0)
  const outputs = { layers: encoder?.layers ?? [], outputSize: encoder?.outputSize ?? source?.size ?? 0 }
  const chosen = model.context ?? ({ from: 'last-state' } as const)
  const D = outputs.outputSize
  const C = model.decoder || model.context ? sizeOfContext(chosen, outputs) : D
  const [V, E, H] = [sizeOf(sizes.target), target?.size ?? 0, model.decoder?.hidden ?? 0]
  const at = (axes: Setting['axes']) => [{ axes }]
  return {
    'model.source.representation': at({ V: sizeOf(sizes.source), E: source?.size ?? 0 }),
    'model.target.representation': at({ V, E }),
    ...(model.encoder && encoder ? { 'model.encoder.cell': encoderLayers(model.encoder, source?.size ?? 0, D) } : {}),
    'model.context': at({ C, D, H, E }),
    'model.context.map': at({ ...mapAxes(chosen), I: D }),
    'model.context.scorer': at({ ...scorerAxes(chosen, D), Q: H, D }),
    ...(model.decoder ? decoderSettings(model.decoder, chosen, { C, V, E }) : {}),
    // A language model's logits are over the symbols that it reads.
    task: at({ V, C, D, O: sizes.longestTarget * V }),
  }
}

function sizeOf(space: SymbolSpace): number {
  return 'width' in space ? space.width : space.vocabulary
}

function encoderLayers({ layers, hidden, bidirectional }: NonNullable<Spec['model']['encoder']>, E: number, D: number) {
  const directions = bidirectional ? ', each direction' : ''
  return stacked(layers, directions, E, D, hidden)
}

/** The first layer, and those above it, whose inputs are all alike. */
function stacked(layers: number, more: string, first: number, others: number, H: number): Setting[] {
  const lowest = { ...(layers > 1 || more !== '' ? { label: `layer 1${more}` } : {}), axes: { I: first, H } }
  if (layers === 1) return [lowest]
  const above = layers === 2 ? 'layer 2' : `layers 2 to ${layers}, each`
  return [lowest, { label: `${above}${more}`, axes: { I: others, H } }]
}

type Context = NonNullable<Spec['model']['context']>

function decoderSettings(
  decoder: NonNullable<Spec['model']['decoder']>,
  context: Context,
  { C, V, E }: { readonly C: number; readonly V: number; readonly E: number },
): Settings {
  const H = decoder.hidden
  return {
    'model.decoder.cell': stacked(decoder.layers, '', E + besideSize(decoder, context, C), H, H),
    'model.decoder.receives': [{ axes: { C, H, E, I: E + besideSize(decoder, context, C) } }],
    'model.decoder.bridge': [{ axes: { C, H } }],
    'model.decoder.readout': [{ axes: { C, H, V, R: readoutSize(decoder, context, C) } }],
  }
}

function mapAxes(context: Context): Record<string, number> {
  if (!('map' in context) || context.map === undefined) return {}
  const { map } = context
  return { O: map.size, ...(map.type === 'mlp' ? { R: map.hidden } : {}) }
}

function scorerAxes(context: Context, D: number): Record<string, number> {
  if (context.from !== 'attention') return {}
  const { scorer } = context
  return {
    ...('size' in scorer ? { A: scorer.size } : {}),
    ...('maxLength' in scorer ? { L: scorer.maxLength } : {}),
    ...('heads' in scorer ? { d: D / scorer.heads } : {}),
  }
}
