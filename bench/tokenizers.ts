// How long tokenizers learn from 30,000 sentences: npx tsx bench/tokenizers.ts [file of sentences]
import { readFileSync } from 'node:fs'
import { randomStream } from '../src/core/random.js'
import { learnBpe } from '../src/data/tokenizers/subwords/learn-bpe.js'
import { learnUnigram } from '../src/data/tokenizers/subwords/learn-unigram.js'

const syllables = 'ba ke lo mi nu ra se ti vo wu an er in on un st ch ung lich ver'.split(' ')
const random = randomStream(13, 'split')
const upTo = (most: number) => Math.floor(random.uniform() * most)

/** 20 words each, of 40,000 different ones whose frequencies fall as Zipf's. */
function sentences(): readonly string[] {
  const word = () => Array.from({ length: 1 + upTo(5) }, () => syllables[upTo(syllables.length)]).join('')
  const words = Array.from({ length: 40_000 }, word)
  const draw = () => words[Math.floor(words.length ** random.uniform()) - 1] ?? ''
  return Array.from({ length: 30_000 }, () => Array.from({ length: 20 }, draw).join(' '))
}

const [file] = process.argv.slice(2)
const texts = file === undefined ? sentences() : readFileSync(file, 'utf8').trim().split('\n')
for (const [name, learn] of Object.entries({ bpe: learnBpe, unigram: learnUnigram })) {
  const before = process.cpuUsage()
  const { pieces } = learn({ vocabularySize: 8000, byteFallback: true }, texts, name)
  const { user, system } = process.cpuUsage(before)
  const seconds = ((user + system) / 1e6).toFixed(1)
  console.log(`${name}: ${pieces.length} pieces from ${texts.length} sentences in ${seconds} s of processor time`)
}
