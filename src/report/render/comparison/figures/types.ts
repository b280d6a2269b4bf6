import type { FigureParts, TableParts } from '../../page/figure.js'

/** One picture; its title is the question that it answers. */
export interface Picture extends Omit<FigureParts, 'table'> {
  /** How the pointer asks it: by step or category, or by mark. */
  readonly pointer: 'axis' | 'item'
  /** The same figures as a table of texts. */
  readonly table: Pick<TableParts, 'head'> & { readonly rows: readonly (readonly string[])[] }
}

export interface View {
  /** Prefix of the pictures' ids, unique in the page. */
  readonly prefix: string
  /** Ids of the variants that are drawn. */
  readonly shown: ReadonlySet<string>
}
