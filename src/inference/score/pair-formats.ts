/** How the pairs of a file are written: by lines, or as the run's own source has them. */
export const pairFormats = ['tsv', 'csv', 'jsonl', 'text', 'source'] as const
export type PairFormat = (typeof pairFormats)[number]
