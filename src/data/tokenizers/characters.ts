import Type from 'typebox'
import { normalised, sideOptions } from './side.js'
import { defineTokenizer } from './types.js'

export const characters = defineTokenizer({
  name: 'characters',
  summary: 'Each character is a token.',
  equations: [],
  source: {
    paper: 'Unicode Standard Annex #29 (graphemes), #15 (normalisation)',
    url: 'https://unicode.org/reports/tr29/',
  },
  options: Type.Object({
    unit: Type.Union([Type.Literal('codepoint'), Type.Literal('grapheme')], {
      default: 'codepoint',
      description: 'What counts as one character: a Unicode code point or a grapheme cluster.',
    }),
    ...sideOptions,
  }),
  joiner: '',
  segments: ({ unit }) => unit === 'grapheme',
  build: ({ unit, normalise }) => {
    if (unit === 'codepoint') return (text) => [...normalised(text, normalise)]
    const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' })
    return (text) => Array.from(segmenter.segment(normalised(text, normalise)), ({ segment }) => segment)
  },
})
