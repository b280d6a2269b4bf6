import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { sha256Bytes } from './hash.js'

/** What a stream is for. Streams of different purposes never share numbers. */
export type Purpose =
  | 'init'
  | 'shuffle'
  | 'dropout'
  | 'sampling'
  | 'generate'
  | 'split'
  | 'limit'
  | 'bootstrap'
  | 'search'
  | 'samples'
  | 'test'

/** A serialisable stream of random numbers (xoroshiro128+, Blackman & Vigna 2018, by pure-rand). */
export interface Random {
  /** A float in [0, 1) with 24 random bits, so that it is exact in float32. */
  uniform(): number
  /** The next `count` of them. */
  uniforms(count: number): Float32Array
  /** A standard normal number (Box-Muller; one of the pair is dropped so that the state stays the generator's). */
  normal(): number
  /** An integer in [0, limit), without modulo bias. */
  below(limit: number): number
  /** A new array with the same items in random order (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[]
  state(): readonly number[]
}

/**
 * The stream of one purpose under one seed: a function of its arguments alone. `indices` name a sub-stream (a step, an
 * epoch, a parameter's path), so that noise of step 700 needs no replay of the 699 before it.
 */
export function randomStream(seed: number, purpose: Purpose, ...indices: readonly (number | string)[]): Random {
  const digest = sha256Bytes(JSON.stringify([seed, purpose, ...indices]))
  return fromState([0, 4, 8, 12].map((offset) => digest.readInt32LE(offset)))
}

export function fromState(state: readonly number[]): Random {
  return wrap(xoroshiro128plusFromState(state))
}

/** A stream straight from a 32-bit seed; prefer `randomStream`. */
export function fromSeed(seed: number): Random {
  return wrap(xoroshiro128plus(seed))
}

function wrap(generator: RandomGenerator): Random {
  const uniform = () => (generator.next() >>> 8) / 2 ** 24
  const below = (limit: number) => uniformInt(generator, 0, limit - 1)
  return {
    uniform,
    uniforms: (count) => {
      const values = new Float32Array(count)
      for (let i = 0; i < count; i++) values[i] = (generator.next() >>> 8) * 2 ** -24
      return values
    },
    below,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    shuffle: (items) => {
      const shuffled = items.slice()
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = below(last + 1)
        const held = shuffled[last] as (typeof shuffled)[number]
        shuffled[last] = shuffled[other] as (typeof shuffled)[number]
        shuffled[other] = held
      }
      return shuffled
    },
    state: () => generator.getState(),
  }
}
