import { isJsonObject } from '../../../core/json.js'
import { wordMark } from '../../../core/pieces.js'
import { encodeCharsmap } from './charsmap.js'
import type { TextRules } from './state.js'

type Json = Readonly<Record<string, unknown>>

/** What is read so far; text rules and whether words are cut into their bytes. */
interface Rules {
  readonly text: TextRules
  readonly byteLevel: boolean
}

type Change = (rules: Rules) => Rules

/** The normalizer and the pre-tokenizer of a tokenizer.json as rules here, or why there are none for them. */
export function textRulesOf(normalizer: unknown, preTokenizer: unknown): Rules | string {
  const before: Rules = {
    text: { spaces: 'kept', keepsMarks: true, prefix: 'never', words: 'none' },
    byteLevel: false,
  }
  const changes = [...stepsOf(normalizer, 'normalizers'), ...stepsOf(preTokenizer, 'pretokenizers')].map(changeOf)
  const refused = changes.find((change) => typeof change === 'string')
  if (refused !== undefined) return refused
  return changes.reduce<Rules>((rules, change) => (typeof change === 'string' ? rules : change(rules)), before)
}

/** A sequence's steps, or the one step. */
function stepsOf(value: unknown, key: string): readonly unknown[] {
  if (value === null || value === undefined) return []
  if (!isJsonObject(value) || value.type !== 'Sequence') return [value]
  const steps = value[key]
  return Array.isArray(steps) ? steps : [steps]
}

function changeOf(step: unknown): Change | string {
  if (!isJsonObject(step) || typeof step.type !== 'string') return 'is no tokenizer.json, or is damaged'
  return changes[step.type]?.(step) ?? `has a step that is not supported: ${JSON.stringify(step).slice(0, 80)}`
}

const changes: Readonly<Record<string, (step: Json) => Change | undefined>> = {
  NFC: () => withStep({ form: 'NFC' }),
  NFD: () => withStep({ form: 'NFD' }),
  NFKC: () => withStep({ form: 'NFKC' }),
  NFKD: () => withStep({ form: 'NFKD' }),
  Lowercase: () => withStep({ lowercase: true }),
  Precompiled: ({ precompiled_charsmap: base64 }) => {
    const charsmap = typeof base64 === 'string' ? encodeCharsmap(Buffer.from(base64, 'base64')) : undefined
    return charsmap === undefined ? undefined : withStep({ charsmap })
  },
  Prepend: ({ prepend }) => (prepend === wordMark ? withText({ prefix: 'always' }) : undefined),
  Replace: ({ pattern, content }) => {
    if (!isJsonObject(pattern)) return undefined
    if (pattern.String === ' ' && content === wordMark) return withText({})
    return pattern.Regex === ' {2,}' && (content === ' ' || content === wordMark)
      ? withText({ spaces: 'collapsed' })
      : undefined
  },
  WhitespaceSplit: () => withText({ spaces: 'all collapsed' }),
  Metaspace: metaspace,
  ByteLevel:
    ({ add_prefix_space: prefixed, use_regex: split }) =>
    (rules) => ({
      text: {
        ...rules.text,
        keepsMarks: false,
        prefix: prefixed === true ? 'unless marked' : 'never',
        words: split === false ? 'none' : 'gpt-2',
      },
      byteLevel: true,
    }),
}

/** Earlier versions have `add_prefix_space` in place of `prepend_scheme`. */
function metaspace({
  replacement,
  prepend_scheme: scheme,
  add_prefix_space: prefixed,
  split,
}: Json): Change | undefined {
  if (replacement !== wordMark) return undefined
  const isPrefixed = typeof scheme === 'string' ? scheme !== 'never' : prefixed !== false
  return withText({ ...(isPrefixed && { prefix: 'unless marked' }), words: split === false ? 'none' : 'marks' })
}

function withText(change: Partial<TextRules>): Change {
  return (rules) => ({ ...rules, text: { ...rules.text, ...change } })
}

function withStep(step: NonNullable<TextRules['steps']>[number]): Change {
  return (rules) => ({ ...rules, text: { ...rules.text, steps: [...(rules.text.steps ?? []), step] } })
}
