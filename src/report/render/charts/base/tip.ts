/** What a tooltip says of one mark of a chart, as plain text: the page makes elements of it. */
export interface Tip {
  /** Of the mark, or what marks of several series have in common: a step, a bin of lengths. */
  readonly heading: string
  /** Of the series, with the swatch of its legend. */
  readonly series?: { readonly name: string; readonly colourIndex: number; readonly kind: 'line' | 'dot' }
  readonly lines: readonly string[]
}

/** A row of a series' data with what its tooltip says. */
export function tipped<Value>(value: Value, tip: Tip | undefined): { value: Value; tip?: Tip } {
  return tip === undefined ? { value } : { value, tip }
}

/** The tips of what ECharts passes to a tooltip's formatter: a mark, or one of each series. */
export function tipsOf(marks: unknown): Tip[] {
  return (Array.isArray(marks) ? marks : [marks]).flatMap((mark: unknown) => {
    const data = mark instanceof Object && 'data' in mark ? mark.data : undefined
    return data instanceof Object && 'tip' in data && isTip(data.tip) ? [data.tip] : []
  })
}

function isTip(tip: unknown): tip is Tip {
  return tip instanceof Object && 'heading' in tip && 'lines' in tip && Array.isArray(tip.lines)
}
