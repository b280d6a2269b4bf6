import type { LegendEntry } from '../charts/legend.js'
import type { ChartOption, Size } from '../charts/types.js'

/** One picture; its title is the question that it answers. */
export interface Picture {
  readonly id: string
  readonly title: string
  readonly note?: string
  readonly alternative: string
  readonly heights: { readonly wide: number; readonly narrow: number }
  option(size: Size): ChartOption
  /** Which series is which, where there are several. */
  readonly legend?: readonly LegendEntry[]
  /** How the pointer asks it: by step or category, or by mark. */
  readonly pointer: 'axis' | 'item'
  /** The same figures as a table. */
  readonly table: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }
}

export interface View {
  /** Prefix of the pictures' ids, unique in the page. */
  readonly prefix: string
  /** Ids of the variants that are drawn. */
  readonly shown: ReadonlySet<string>
}
