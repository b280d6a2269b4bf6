import { wordMark } from '../../../core/pieces.js'
import { charsmapReplacer } from './charsmap.js'
import type { TextRules } from './state.js'

/** What no character of a text is read as: a mark that the text itself has. It has no piece, so it is cut into its bytes. */
export const writtenMark = '\udc01'

/** Those of a text, and not the second halves of characters such as U+1BC01. */
export const writtenMarks = /\udc01/gu

/** Contractions, letters, digits and other symbols, each with a space before it, as GPT-2 separates them. */
const gpt2 = /'s|'t|'re|'ve|'m|'ll|'d|▁?\p{L}+|▁?\p{N}+|▁?[^\s▁\p{L}\p{N}]+|[\s▁]+(?![^\s▁])|[\s▁]+/gu

/** Text -> words in which `▁` stands for a space; a piece is never longer than a word. Nothing of a text that has none. */
export function wordsOf(rules: TextRules): (text: string) => readonly string[] {
  const steps = (rules.steps ?? []).map(stepOf)
  return (text) => {
    const changed = steps.reduce((sofar, step) => step(sofar), text)
    const parts = rules.spaces === 'all collapsed' ? changed.split(/\s+/u) : [changed]
    return parts.flatMap((part) => cutAtMarks(withMarks(part, rules), rules))
  }
}

function cutAtMarks(marked: string, { words }: TextRules): readonly string[] {
  if (marked === '') return []
  if (words === 'none') return [marked]
  return words === 'gpt-2' ? (marked.match(gpt2) ?? []) : marked.split(/(?=▁)/u)
}

function withMarks(text: string, { spaces, prefix, keepsMarks = false }: TextRules): string {
  const cut = spaces === 'collapsed' ? text.replaceAll(/ +/g, ' ').replaceAll(/^ | $/g, '') : text
  if (cut === '') return ''
  const marked = cut.replaceAll(wordMark, keepsMarks ? wordMark : writtenMark).replaceAll(' ', wordMark)
  const isPrefixed = prefix === 'always' || (prefix === 'unless marked' && !marked.startsWith(wordMark))
  return isPrefixed ? wordMark + marked : marked
}

type Step = NonNullable<TextRules['steps']>[number]

function stepOf(step: Step): (text: string) => string {
  if ('form' in step) return (text) => text.normalize(step.form)
  return 'charsmap' in step ? charsmapReplacer(step.charsmap) : lowercase
}

/** As Hugging Face's tokenizers: each character by itself, so that a sigma at the end of a word is as any other (ΟΔΟΣ -> οδοσ). */
function lowercase(text: string): string {
  return Array.from(text, (character) => character.toLowerCase()).join('')
}
