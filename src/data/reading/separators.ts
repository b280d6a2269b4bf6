import { type CsvRecord, otherSeparator } from '../csv.js'
import { dataError } from '../data-error.js'

/** What may be wrong with a table of one column: a header whose names have something else between them. */
export function ofOneColumn({ cells }: Pick<CsvRecord, 'cells'>, separator: string, set: (mark: string) => string) {
  const [only = '', ...others] = cells
  const other = others.length > 0 ? undefined : otherSeparator(only, separator)
  return other === undefined
    ? undefined
    : `are the columns separated by ${JSON.stringify(other)}? ${set(JSON.stringify(other))}`
}

/** Throws SeqlabError 'data' where a table begins with the line that tells Excel its separator (`sep=;`). */
export function refuseSeparatorLine({ line, cells }: CsvRecord, separator: string, file: string): void {
  const text = cells.join(separator)
  const [, mark] = /^sep=(.)$/i.exec(text) ?? []
  if (mark === undefined) return
  const set = mark === separator ? '' : `, and set \`separator: ${JSON.stringify(mark)}\``
  throw dataError({ file, line }, `${JSON.stringify(text)} is no record: it tells Excel what separates the columns`, {
    hint: `remove the line${set}`,
  })
}
