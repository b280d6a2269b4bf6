// A thread of Vitest's that is kept from run to run: starting one and loading all modules again would take longer than most
// tests do. Modules that changed, and those that import them, are loaded again all the same.
import { type PoolOptions, type PoolWorker, ThreadsPoolWorker, type Vitest } from 'vitest/node'

type Listener = Parameters<PoolWorker['on']>[1]
type Request = Parameters<PoolWorker['send']>[0]

class KeptThread extends ThreadsPoolWorker {
  override readonly name = 'kept'
  private isStarted = false
  /** The thread of a change that fills its heap ends. */
  hasEnded = false
  private listeners: (readonly [event: string, listener: Listener])[] = []

  override async start(): Promise<void> {
    if (this.isStarted) return
    await super.start()
    for (const event of ['error', 'exit']) super.on(event, () => (this.hasEnded = true))
  }

  override on(event: string, listener: Listener): void {
    this.listeners.push([event, listener])
    super.on(event, listener)
  }

  /** What would start and stop the thread is answered here, but for the first start. */
  override send(message: Request): void {
    if (message.type === 'stop') this.answer('stopped')
    else if (message.type !== 'start') super.send(message)
    else if (this.isStarted) this.answer('started')
    else {
      this.isStarted = true
      super.send(message)
    }
  }

  override async stop(): Promise<void> {
    for (const [event, listener] of this.listeners) this.off(event, listener)
    this.listeners = []
  }

  async terminate(): Promise<void> {
    if (this.isStarted) await super.stop()
  }

  private answer(type: 'started' | 'stopped'): void {
    for (const [event, listener] of this.listeners)
      if (event === 'message') listener({ type, __vitest_worker_response__: true })
  }
}

/** A pool of one thread. */
export function keptPool() {
  let thread: KeptThread | undefined
  return {
    name: 'kept',
    createPoolWorker: (options: PoolOptions): PoolWorker => {
      thread ??= new KeptThread(options)
      return thread
    },
    hasEnded: () => thread?.hasEnded ?? false,
    terminate: async () => thread?.terminate(),
  }
}

/** Has the next run load a file again, and all that import it. */
export function invalidate(vitest: Vitest, path: string): void {
  vitest.invalidateFile(path)
  for (const { moduleGraph } of Object.values(vitest.vite.environments)) {
    const left = [...(moduleGraph.getModulesByFile(path) ?? [])]
    const seen = new Set(left)
    for (let module = left.pop(); module !== undefined; module = left.pop()) {
      if (module.file !== null) vitest.watcher.invalidates.add(module.file)
      for (const importer of module.importers) {
        if (!seen.has(importer)) left.push(importer)
        seen.add(importer)
      }
    }
  }
}
