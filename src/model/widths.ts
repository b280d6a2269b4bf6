import type { Problem } from '../core/errors.js'
import { type Axis, units } from './axes.js'

/** The size of the hidden state of each layer: one number for all, or one for each from the bottom. */
export type Hidden = number | readonly number[]

/**
 * Size of the hidden state of the layer at `index`, counted from 0 at the bottom. A list that is too short, which
 * `widthProblems` refuses, goes on with its last size, so that the other rules can look at the rest.
 */
export function hiddenAt(hidden: Hidden, index: number): number {
  return typeof hidden === 'number' ? hidden : (hidden[index] ?? hidden.at(-1) ?? 1)
}

/** H of the layer at `index`. */
export function hiddenAxis({ hidden }: { readonly hidden: Hidden }, index: number): Axis {
  return units('H', hiddenAt(hidden, index))
}

/** H of the top layer: what a decoder's output and the query of its attention are. */
export function topAxis({ hidden }: { readonly hidden: Hidden }): Axis {
  return units('H', typeof hidden === 'number' ? hidden : (hidden.at(-1) ?? 1))
}

/** `256`, or `256, 128`. */
export function widthsText(hidden: Hidden): string {
  return typeof hidden === 'number' ? String(hidden) : hidden.join(', ')
}

/** A list that does not give a size to each layer, or sizes that a residual connection cannot add. `path`: of the section. */
export function widthProblems(
  { hidden, layers, residual }: { readonly hidden: Hidden; readonly layers: number; readonly residual: boolean },
  path: string,
): Problem[] {
  if (typeof hidden === 'number') return []
  if (hidden.length !== layers) {
    const message = `hidden gives a size to each layer, from the bottom, and there ${layers === 1 ? 'is 1 layer' : `are ${layers} layers`}`
    const hint = `Set ${path}.layers to ${hidden.length}, or write one size for all layers.`
    const expected = layers === 1 ? 'one size' : `${layers} sizes, or one for all`
    return [
      {
        path: `${path}.hidden`,
        message,
        expected,
        received: `${hidden.length} size${hidden.length === 1 ? '' : 's'}`,
        hint,
      },
    ]
  }
  if (!residual || new Set(hidden).size === 1) return []
  const message = 'a residual connection adds what a layer reads to what it gives, so all layers need one size'
  return [{ path: `${path}.residual`, message, expected: 'false, or one hidden size', received: widthsText(hidden) }]
}
