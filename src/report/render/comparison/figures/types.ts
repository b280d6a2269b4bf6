import type { FigureParts, TableParts } from '../../page/figure.js'

/** A figure of the comparison; its title is the question that it answers. */
export interface ComparisonFigure extends Omit<FigureParts, 'table'> {
  /** What the tooltip is for: a step or category of the axis, or a single mark. */
  readonly trigger: 'axis' | 'item'
  /** The same values as a table of texts. */
  readonly table: Pick<TableParts, 'head'> & { readonly rows: readonly (readonly string[])[] }
}

export interface View {
  /** Prefix of the figures' ids, unique in the page. */
  readonly prefix: string
  /** Ids of the variants that are drawn. */
  readonly shown: ReadonlySet<string>
}
