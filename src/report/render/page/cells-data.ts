import type { Frame } from './frame.js'

/** What a page's script knows of a heatmap, to say its values and save them. */
export interface CellsData extends Frame {
  readonly columns: readonly string[]
  readonly rows: readonly string[]
  /** By row, over the columns; null where there is none. */
  readonly values: readonly (readonly (number | null)[])[]
  readonly columnName?: string
}
