import type { RecordedGroup, StudyRecord } from './record.js'

// Labels of variants say every setting that the study names; pages leave out what all variants of a group have in common.

/** A label's parts at its outermost level: `copy(n=2, m=3), gru` has two. */
export function labelParts(label: string): string[] {
  const parts: string[] = []
  let [depth, part] = [0, '']
  for (const character of label) {
    if ('([{'.includes(character)) depth++
    if (')]}'.includes(character)) depth--
    if (character === ',' && depth === 0) {
      parts.push(part.trim())
      part = ''
    } else part += character
  }
  return [...parts, part.trim()]
}

/** What tells a variant from the others of its group: without repetitions, and without what all are wrapped in. */
export function shortLabel(group: RecordedGroup, label: string): string {
  const shared = sharedParts(group)
  const own = (of: string) => {
    const parts = labelParts(of).filter((part) => !shared.includes(part))
    return parts.length === 0 ? of : [...new Set(parts)].flatMap(switchName).join(', ')
  }
  const all = group.variants.map((variant) => own(variant.label))
  const wrapped = wrapping(all)
  return wrapped === undefined ? own(label) : own(label).slice(wrapped.length, -1)
}

/** `bidirectional=true` is `bidirectional`, and of `bidirectional=false` nothing is said. */
function switchName(part: string): string[] {
  if (part.endsWith('=false')) return []
  return [part.replace(/=true$/, '')]
}

/** `attention(scorer=`, where all labels begin so and end with its bracket. */
function wrapping(labels: readonly string[]): string | undefined {
  const found = labels.map((label) => /^[\w-]+\((?:\w+=)?(?=.*\)$)/.exec(label)?.[0])
  const [first] = found
  const isOne = (label: string) =>
    labelParts(label).length === 1 && labelParts(label.slice(label.indexOf('(') + 1, -1)).length === 1
  return labels.length > 1 && found.every((each) => each === first) && labels.every(isOne) ? first : undefined
}

/** What all variants of a group have in common, by the names of its parts alone; '' where there is nothing. */
export function groupName(group: RecordedGroup): string {
  return sharedParts(group)
    .map((part) => part.replace(/\(.*$/, ''))
    .join(', ')
}

function sharedParts({ variants }: RecordedGroup): string[] {
  const [first = [], ...others] = variants.map(({ label }) => labelParts(label))
  return first.filter((part) => others.every((parts) => parts.includes(part)) && variants.length > 1)
}

/** A side of a claim: a label, or its settings without repetitions. */
export function sideName(record: StudyRecord, side: string | Readonly<Record<string, unknown>>): string {
  if (typeof side !== 'string') return [...new Set(Object.entries(side).flatMap(settingName))].join(', ')
  const group = record.groups.find(({ variants }) => variants.some(({ label }) => label === side))
  return group === undefined ? side : shortLabel(group, side)
}

/** `gru`; of what says nothing by itself with its name: `layers=2`. */
function settingName([path, value]: [string, unknown]): string[] {
  return typeof value === 'string' ? [value] : switchName(`${path.split('.').at(-1)}=${JSON.stringify(value)}`)
}
