import { outsideTag, type SpanTag, type TagScheme } from '../core/tag-schemes.js'

/** Spans as `type start end`. */
export type FindSpans = (tags: readonly SpanTag[]) => ReadonlySet<string>

/** As conlleval finds them: where tags do not follow their scheme, a change of type begins a span all the same. */
export function lenientSpans(tags: readonly SpanTag[]): ReadonlySet<string> {
  const spans = new Set<string>()
  let start = 0
  let before = outsideTag
  for (const [at, tag] of [...tags, outsideTag].entries()) {
    if (ends(before, tag)) spans.add(`${before.type} ${start} ${at}`)
    if (starts(before, tag)) start = at
    before = tag
  }
  return spans
}

function ends(before: SpanTag, tag: SpanTag): boolean {
  if (before.prefix === 'O') return false
  if (before.prefix === 'E' || before.prefix === 'S') return true
  return tag.prefix === 'B' || tag.prefix === 'S' || tag.prefix === 'O' || before.type !== tag.type
}

function starts(before: SpanTag, tag: SpanTag): boolean {
  if (tag.prefix === 'O') return false
  if (tag.prefix === 'B' || tag.prefix === 'S') return true
  return before.prefix === 'O' || before.prefix === 'E' || before.prefix === 'S' || before.type !== tag.type
}

/** Two tags in a row: the first's prefix, the second's (`.` is any), and whether their types are the same (`=`, `!`, `*` for either). */
type Pattern = `${'O' | 'B' | 'I' | 'E' | 'S' | '.'}${'O' | 'B' | 'I' | 'E' | 'S' | '.'}${'=' | '!' | '*'}`

interface Grammar {
  readonly start: readonly Pattern[]
  readonly inside: readonly Pattern[]
  readonly end: readonly Pattern[]
}

const iob1: Grammar = {
  start: ['OI*', 'II!', 'BI*', 'IB=', 'BB='],
  inside: ['BI=', 'II='],
  end: ['II!', 'IO*', 'IB*', 'BO*', 'BI!', 'BB='],
}
const iob2: Grammar = {
  start: ['.B*'],
  inside: ['BI=', 'II='],
  end: ['IO*', 'II!', 'IB*', 'BO*', 'BI!', 'BB*'],
}
const iobes: Grammar = {
  start: ['.B*', '.S*'],
  inside: ['BI=', 'BE=', 'II=', 'IE='],
  end: ['S.*', 'E.*'],
}
const grammars: Readonly<Record<Exclude<TagScheme, 'none'>, Grammar>> = { iob1, iob2, iobes, bilou: iobes, bmes: iobes }

/** As seqeval's strict mode finds them (its table of patterns): spans that are written as their scheme has it, and no others. */
export function strictSpans(scheme: Exclude<TagScheme, 'none'>): FindSpans {
  const { start, inside, end } = grammars[scheme]
  return (tags) => {
    const all = [...tags, outsideTag]
    const at = (index: number) => all[index] ?? outsideTag
    const spans = new Set<string>()
    for (let index = 0; index < all.length; ) {
      const from = index
      if (!matches(start, at(from - 1), at(from))) {
        index += 1
        continue
      }
      do index += 1
      while (matches(inside, at(index - 1), at(index)))
      if (matches(end, at(index - 1), at(index))) spans.add(`${at(from).type} ${from} ${index}`)
    }
    return spans
  }
}

function matches(patterns: readonly Pattern[], before: SpanTag, tag: SpanTag): boolean {
  return patterns.some(([first, second, types]) => {
    const fits = (letter: string | undefined, prefix: string) => letter === '.' || letter === prefix
    const same = before.type === tag.type
    return fits(first, before.prefix) && fits(second, tag.prefix) && (types === '*' || same === (types === '='))
  })
}
