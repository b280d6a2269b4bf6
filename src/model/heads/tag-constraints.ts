import { detectScheme, readTags, type SpanTag, type TagScheme } from '../../core/tag-schemes.js'
import type { AllowedLabels, LabelNames } from './types.js'

/** The tag of tokens outside any span; other tags without a prefix are taken like it. */
const outside = 'O'

/**
 * The labels that the scheme of the training tags (IOB1, IOB2, IOBES, BILOU, BMES, found by their prefixes) allows one after
 * the other, first and last; none where tags follow no scheme, or where it is not known how training writes them.
 */
export function allowedTags({ symbols, tags }: LabelNames): AllowedLabels | undefined {
  const scheme = tags === undefined ? undefined : schemeOf(tags)
  if (scheme === undefined || scheme === 'none') return undefined
  const marked = markedBy(scheme, symbols)
  const pairs = marked.flatMap((before) => marked.map((tag) => follows(scheme, before, tag)))
  const edge: SpanTag = { prefix: 'O', type: '' }
  return {
    transitions: flags(pairs),
    start: flags(marked.map((tag) => follows(scheme, edge, tag))),
    end: flags(marked.map((tag) => follows(scheme, tag, edge))),
  }
}

function schemeOf(tags: NonNullable<LabelNames['tags']>): TagScheme | undefined {
  const detected = detectScheme(tags, outside)
  return 'scheme' in detected ? detected.scheme : undefined
}

/** Labels without a prefix of the scheme are outside any span. */
function markedBy(scheme: TagScheme, symbols: readonly string[]): readonly SpanTag[] {
  const read = readTags(scheme, outside)
  return read(symbols).map((tag, id): SpanTag => {
    const isPlain = tag.prefix === 'I' && tag.type === symbols[id]
    return isPlain ? { prefix: 'O', type: '' } : tag
  })
}

/** Whether a tag may come after another. The ends of a sequence are outside any span. */
function follows(scheme: TagScheme, before: SpanTag, tag: SpanTag): boolean {
  const inside = before.prefix === 'B' || before.prefix === 'I'
  const continues = inside && before.type === tag.type
  if (scheme === 'iob2') return tag.prefix !== 'I' || continues
  if (scheme === 'iob1') return tag.prefix !== 'B' || continues
  return tag.prefix === 'I' || tag.prefix === 'E' ? continues : !inside
}

function flags(allowed: readonly boolean[]): Float32Array {
  return Float32Array.from(allowed, (each) => (each ? 1 : 0))
}
