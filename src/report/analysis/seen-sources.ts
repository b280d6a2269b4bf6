import { agree, counted } from '../format/grammar.js'
import { count } from '../format/numbers.js'

/** How many examples of a split have a source that is in training too. */
export interface SeenSources {
  readonly split: 'dev' | 'test'
  readonly seen: number
  readonly examples: number
}

/** `12 of 100 test sources are also in training`, and what follows where all of them are; undefined where none is. */
export function seenSourcesText({ split, seen, examples }: SeenSources): string | undefined {
  if (seen === 0) return undefined
  const sources = `${split} ${agree(examples, 'source', 'sources')}`
  if (seen < examples)
    return `${count(seen)} of ${count(examples)} ${sources} ${agree(seen, 'is', 'are')} also in training`
  const which = examples === 1 ? `The only ${sources} is` : `All ${counted(examples, `${split} source`)} are`
  return `${which} also in training: nothing is held out`
}
