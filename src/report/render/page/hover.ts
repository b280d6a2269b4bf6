/** What a page's script says of a chart of lines at each of its x values. */
export interface Hover {
  /** Name of the horizontal axis. */
  readonly x: string
  /** The axis ends here; it begins at 0. */
  readonly last: number
  /** Pixels between the drawing's edges and the plot. */
  readonly left: number
  readonly right: number
  readonly series: readonly {
    readonly name: string
    /** x, the value, and how it is written. */
    readonly points: readonly (readonly [x: number, y: number, text: string])[]
  }[]
}
