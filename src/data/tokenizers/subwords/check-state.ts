import { charsmapReplacer } from './charsmap.js'
import type { SubwordState } from './state.js'

/** What is wrong with a state that fits its schema, in words; undefined where nothing is. */
export function stateProblem({ algorithm, pieces, scores, merges = [], text }: SubwordState): string | undefined {
  const seen = new Set<string>()
  const twice = pieces.find((piece) => seen.has(piece) || !seen.add(piece))
  if (twice !== undefined) return `has the piece ${JSON.stringify(twice.slice(0, 40))} twice`
  if (algorithm === 'unigram' && scores === undefined) return 'has no scores of its pieces'
  if (scores !== undefined && scores.length !== pieces.length)
    return `has ${scores.length} scores for ${pieces.length} pieces`
  const step = merges.findIndex(([left, right]) => {
    const [first, second] = [pieces[left], pieces[right]]
    return first === undefined || second === undefined || !seen.has(first + second)
  })
  if (step !== -1) return `has a merge of pieces that it does not have (step ${step + 1})`
  const maps = (text.steps ?? []).flatMap((one) => ('charsmap' in one ? [one.charsmap] : []))
  return maps.every(isCharsmap) ? undefined : 'has normalisation rules that cannot be read'
}

function isCharsmap(base64: string): boolean {
  try {
    charsmapReplacer(base64)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
