import type { ScoredPair } from './score-lines.js'

export const scoreFormats = ['tsv', 'jsonl'] as const
export type ScoreFormat = (typeof scoreFormats)[number]

/** The first line of the output, where the format has one. */
export function scoreHead(format: ScoreFormat): string {
  return format === 'tsv' ? 'line\tscore\tper symbol\tsymbols\tskipped\n' : ''
}

/** A pair's score as a line: the log probability in nats, its mean over the symbols (the end among them), how many they are. */
export function scoreLine(result: ScoredPair, format: ScoreFormat): string {
  if (format === 'jsonl') return `${JSON.stringify(jsonOf(result))}\n`
  const { number } = result
  if ('skipped' in result) return `${number}\t\t\t0\t${result.skipped.replaceAll(/[\r\n\t]+/g, ' ')}\n`
  const { score, logProbs } = result.scored
  return `${number}\t${score}\t${score / logProbs.length}\t${logProbs.length}\t\n`
}

function jsonOf(result: ScoredPair): object {
  if ('skipped' in result) return { line: result.number, skipped: result.skipped }
  const { number, scored } = result
  const { score, symbols, logProbs, source, unknown, alignment } = scored
  return {
    ...{ line: number, score, perSymbol: score / logProbs.length, symbols, logProbs, unknown },
    ...(alignment && { source, alignment }),
  }
}
