// Writes experiments/shapes/stress.tsv: phonemes of English words (CMU Pronouncing Dictionary 0.7b, from the npm package), and the
// stress of each (0 none, 1 main, 2 second, - of a consonant). usage: npx tsx scripts/examples/stress.ts
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { dictionary } from 'cmu-pronouncing-dictionary'

/** Every `step`th word with one pronunciation and at least two vowels, as lines `phonemes<TAB>stresses`; no phonemes twice. */
export function stressFile(step = 20): string {
  const lines = Object.entries(dictionary)
    .filter(
      ([word, spoken]) =>
        !word.includes('(') && !(`${word}(2)` in dictionary) && (spoken.match(/[012]/g) ?? []).length > 1,
    )
    .filter((_, at) => at % step === 0)
    .map(([, spoken]) => {
      const phonemes = (spoken.split('#')[0] ?? '').trim().split(/\s+/)
      return `${phonemes.map((phoneme) => phoneme.replace(/[012]/, '')).join(' ')}\t${phonemes.map((phoneme) => phoneme.match(/[012]/)?.[0] ?? '-').join(' ')}`
    })
  return `${[...new Map(lines.map((line) => [line.split('\t')[0], line])).values()].join('\n')}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(new URL('../../experiments/shapes/stress.tsv', import.meta.url), stressFile())
