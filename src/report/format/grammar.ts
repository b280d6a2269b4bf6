// Grammar of generated sentences.
import { count } from './numbers.js'

/** Letters whose names begin with a vowel sound: an F1, an MAE, an RMSE. */
const vowelLetters = new Set('AEFHILMNORSX')

/** Abbreviations that are spoken as a word; the others are spelled out. */
const spokenAsWords = new Set(['BLEU', 'MASE'])

/** The indefinite article before a word or an abbreviation: an accuracy, a BLEU, an MAE, a PER, a unigram, an f1. */
export function article(words: string): 'a' | 'an' {
  const first = words.split(/[\s(-]/)[0] ?? ''
  const isSpelled = /^([A-Z][A-Z\d]*|[a-z]\d+)$/.test(first) && !spokenAsWords.has(first)
  if (isSpelled) return vowelLetters.has(first.charAt(0).toUpperCase()) ? 'an' : 'a'
  if (/^(uni|use|usu|eu|one$|once$)/i.test(first)) return 'a'
  return /^([aeiou]|hour|honest|heir)/i.test(first) ? 'an' : 'a'
}

/** "an MAE", "a PER". */
export function withArticle(words: string): string {
  return `${article(words)} ${words}`
}

/** "1 seed", "3 seeds"; `plural` where it does not end in s. */
export function counted(number: number, noun: string, plural = `${noun}s`): string {
  return `${count(number)} ${number === 1 ? noun : plural}`
}

/** The form of a verb that goes with a number of things. */
export function agree(number: number, singular: string, plural: string): string {
  return number === 1 ? singular : plural
}

/** "a", "a and b", "a, b and c"; "a=1, b=2; and a=2, b=1" where a word has commas of its own. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('')
  const [comma, and] = words.some((word) => word.includes(', ')) ? ['; ', '; and '] : [', ', ' and ']
  return `${words.slice(0, -1).join(comma)}${and}${words.at(-1)}`
}

/** The first letter in capitals. */
export function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
