import type { Opened, PlaygroundModel } from '../../../../playground/model.js'

/** What a section has to begin with. */
export interface Given {
  readonly model: PlaygroundModel
  /** Sources of the test split, and of each its features. */
  readonly examples: readonly string[]
  readonly features: readonly string[]
  /** Of a forecast: the test part of the series, as far as it is known. */
  readonly series: readonly (readonly number[])[]
  /** What ids of fields begin with. */
  readonly prefix: string
  /** Whether answers are next to others: without what takes much room. */
  readonly compact: boolean
}

/** Computes what is to be shown; only the latest answer is. */
export type Show = (answer: (opened: Opened) => Promise<readonly HTMLElement[]>) => void

/** The controls of a task; `show` draws for what they hold. */
export type View = (given: Given, show: Show) => { readonly elements: readonly HTMLElement[]; show(): void }
