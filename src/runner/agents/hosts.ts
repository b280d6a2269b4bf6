import type { FromHost, HostSettings, ToHost } from '../messages.js'

/** A host as who started it sees it. */
export interface HostHandle {
  /** How people find it: a process id. */
  readonly name: string
  send(message: ToHost): void
  /** Ends it at once, whatever it is doing. */
  kill(): void
}

export interface HostCallbacks {
  message(message: FromHost): void
  /** Called exactly once, after the last message. `reason` in words (`signal SIGSEGV`, `exit code 1: ...`). */
  exit(reason: string): void
}

export type StartHost = (settings: HostSettings, callbacks: HostCallbacks) => HostHandle
