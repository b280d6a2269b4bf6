import type { Executor } from '../executors/types.js'
import type { Limits } from '../limits.js'
import type { RenderPage } from './pages.js'

/** What a caller may plug in; the runner knows neither pages nor clusters. */
export interface RunPorts {
  /** Called once a trial is published, with its folder; what it throws becomes a warning. */
  readonly publishPage?: RenderPage
  readonly executor?: Executor
  readonly limits?: Partial<Limits>
}
