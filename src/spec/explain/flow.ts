import { cellOf } from '../../model/cells/index.js'

import { besideSize, readoutSize, readsContext, sizeOfContext, startsFromContext } from '../../model/decoder/entry.js'
import { buildEncoder } from '../../model/encoder/index.js'
import type { DecoderOptions, EncoderOptions } from '../../model/options.js'
import { buildRepresentation } from '../../model/representation/index.js'
import type { ModelSizes, SymbolSpace } from '../../model/types.js'
import type { Spec } from '../types.js'

/** One tensor on the way through a model. Axes by name (B, S, T) or by their size. */
export interface FlowRow {
  readonly name: string
  readonly axes: readonly (string | number)[]
  /** The dotted path of the part that gives it. */
  readonly path: string
}

/** Every tensor along the way, from the source's symbols to what is scored. */
export function flowOf({ task, model }: Spec, sizes: ModelSizes): readonly FlowRow[] {
  const source =
    model.source === undefined
      ? undefined
      : buildRepresentation(model.source.representation, sizes.source, sizes.known?.source)
  const rows: FlowRow[] = [spaceRow('source', sizes.source, ['B', 'S'])]
  if (source !== undefined) rows.push(row('embedded source', ['B', 'S', source.size], 'model.source.representation'))
  const encoder = model.encoder === undefined ? undefined : buildEncoder(model.encoder, source?.size ?? 0)
  if (model.encoder !== undefined && encoder !== undefined) {
    rows.push(...encoderRows(model.encoder, source?.size ?? 0, encoder.outputSize))
  }
  const outputs = { layers: encoder?.layers ?? [], outputSize: encoder?.outputSize ?? source?.size ?? 0 }
  if (model.decoder !== undefined) return [...rows, ...decoderRows(model, sizes, outputs)]
  const summary = model.context === undefined || model.context.from === 'attention' ? undefined : model.context
  const size = summary === undefined ? outputs.outputSize : sizeOfContext(summary, outputs)
  if (summary !== undefined) rows.push(row('C', ['B', size], 'model.context'))
  return [...rows, resultRow(task.type, sizes)]
}

function row(name: string, axes: FlowRow['axes'], path: string): FlowRow {
  return { name, axes, path }
}

function spaceRow(side: string, space: SymbolSpace, axes: readonly string[]): FlowRow {
  return 'width' in space
    ? row(`${side} numbers`, [...axes, space.width], 'data')
    : row(`${side} symbols`, axes, 'data')
}

function encoderRows(options: EncoderOptions, embedded: number, outputSize: number): FlowRow[] {
  const directions = options.bidirectional ? ['forward', 'backward'] : ['forward']
  const states = cellOf(options.cell).stateSizes(options.cell, { input: 1, hidden: options.hidden })
  return Array.from({ length: options.layers }, (_, index) => index + 1).flatMap((layer) => [
    row(`encoder layer ${layer} input x`, ['B', 'S', layer === 1 ? embedded : outputSize], 'model.encoder.cell'),
    ...directions.flatMap((direction) =>
      Object.entries(states).map(([name, size]) =>
        row(`encoder layer ${layer} ${direction}, state ${name}`, ['B', size], 'model.encoder.cell'),
      ),
    ),
    row(`encoder layer ${layer} outputs`, ['B', 'S', outputSize], 'model.encoder'),
  ])
}

function decoderRows(
  { context, decoder, target }: Spec['model'],
  sizes: ModelSizes,
  encoder: Parameters<typeof sizeOfContext>[1],
): FlowRow[] {
  if (decoder === undefined || target === undefined) return []
  const chosen = context ?? ({ from: 'last-state' } as const)
  const size = sizeOfContext(chosen, encoder)
  const embedded = buildRepresentation(target.representation, sizes.target, sizes.known?.target).size
  const states = cellOf(decoder.cell).stateSizes(decoder.cell, { input: 1, hidden: decoder.hidden })
  const beside = besideSize(decoder, chosen, size)
  return [
    spaceRow('previous', sizes.target, ['B', 'T']),
    row('embedded previous symbol', ['B', 'T', embedded], 'model.target.representation'),
    ...contextRows(chosen, size, decoder),
    ...joinedRows(chosen, decoder),
    ...(startsFromContext(decoder) ? [row('initial state from C', ['B', decoder.hidden], 'model.decoder.bridge')] : []),
    ...Array.from({ length: decoder.layers }, (_, index) => index + 1).flatMap((layer) => [
      row(
        `decoder layer ${layer} input x`,
        ['B', 'T', layer === 1 ? embedded + beside : decoder.hidden],
        'model.decoder.cell',
      ),
      ...Object.entries(states).map(([name, each]) =>
        row(`decoder layer ${layer}, state ${name}`, ['B', each], 'model.decoder.cell'),
      ),
      row(`decoder layer ${layer} outputs`, ['B', 'T', decoder.hidden], 'model.decoder'),
    ]),
    row(
      readsContext(decoder, chosen) ? 'output layer input [output; C]' : 'output layer input',
      ['B', 'T', readoutSize(decoder, chosen, size)],
      'model.decoder.readout',
    ),
    row('logits', ['B', 'T', sizeOf(sizes.target)], 'task'),
  ]
}

type Context = NonNullable<Spec['model']['context']>

function contextRows(context: Context, size: number, { hidden }: DecoderOptions): FlowRow[] {
  if (context.from !== 'attention') return [row('C', ['B', size], 'model.context')]
  return [
    row('query (decoder state)', ['B', hidden], 'model.context.scorer'),
    row('keys (encoder outputs)', ['B', 'S', size], 'model.context.scorer'),
    row('scores e', ['B', 'T', 'S'], 'model.context.scorer'),
    row('alignment α', ['B', 'T', 'S'], 'model.context.normaliser'),
    row('C', ['B', 'T', size], 'model.context'),
  ]
}

/** What Luong's joining layer gives, and where it goes. */
function joinedRows(context: Context, { hidden }: DecoderOptions): FlowRow[] {
  if (context.from !== 'attention' || context.position === 'before') return []
  const joined = row('joined vector h̃ = tanh(W_c [C; h])', ['B', 'T', hidden], 'model.context.position')
  if (!context.inputFeeding) return [joined]
  return [joined, row('fed: the previous h̃, beside the input', ['B', 'T', hidden], 'model.context.inputFeeding')]
}

function resultRow(task: string, sizes: ModelSizes): FlowRow {
  const width = sizeOf(sizes.target)
  if (task === 'forecast') return row('forecast', ['B', sizes.longestTarget, width], 'task')
  return row('logits', task === 'classify' ? ['B', width] : ['B', 'S', width], 'task')
}

function sizeOf(space: SymbolSpace): number {
  return 'width' in space ? space.width : space.vocabulary
}
