import { type TagFacts, tagParts } from './tags.js'

/** How tags mark where spans begin and end, each with the letters that precede the hyphen. */
export const schemes = {
  none: '',
  iob1: 'BI',
  iob2: 'BI',
  iobes: 'BIES',
  bilou: 'BILU',
  bmes: 'BMES',
} as const

export type TagScheme = keyof typeof schemes

/** The scheme of tags, or why there is none that they follow. */
export type Detected = { readonly scheme: TagScheme } | { readonly unfit: string; readonly hint?: string }

const known = 'BIESLUM'

/** Letters and other prefixes that tags have; none where they are plain labels. */
export function prefixesOf({ prefixed, bare, plain }: TagFacts, outside: string): readonly string[] {
  const alone = Object.keys(bare).filter((letter) => letter !== outside)
  const joined = Object.keys(prefixed)
  if (joined.some((prefix) => isKnown(prefix))) return [...new Set([...joined, ...alone])]
  const others = Object.keys(plain).filter((tag) => tag !== outside)
  return joined.length === 0 && others.length === 0 && alone.includes('B') ? alone : []
}

/**
 * The scheme that training tags follow. With B and I alone it is IOB2 if every span begins with B, IOB1 if B is only where
 * a span follows one of its type (Tjong Kim Sang & Veenstra 1999).
 */
export function detectScheme(facts: TagFacts, outside: string): Detected {
  const prefixes = prefixesOf(facts, outside)
  const unknown = prefixes.filter((prefix) => !isKnown(prefix))
  if (unknown.length > 0) return { unfit: `some tags have a prefix of no scheme (${unknown.join(', ')})` }
  const within = (scheme: TagScheme) => prefixes.every((prefix) => schemes[scheme].includes(prefix))
  if (prefixes.length === 0) return { scheme: 'none' }
  if (within('iob2')) return iobOf(facts)
  const scheme = (['iobes', 'bilou', 'bmes'] as const).find(within)
  if (scheme !== undefined) return { scheme }
  return { unfit: `the prefixes of the tags (${prefixes.join(', ')}) are of no one scheme` }
}

/**
 * Where tags follow no scheme, what looks like the marks of one in another notation: `b- and i-`, `B_ and I_`, `-B and -I`.
 * Undefined where nothing does.
 */
export function otherNotation({ prefixed, plain, suffixed = {} }: TagFacts): string | undefined {
  const marks = new Set([
    ...Object.keys(prefixed).map((prefix) => `${prefix}-`),
    ...Object.keys(suffixed).map((suffix) => `-${suffix}`),
    ...Object.keys(plain).flatMap((tag) =>
      [/^[bi][^\p{L}\p{N}](?=.)/iu, /(?<=.)[^\p{L}\p{N}][bi]$/iu].flatMap((mark) => mark.exec(tag) ?? []),
    ),
  ])
  const begins = [...marks].find((mark) => /^b.$|^.b$/iu.test(mark) && marks.has(insideOf(mark)))
  return begins === undefined ? undefined : `${begins} and ${insideOf(begins)}`
}

/** `b_` to `i_`, `-B` to `-I`. */
function insideOf(begins: string): string {
  return begins.replace('b', 'i').replace('B', 'I')
}

function iobOf({ after }: TagFacts): Detected {
  if (after.I.other === 0) return { scheme: 'iob2' }
  if (after.B.other === 0) return { scheme: 'iob1' }
  return {
    unfit: `the training tags are neither IOB2 (${after.I.other} of ${after.I.like + after.I.other} I begin a span) nor IOB1 (${after.B.other} of ${after.B.like + after.B.other} B do not follow a span of their type)`,
    hint: 'correct the tags, or say which they are meant to be: scheme: iob2, or iob1',
  }
}

function isKnown(prefix: string): boolean {
  return prefix.length === 1 && known.includes(prefix)
}

/** A tag by the letters of IOBES, whatever its scheme's own letters are. */
export interface SpanTag {
  readonly prefix: 'B' | 'I' | 'E' | 'S' | 'O'
  readonly type: string
}

export const outsideTag: SpanTag = { prefix: 'O', type: '' }

const letters: Readonly<Record<string, SpanTag['prefix']>> = { B: 'B', I: 'I', E: 'E', S: 'S', M: 'I', L: 'E', U: 'S' }

/** A function from tags to what they mark. A tag without one of the scheme's letters continues a span of the same tag. */
export function readTags(scheme: TagScheme, outside: string): (tags: readonly string[]) => readonly SpanTag[] {
  const read = (tag: string): SpanTag => {
    if (tag === outside) return outsideTag
    const { prefix = '', type } = tagParts(tag)
    const letter = isKnown(prefix) && readable(scheme).includes(prefix) ? letters[prefix] : undefined
    return letter === undefined ? { prefix: 'I', type: tag } : { prefix: letter, type }
  }
  return (tags) => tags.map(read)
}

/** Spans that lenient counting finds do not depend on which of the IOB schemes it is, so their letters are read alike. */
function readable(scheme: TagScheme): string {
  return scheme === 'iob1' || scheme === 'iob2' ? schemes.iobes : schemes[scheme]
}
