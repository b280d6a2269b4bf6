import Type from 'typebox'
import { normalised, sideOptions } from './side.js'
import { defineTokenizer } from './types.js'

export const words = defineTokenizer({
  name: 'words',
  summary:
    "Words by Unicode's rules, with every punctuation mark or other symbol a token of its own: \"Well, don't!\" is Well , don't !",
  equations: [],
  source: {
    paper:
      'Unicode Standard Annex #29 (word boundaries; dictionaries for Chinese, Japanese, Thai, Lao, Khmer, Burmese)',
    url: 'https://unicode.org/reports/tr29/',
  },
  options: Type.Object(sideOptions),
  joiner: ' ',
  segments: () => true,
  build: ({ normalise }) => {
    const segmenter = new Intl.Segmenter('und', { granularity: 'word' })
    return (text) =>
      Array.from(segmenter.segment(normalised(text, normalise)), ({ segment }) => segment).filter(
        (segment) => segment.trim() !== '',
      )
  },
})
