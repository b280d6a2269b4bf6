import { noOptions } from '../../core/part.js'
import { defineExampleSource, type RawExample } from './types.js'

export const cmudict = defineExampleSource({
  name: 'cmudict',
  summary: 'English words and their phonemes without stress marks (CMU Pronouncing Dictionary, from npm).',
  equations: [],
  source: {
    paper: 'The CMU Pronouncing Dictionary, version 0.7b',
    url: 'http://www.speech.cs.cmu.edu/cgi-bin/cmudict',
  },
  options: noOptions,
  gives: 'pairs',
  build: () => ({
    brings: { dev: false, test: false },
    read: async () => {
      const { dictionary } = await import('cmu-pronouncing-dictionary')
      return { train: Object.entries(dictionary).map(toExample) }
    },
  }),
})

/** `read(1)` is another reading of `read`; what follows a `#` is a comment; digits mark stress. */
function toExample([key, pronunciation]: [string, string]): RawExample {
  const spoken = pronunciation.includes('#') ? pronunciation.replace(/#.*$/, '').trim() : pronunciation.trim()
  const source = key.endsWith(')') ? key.replace(/\(\d+\)$/, '') : key
  return { source, target: spoken.replace(/\d/g, ''), where: `cmudict "${key}"` }
}
