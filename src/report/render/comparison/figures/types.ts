import type { AxisName } from '../../../analysis/trial/axes.js'
import type { ChartOption, Size } from '../../charts/base/types.js'
import type { FigureParts, TableParts } from '../../page/figure.js'

/** A figure of the comparison; its title is the question that it answers. */
export interface ComparisonFigure extends Omit<FigureParts, 'table' | 'option'> {
  /** `log`: with a logarithmic vertical axis, where it `canBeLog`; `axis`: one of those that it has. */
  option(size: Size & { readonly log?: boolean; readonly axis?: AxisName }): ChartOption
  /** Of a drawing with names at its side, whose lines depend on its width: its height, which `heights` has at two widths. */
  readonly heightAt?: (width: number) => number
  /** Of curves over steps, whose horizontal axis can be zoomed. */
  readonly curves?: {
    /** Whether all values are positive. */
    readonly canBeLog: boolean
    /** What the horizontal axis can count, with what it is called. */
    readonly axes: readonly (readonly [AxisName, string])[]
  }
  /** What the tooltip is for: a step or category of the axis, or a single mark. */
  readonly trigger: 'axis' | 'item'
  /** The same values as a table of texts. */
  readonly table: Pick<TableParts, 'head'> & { readonly rows: readonly (readonly string[])[] }
}

export interface View {
  /** Prefix of the figures' ids, unique in the page. */
  readonly prefix: string
  /** Ids of the variants that are drawn as curves. */
  readonly shown: ReadonlySet<string>
  /** Ids of the variants that pass the filter, of which pictures with a mark for each show all. */
  readonly matching: ReadonlySet<string>
  /** By variant, the index of its colour, dash and symbol: no two of those that are drawn share one while they are few. */
  readonly colours: ReadonlyMap<string, number>
}
