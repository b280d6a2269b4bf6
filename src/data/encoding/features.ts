import type { DataOptions } from '../options.js'
import type { RawExample } from '../sources/types.js'

/** How an example's features are read: symbols by a separator, composed as labels are; none where the data has none. */
export function featureSymbols(options: DataOptions['features']): (of: Pick<RawExample, 'features'>) => {
  readonly features?: readonly string[]
} {
  if (options === undefined) return () => ({})
  const { separator } = options
  return ({ features = '' }) => {
    const symbols = typeof features === 'string' ? features.split(separator) : features
    const named = symbols.map((symbol) => symbol.trim().normalize('NFC')).filter((symbol) => symbol !== '')
    return { features: named.length === 1 && named[0] === '_' ? [] : named }
  }
}
