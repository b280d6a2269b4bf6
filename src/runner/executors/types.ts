import type { FromHost, HostSettings, ToHost } from '../messages.js'

/** A host as its coordinator sees it. */
export interface HostHandle {
  /** How people find it: a process id here, a job's id elsewhere. */
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

/** Starts hosts: here as child processes; a queue or a cluster would start the same hosts elsewhere. */
export interface Executor {
  start(settings: HostSettings, callbacks: HostCallbacks): HostHandle
}
