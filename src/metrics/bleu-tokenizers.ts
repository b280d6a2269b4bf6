import { words } from './text.js'

/** How BLEU cuts text into tokens again, by the names that sacreBLEU has for it. */
export const bleuTokenizers = {
  '13a': (text: string) => words(separated(` ${unescaped(text)} `, western)),
  intl: (text: string) => words(separated(text, international)),
  char: (text: string) => [...text].flatMap(words),
  zh: (text: string) => words(separated(text.replace(chinese, ' $& '), western)),
} as const

type Rule = readonly [pattern: RegExp, replacement: string]

function separated(text: string, rules: readonly Rule[]): string {
  return rules.reduce((line, [pattern, replacement]) => line.replace(pattern, replacement), text)
}

/** mteval-v13a: ASCII signs stand alone; full stop and comma do where no digit is on that side; a dash after a digit does. */
const western: readonly Rule[] = [
  [/[ -&(-+/:-@[-`{-~]/gu, ' $& '],
  [/([^0-9])([.,])/gu, '$1 $2 '],
  [/([.,])([^0-9])/gu, ' $1 $2'],
  [/([0-9])-/gu, '$1 - '],
]

/** mteval-v14: any punctuation stands alone where no number is on that side, any symbol always. */
const international: readonly Rule[] = [
  [/(\P{N})(\p{P})/gu, '$1 $2 '],
  [/(\p{P})(\P{N})/gu, ' $1 $2'],
  [/\p{S}/gu, ' $& '],
]

const entities: readonly (readonly [entity: string, sign: string])[] = [
  ['&quot;', '"'],
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
]

function unescaped(text: string): string {
  const line = text.replaceAll('<skipped>', '').replaceAll('-\n', '').replaceAll('\n', ' ')
  return entities.reduce((known, [entity, sign]) => known.replaceAll(entity, sign), line)
}

/**
 * What sacreBLEU's `zh` takes for a Chinese character: ideographs, Chinese punctuation and full-width forms. Its table means
 * extension B (U+20000 on) and names U+2001 to U+2A6D instead (dashes, quotation marks, arrows, box drawing); so does this.
 */
const chinese =
  /[\u2001-\u2a6d\u2e80-\u2fdf\u2ff0-\u303f\u3100-\u312f\u31a0-\u31ef\u3200-\u4db5\u4e00-\u9fbb\uf900-\ufa2d\ufa30-\ufa6a\ufa70-\ufad9\ufe10-\ufe1f\ufe30-\ufe4f\uff00-\uffef]/gu
