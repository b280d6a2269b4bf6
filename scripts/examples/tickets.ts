// Writes experiments/tickets/{train,dev,test}.tsv: orders for tickets from templates, and what models without all of the words can
// reach at most. usage: npx tsx scripts/examples/tickets.ts
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

type Slot = 'time' | 'destination' | 'origin' | 'other'
export type Sentence = readonly (readonly [word: string, slot: Slot])[]

const people = ['我', '他', '她', '我们', '他们']
const times = ['一月一号', '二月三号', '明天', '后天', '周五', '今晚', '早上', '下午']
const cities = ['郑州', '北京', '上海', '广州', '成都', '武汉', '西安', '南京', '杭州', '重庆']

/** Of every person, time and city all six, so that a city is as often a destination as an origin, whatever is held out. */
function sentencesOf(person: string, time: string, city: string): Sentence[] {
  const start: Sentence = [
    [person, 'other'],
    [time, 'time'],
  ]
  return [
    [...start, ['去', 'other'], [city, 'destination']],
    [...start, ['离开', 'other'], [city, 'origin']],
    [...start, ['飞往', 'other'], [city, 'destination']],
    [...start, ['从', 'other'], [city, 'origin'], ['出发', 'other']],
    // What the city is stands behind it here: who reads from left to right knows it too late.
    [...start, ['在', 'other'], [city, 'destination'], ['下车', 'other']],
    [...start, ['在', 'other'], [city, 'origin'], ['上车', 'other']],
  ]
}

/** The three sets: of every twenty combinations of person, time and city four are dev, four test. No sentence is in two. */
export function ticketSets(): Record<'train' | 'dev' | 'test', readonly Sentence[]> {
  const all = people.flatMap((person, p) =>
    times.flatMap((time, t) =>
      cities.map((city, c) => ({ sentences: sentencesOf(person, time, city), fold: (p + t + c) % 5 })),
    ),
  )
  const of = (folds: readonly number[]) => all.flatMap(({ sentences, fold }) => (folds.includes(fold) ? sentences : []))
  return { train: of([2, 3, 4]), dev: of([0]), test: of([1]) }
}

/**
 * The largest share of tags that a tagger can have right which sees of a word no more than `view` says: of all words that look
 * alike the most frequent tag is right.
 */
export function ceiling(sentences: readonly Sentence[], view: (sentence: Sentence, at: number) => string): number {
  const counts = new Map<string, Map<Slot, number>>()
  for (const sentence of sentences)
    for (const [at, [, slot]] of sentence.entries()) {
      const tags = counts.get(view(sentence, at)) ?? new Map<Slot, number>()
      counts.set(view(sentence, at), tags.set(slot, (tags.get(slot) ?? 0) + 1))
    }
  const right = [...counts.values()].reduce((sum, tags) => sum + Math.max(...tags.values()), 0)
  return right / sentences.reduce((sum, sentence) => sum + sentence.length, 0)
}

/** A model without recurrence sees the word alone. */
export const wordAlone = (sentence: Sentence, at: number): string => sentence[at]?.[0] ?? ''
/** One that reads from left to right sees the words so far. */
export const wordsSoFar = (sentence: Sentence, at: number): string =>
  sentence
    .slice(0, at + 1)
    .map(([word]) => word)
    .join(' ')

const line = (sentence: Sentence) =>
  `${sentence.map(([word]) => word).join(' ')}\t${sentence.map(([, slot]) => slot).join(' ')}\n`

export const ticketFile = (sentences: readonly Sentence[]): string => sentences.map(line).join('')

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = new URL('../../experiments/tickets/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  const sets = ticketSets()
  for (const [name, sentences] of Object.entries(sets))
    writeFileSync(new URL(`${name}.tsv`, folder), ticketFile(sentences))
  console.log(`word alone ${ceiling(sets.test, wordAlone)}, words so far ${ceiling(sets.test, wordsSoFar)}`)
}
