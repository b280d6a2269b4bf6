import { randomStream } from '../../core/random.js'

const examplesSampled = 8

/** Which examples of dev are looked at at every validation: eight drawn by the trial's seed, in the order of the split. */
export function chooseSamples(seed: number, size: number): readonly number[] {
  const all = Array.from({ length: size }, (_, index) => index)
  return randomStream(seed, 'samples')
    .shuffle(all)
    .slice(0, examplesSampled)
    .sort((a, b) => a - b)
}
