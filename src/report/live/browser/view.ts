import type { Model } from '../model.js'
import type { PageData, Query, Update } from '../types.js'

/** One of the kinds of pages. */
export interface View {
  query(): Query
  /** Draws what the model has now; `update`: what has changed, absent where everything may have. */
  show(update?: Update): void
}

export interface Page {
  readonly data: PageData
  readonly model: Model
  readonly main: HTMLElement
  /** Asks for what the view's query is now. */
  restart(): void
}

/** The runs of a query, with those that the page has nothing of. */
export function runsOf({ curves }: Model, runs: readonly string[]): Pick<Query, 'runs' | 'fresh'> {
  return { runs, fresh: runs.filter((run) => !curves.has(run)) }
}
