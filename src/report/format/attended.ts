/**
 * What an alignment's columns are: the source's symbols, after the features where these are positions of the source too. A
 * source that was cut has fewer columns than symbols.
 */
export function attendedSymbols({
  source,
  features = [],
  alignment = [],
}: {
  readonly source: readonly string[]
  readonly features?: readonly string[]
  readonly alignment?: readonly (readonly number[])[]
}): readonly string[] {
  const columns = alignment[0]?.length ?? 0
  return columns > source.length && features.length > 0 ? [...features, ...source].slice(0, columns) : source
}
