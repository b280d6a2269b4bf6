import Type from 'typebox'
import { sideOptions } from './side.js'
import { defineTokenizer } from './types.js'

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' })

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
    normalise: Type.Union([Type.Literal('none'), Type.Literal('NFC'), Type.Literal('NFD')], {
      default: 'none',
      description: 'Unicode normalisation before splitting.',
    }),
    ...sideOptions,
  }),
  joiner: '',
  build:
    ({ unit, normalise }) =>
    (text) => {
      const normal = normalise === 'none' ? text : text.normalize(normalise)
      return unit === 'codepoint' ? [...normal] : Array.from(segmenter.segment(normal), ({ segment }) => segment)
    },
})
