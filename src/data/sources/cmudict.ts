import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
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
      const file = createRequire(import.meta.url).resolve('cmu-pronouncing-dictionary')
      return { train: entriesIn(await readFile(file, 'utf8')) }
    },
  }),
})

/** `"read(1)": "R EH1 D",`: another reading of `read`; what follows a `#` is a comment. */
const entry = /^ *"((.+?)(?:\(\d+\))?)": *"([^"#]*?) *(?:#[^"]*)?",?$/gm

/**
 * The entries of the package's module, read as text: to run its literal of 135,000 keys takes three times as long. Digits
 * mark stress.
 */
function* entriesIn(module: string): Iterable<RawExample> {
  for (const [, key = '', source = '', spoken = ''] of module.matchAll(entry)) {
    yield { source, target: spoken.replace(/\d/g, ''), where: `cmudict "${key}"` }
  }
}
