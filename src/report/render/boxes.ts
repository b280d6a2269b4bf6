import type { ModelOptions } from '../../model/options.js'
import type { ModelSizes, SymbolSpace } from '../../model/types.js'
import type { Spec } from '../../spec/types.js'

/** One part of a model in a drawing: what it is, the shape of what it gives, and its place in a grid of two columns. */
export interface Box {
  readonly title: string
  readonly shape: string
  readonly role: 'data' | 'part'
  readonly column: number
  readonly row: number
}

export interface Boxes {
  readonly boxes: readonly Box[]
  /** From one box to another, by their places in `boxes`. */
  readonly arrows: readonly { readonly from: number; readonly to: number }[]
}

type Item = Omit<Box, 'column' | 'row'>
type Sizes = Pick<ModelSizes, 'source' | 'target'>
type Named = Readonly<Record<string, unknown>>

/** The parts of a model in the order of the computation: the source's side in the left column, the target's in the right. */
export function modelBoxes({ model, task }: Pick<Spec, 'model' | 'task'>, sizes: Sizes | undefined): Boxes {
  const left = sourceItems(model, task.type, sizes)
  const right = targetItems(model, sizes)
  // The decoder's first layer stands beside the context (or whatever ends the left column).
  const inputs = right.filter(({ role }) => role === 'data').length + (model.target === undefined ? 0 : 1)
  const rightStart = left.length === 0 ? 0 : Math.max(0, left.length - 1 - inputs)
  const leftStart = right.length === 0 || left.length === 0 ? 0 : Math.max(0, inputs - (left.length - 1))
  const rightColumn = left.length === 0 ? 0 : 1
  const boxes = [
    ...left.map((item, at): Box => ({ ...item, column: 0, row: leftStart + at })),
    ...right.map((item, at): Box => ({ ...item, column: rightColumn, row: rightStart + at })),
  ]
  return { boxes, arrows: arrowsOf(left.length, right.length, inputs, model) }
}

function arrowsOf(left: number, right: number, inputs: number, model: ModelOptions) {
  const chain = (start: number, length: number) =>
    Array.from({ length: Math.max(0, length - 1) }, (_, at) => ({ from: start + at, to: start + at + 1 }))
  const decoder = left + inputs
  const across =
    left > 0 && right > 0
      ? [
          { from: left - 1, to: decoder },
          ...(model.context?.from === 'attention' ? [{ from: decoder, to: left - 1 }] : []),
        ]
      : []
  return [...chain(0, left), ...chain(left, right), ...across]
}

function sourceItems(model: ModelOptions, task: string, sizes: Sizes | undefined): Item[] {
  if (model.encoder === undefined && model.source === undefined) return []
  const steps = 'B, S'
  const width = outputSize(model)
  const ends: Item[] = model.decoder === undefined ? [headItem(task, sizes?.target ?? sizes?.source)] : []
  return [
    { title: 'source', shape: spaceShape(steps, sizes?.source), role: 'data' },
    ...(model.source === undefined ? [] : [representationItem(model.source.representation, steps, sizes?.source)]),
    ...layers('encoder', model.encoder, steps, width),
    ...contextItems(model, width),
    ...ends,
  ]
}

function targetItems(model: ModelOptions, sizes: Sizes | undefined): Item[] {
  if (model.decoder === undefined) return []
  const given =
    model.target === undefined ? [] : [representationItem(model.target.representation, 'B, T', sizes?.target)]
  return [
    { title: 'previous symbol', shape: spaceShape('B, T', sizes?.target), role: 'data' },
    ...given,
    ...layers('decoder', model.decoder, 'B, T', model.decoder.hidden),
    { title: 'softmax', shape: `[B, T, ${spaceSize(sizes?.target, 'V_t')}]`, role: 'part' },
  ]
}

function headItem(task: string, space: SymbolSpace | undefined): Item {
  const each = task === 'classify' ? 'B' : task === 'forecast' ? 'B, horizon' : 'B, S'
  const title = task === 'forecast' ? 'linear' : 'softmax'
  return { title: `${title} (${task})`, shape: `[${each}, ${spaceSize(space, 'V_t')}]`, role: 'part' }
}

function representationItem(representation: Named, steps: string, space: SymbolSpace | undefined): Item {
  const size = typeof representation.size === 'number' ? representation.size : spaceSize(space, 'E')
  return { title: String(representation.type), shape: `[${steps}, ${size}]`, role: 'part' }
}

function layers(
  side: string,
  options: ModelOptions['encoder'] | ModelOptions['decoder'],
  steps: string,
  width: number,
): Item[] {
  if (options === undefined) return []
  const both = 'bidirectional' in options && options.bidirectional
  return Array.from({ length: options.layers }, (_, at) => ({
    title: `${side}${options.layers > 1 ? ` ${at + 1}` : ''}: ${both ? 'bi-' : ''}${options.cell.type}`,
    shape: `[${steps}, ${width}]`,
    role: 'part' as const,
  }))
}

function contextItems(model: ModelOptions, width: number): Item[] {
  const context: (Named & { readonly from: string }) | undefined = model.context
  if (context === undefined) return []
  const scorer = context.scorer as Named | undefined
  const title = scorer === undefined ? `C: ${context.from}` : `C: ${String(scorer.type)} attention`
  const size = contextSize(context, width)
  return [{ title, shape: context.from === 'attention' ? `[B, T, ${size}]` : `[B, ${size}]`, role: 'part' }]
}

/** A transform may declare its own size. */
function contextSize(context: Named, width: number): number {
  const map = context.map as Named | undefined
  return typeof map?.size === 'number' ? map.size : width
}

/** D: an encoder output's size. */
function outputSize({ encoder }: ModelOptions): number {
  if (encoder === undefined) return 0
  const combine = (encoder as Named).combine
  return encoder.bidirectional && combine !== 'sum' ? 2 * encoder.hidden : encoder.hidden
}

function spaceShape(steps: string, space: SymbolSpace | undefined): string {
  if (space === undefined) return `[${steps}]`
  return 'width' in space ? `[${steps}, ${space.width}]` : `[${steps}] of ${space.vocabulary} symbols`
}

function spaceSize(space: SymbolSpace | undefined, unknown: string): string {
  if (space === undefined) return unknown
  return String('width' in space ? space.width : space.vocabulary)
}
