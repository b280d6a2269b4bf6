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

/** `read(1)`: another reading of `read`. */
const reading = /\(\d+\)$/
const space = ' '.charCodeAt(0)

/**
 * The entries of the package's module, a line each, read as text: to run its literal of 135,000 keys takes three times as
 * long, and to match each line with one expression half as long again. `"read(1)": "R EH1 D # comment",`.
 */
function* entriesIn(module: string): Iterable<RawExample> {
  const phonemesOf = phonemeReader()
  for (let start = 0, end = 0; start < module.length; start = end + 1) {
    end = lineEnd(module, start)
    const opening = module.indexOf('"', start)
    const colon = opening < 0 || opening > end ? -1 : module.indexOf('": "', opening + 1)
    if (colon < 0 || colon > end) continue
    const key = module.slice(opening + 1, colon)
    const spoken = withoutComment(module.slice(colon + 4, module.indexOf('"', colon + 4)))
    const source = key.endsWith(')') ? key.replace(reading, '') : key
    yield { source, target: phonemesOf(spoken), where: `cmudict "${key}"` }
  }
}

function lineEnd(text: string, start: number): number {
  const end = text.indexOf('\n', start)
  return end < 0 ? text.length : end
}

function withoutComment(spoken: string): string {
  const comment = spoken.indexOf('#')
  return comment < 0 ? spoken : spoken.slice(0, comment).trimEnd()
}

/**
 * `R EH1 D` -> R, EH, D: digits mark stress. A symbol is looked up by the number that its characters (at most four of
 * ASCII) make: to cut each of the 850,000 out as a string of its own takes twice as long, and they are all kept.
 */
function phonemeReader(): (spoken: string) => readonly string[] {
  const phonemes = new Map<number, string>()
  const spell = (symbol: string, number: number) => {
    const phoneme = symbol.replace(/\d/g, '')
    phonemes.set(number, phoneme)
    return phoneme
  }
  const read: string[] = []
  return (spoken) => {
    read.length = 0
    for (let start = 0, end = 0; start < spoken.length; start = end + 1) {
      let number = 0
      for (end = start; end < spoken.length && spoken.charCodeAt(end) !== space; end++) {
        number = number * 128 + spoken.charCodeAt(end)
      }
      read.push(phonemes.get(number) ?? spell(spoken.slice(start, end), number))
    }
    return read.slice()
  }
}
