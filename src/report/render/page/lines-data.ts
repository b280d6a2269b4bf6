import type { Measure } from '../../format/quantity.js'

/** Lines as a page's script draws them: what a picture of them was drawn from, all recorded points. */
export interface LinesData {
  /** Name of the horizontal axis. */
  readonly x: string
  readonly y: Measure
  /** Whether the vertical axis is logarithmic at first. */
  readonly log?: boolean
  /** A labelled vertical line. */
  readonly mark?: { readonly x: number; readonly name: string }
  readonly series: readonly {
    readonly name: string
    /** Of its colour, dash and symbol. */
    readonly colourIndex: number
    readonly points: readonly (readonly [x: number, y: number])[]
  }[]
}
