/** What a page's script knows of a heatmap, to say its values and save them. */
export interface CellsData {
  readonly columns: readonly string[]
  readonly rows: readonly string[]
  /** By row, over the columns; null where there is none. */
  readonly values: readonly (readonly (number | null)[])[]
  readonly columnName?: string
  /** Size of the drawing in pixels, and what is around its cells. */
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}
