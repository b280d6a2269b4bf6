import { wordMark } from '../../../core/pieces.js'
import type { TextRules } from './state.js'

/** What no character of a text is read as: a mark that the text itself has. It has no piece, so it is cut into its bytes. */
export const writtenMark = '\udc01'

/** Contractions, letters, digits and other symbols, each with a space before it, as GPT-2 separates them. */
const gpt2 = /'s|'t|'re|'ve|'m|'ll|'d|▁?\p{L}+|▁?\p{N}+|▁?[^\s▁\p{L}\p{N}]+|[\s▁]+(?![^\s▁])|[\s▁]+/gu

/** Text -> words in which `▁` stands for a space; a piece is never longer than a word. Nothing of a text that has none. */
export function wordsOf(rules: TextRules): (text: string) => readonly string[] {
  const steps = (rules.steps ?? []).map(stepOf)
  return (text) => {
    const marked = withMarks(
      steps.reduce((changed, step) => step(changed), text),
      rules,
    )
    if (marked === '') return []
    if (rules.words === 'none') return [marked]
    return rules.words === 'gpt-2' ? (marked.match(gpt2) ?? []) : marked.split(/(?=▁)/u)
  }
}

function withMarks(text: string, { spaces, prefix, keepsMarks = false }: TextRules): string {
  const cut = collapsed(text, spaces)
  if (cut === '') return ''
  const marked = cut.replaceAll(wordMark, keepsMarks ? wordMark : writtenMark).replaceAll(' ', wordMark)
  const isPrefixed = prefix === 'always' || (prefix === 'unless marked' && !marked.startsWith(wordMark))
  return isPrefixed ? wordMark + marked : marked
}

function collapsed(text: string, spaces: TextRules['spaces']): string {
  if (spaces === 'kept') return text
  return text.replaceAll(spaces === 'collapsed' ? / +/g : /\s+/gu, ' ').replaceAll(/^ | $/g, '')
}

type Step = NonNullable<TextRules['steps']>[number]

function stepOf(step: Step): (text: string) => string {
  if ('form' in step) return (text) => text.normalize(step.form)
  return 'replace' in step ? replacer(step.replace) : (text) => text.toLowerCase()
}

/** The longest string that has a replacement is replaced, from the left. */
function replacer(replacements: Readonly<Record<string, string>>): (text: string) => string {
  const longest = new Map<string, number>()
  for (const key of Object.keys(replacements)) {
    const first = String.fromCodePoint(key.codePointAt(0) ?? 0)
    longest.set(first, Math.max(key.length, longest.get(first) ?? 0))
  }
  return (text) => {
    let replaced = ''
    for (let at = 0; at < text.length; ) {
      const first = String.fromCodePoint(text.codePointAt(at) ?? 0)
      let length = Math.min(longest.get(first) ?? 0, text.length - at)
      while (length > 0 && !Object.hasOwn(replacements, text.slice(at, at + length))) length -= 1
      replaced += length > 0 ? replacements[text.slice(at, at + length)] : first
      at += length > 0 ? length : first.length
    }
    return replaced
  }
}
