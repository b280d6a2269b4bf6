import type { ownFiles } from '../../../spec/own/given.js'

/** Parts of the user's own, which a thread has to be given anew. */
export interface WorkerParts {
  readonly parts: ReturnType<typeof ownFiles>
}

export interface DrawRequest {
  readonly kind: 'report' | 'comparison' | 'answer' | 'model'
  /** Of the trial or of the study. */
  readonly directory: string
  /** Where a drawn report is kept, so that the same one is not drawn again. */
  readonly path: string
}

/** A page (of `answer` and `model`, JSON), or why there is none. */
export type Drawn =
  | { readonly text: string; readonly error?: undefined }
  | { readonly text?: undefined; readonly error: string }

/** What the comparison says in words, as far as it goes. */
export interface Answer {
  readonly headline: readonly string[]
  readonly claims: readonly string[]
}
