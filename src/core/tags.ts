/** What tells one tag scheme (IOB1, IOB2, IOBES, ...) from another, counted over the training tags. */
export interface TagFacts {
  /** Tags of the form `B-x`, by what precedes the hyphen. */
  readonly prefixed: Readonly<Record<string, number>>
  /** Tags that are one of B, I, E, S, L, U, M alone, as in Chinese word segmentation. */
  readonly bare: Readonly<Record<string, number>>
  /** All others (O, usually), the most frequent ones first. */
  readonly plain: Readonly<Record<string, number>>
  /** Of the first kind, those whose hyphen is before a letter alone (`x-B`), by that letter; absent where there are none. */
  readonly suffixed?: Readonly<Record<string, number>>
  /** B and I by what precedes them: B or I of the same type, or anything else. */
  readonly after: { readonly I: Preceding; readonly B: Preceding }
}

interface Preceding {
  readonly like: number
  readonly other: number
}

/** Distinct tags that are counted of a kind: enough for messages, and a record stays small. */
const tagsCounted = 30

const letters = /^[BIESLUM]$/

/** A tag as written: `B-x` is prefix B and type x; a letter alone is a prefix without a type; others have no prefix. */
export function tagParts(tag: string): { readonly prefix?: string; readonly type: string } {
  const hyphen = tag.indexOf('-')
  if (hyphen > 0) return { prefix: tag.slice(0, hyphen), type: tag.slice(hyphen + 1) }
  return letters.test(tag) ? { prefix: tag, type: '' } : { type: tag }
}

/** Counts what tag schemes differ in, over rows of tags. */
export function tagFacts(rows: Iterable<readonly string[]>): TagFacts {
  const counts = { prefixed: new Map(), bare: new Map(), plain: new Map(), suffixed: new Map() } satisfies Record<
    string,
    Counts
  >
  const after = { I: { like: 0, other: 0 }, B: { like: 0, other: 0 } }
  for (const row of rows) {
    let before: ReturnType<typeof tagParts> = { type: '' }
    for (const tag of row) {
      const parts = tagParts(tag)
      const { prefix, type } = parts
      if (prefix === undefined) add(counts.plain, tag)
      else add(prefix === tag ? counts.bare : counts.prefixed, prefix)
      const [suffix] = prefix === undefined ? [] : (/(?<=-)[BIESLUM]$/.exec(tag) ?? [])
      if (suffix !== undefined) add(counts.suffixed, suffix)
      if (prefix === 'I' || prefix === 'B') {
        const like = (before.prefix === 'I' || before.prefix === 'B') && before.type === type
        after[prefix][like ? 'like' : 'other'] += 1
      }
      before = parts
    }
  }
  const { prefixed, bare, plain, suffixed } = counts
  return {
    prefixed: mostFrequent(prefixed),
    bare: mostFrequent(bare),
    plain: mostFrequent(plain),
    ...(suffixed.size > 0 && { suffixed: mostFrequent(suffixed) }),
    after,
  }
}

type Counts = Map<string, number>

function add(counts: Counts, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

function mostFrequent(counts: Counts): Record<string, number> {
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a).slice(0, tagsCounted))
}
