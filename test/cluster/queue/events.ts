// What happens to a study over Redis: each event is done to real processes at a moment that its seed chooses.
import { setTimeout as sleep } from 'node:timers/promises'
import { quickQueue, type Reported, type Running } from './harness.js'
import { completed, detached, errorOfRun, interrupted, lostWithinMs, said, type World } from './world.js'

const isStarted = ({ kind, message }: Reported) => kind === 'line' && message?.endsWith('started') === true
const isFinished = ({ kind }: Reported) => kind === 'trial-finished'
const isBegun = ({ kind }: Reported) => kind === 'trial-started'
const says = (text: string) => (line: Reported) => line.message?.includes(text) === true

/** Two workers, a coordinator, and a job that has begun. */
async function underWay(
  world: World,
): Promise<{ readonly workers: readonly Running[]; readonly coordinator: Running }> {
  const workers = [world.worker(), world.worker()]
  const coordinator = world.coordinator()
  await Promise.race(workers.map((worker) => worker.until(isStarted)))
  await world.moment(2500)
  return { workers, coordinator }
}

async function kill(running: Running): Promise<void> {
  running.signal('SIGKILL')
  await running.ended
}

export const queueEvents: Readonly<Record<string, (world: World) => Promise<void>>> = {
  'nothing happens': async (world) => {
    await underWay(world)
  },
  'coordinator killed before it submits': async (world) => {
    world.worker()
    const coordinator = world.coordinator()
    await coordinator.until(isBegun)
    await kill(coordinator)
  },
  'coordinator killed while it submits': async (world) => {
    const coordinator = world.coordinator()
    await coordinator.until(isBegun)
    await world.moment(300)
    await kill(coordinator)
    world.worker()
    world.worker()
  },
  'coordinator killed while workers work': async (world) => {
    const { coordinator } = await underWay(world)
    await kill(coordinator)
  },
  'coordinator killed while it takes results': async (world) => {
    const { coordinator } = await underWay(world)
    await coordinator.until(isFinished)
    await world.moment(100)
    await kill(coordinator)
  },
  'coordinator killed, and all results there before the next one': async (world) => {
    const { workers, coordinator } = await underWay(world)
    await kill(coordinator)
    // Trainings end without it; nothing is left to take.
    await Promise.all(workers.map((worker) => quietFor(worker, 4000)))
  },
  'worker killed': async (world) => {
    const { workers } = await underWay(world)
    await kill(workers[0] ?? world.worker())
  },
  'both workers killed, and one started later': async (world) => {
    const { workers } = await underWay(world)
    await Promise.all(workers.map(kill))
    await world.moment(2 * quickQueue.leaseMs)
    world.worker()
  },
  'worker stopped for longer than its lease': async (world) => {
    const [stopped] = (await underWay(world)).workers
    stopped?.signal('SIGSTOP')
    await sleep(lostWithinMs)
    stopped?.signal('SIGCONT')
  },
  'host of a worker killed': async (world) => {
    const { workers } = await underWay(world)
    for (const { pid } of workers.flatMap((worker) => world.hosts(worker))) trySignal(pid, 'SIGKILL')
  },
  'host of a worker aborted': async (world) => {
    const { workers } = await underWay(world)
    for (const { pid } of workers.flatMap((worker) => world.hosts(worker))) trySignal(pid, 'SIGABRT')
  },
  'worker drained, and another one started': async (world) => {
    const [drained] = (await underWay(world)).workers
    drained?.signal('SIGINT')
    const code = await drained?.ended
    if (code !== 0) world.problem(`a drained worker ended with ${code}`)
    world.worker()
  },
  'Redis killed and started again': async (world) => {
    await underWay(world)
    await world.server.kill()
    await world.moment(1500)
    await world.server.start()
  },
  'Redis away for longer than the lease': async (world) => {
    const { coordinator } = await underWay(world)
    await world.server.kill()
    await sleep(1.5 * quickQueue.leaseMs)
    await world.server.start()
    if ((await coordinator.until(says('works again'))) === undefined)
      world.problem(`nothing was said of Redis: ${said(coordinator)}`)
  },
  'Redis away for longer than the grace': async (world) => {
    const queue = { graceMs: 3000 }
    const workers = [world.worker({ queue }), world.worker({ queue })]
    const coordinator = world.coordinator({ queue })
    await Promise.race(workers.map((worker) => worker.until(isStarted)))
    await world.server.kill()
    const [code, ...codes] = await Promise.all([coordinator, ...workers].map(({ ended }) => ended))
    if (code !== errorOfRun || codes.some((each) => each !== errorOfRun))
      world.problem(`without Redis a coordinator and workers ended with ${code}, ${codes}`)
    if (!coordinator.reported.some(says('does not answer'))) world.problem(`it was not said: ${said(coordinator)}`)
    await world.server.start()
    world.worker()
  },
  'Redis full, and given more memory': async (world) => {
    const { coordinator } = await underWay(world)
    world.server.command('CONFIG', 'SET', 'maxmemory', '1mb')
    await coordinator.until((line) => says('is full')(line) || line.kind === 'outcome')
    if (!coordinator.reported.some(says('is full'))) world.problem(`it was not said: ${said(coordinator)}`)
    await world.moment(2000)
    world.server.command('CONFIG', 'SET', 'maxmemory', '0')
  },
  'Redis full for longer than the grace': async (world) => {
    const coordinator = world.coordinator({ queue: { graceMs: 2000 } })
    await coordinator.until(isBegun)
    world.server.command('CONFIG', 'SET', 'maxmemory', '1mb')
    world.worker()
    const code = await coordinator.ended
    if (code === errorOfRun && !coordinator.reported.some(says('is full')))
      world.problem(`it was not said: ${said(coordinator)}`)
    if (code !== errorOfRun) world.problem(`with a full Redis a coordinator ended with ${code}: ${said(coordinator)}`)
    world.server.command('CONFIG', 'SET', 'maxmemory', '0')
  },
  'Redis read-only for a while': async (world) => {
    const { coordinator } = await underWay(world)
    world.server.command('REPLICAOF', '127.0.0.1', '1')
    await coordinator.until((line) => says('read-only')(line) || line.kind === 'outcome')
    await world.moment(2000)
    world.server.command('REPLICAOF', 'NO', 'ONE')
  },
  'Redis lost all that it had': async (world) => {
    await underWay(world)
    world.server.command('FLUSHALL')
  },
  'a job removed by hand': async (world) => {
    await underWay(world)
    const [job] = world.server.command('--raw', 'KEYS', 'seqlab:*-????????????????-1').split('\n')
    if (job !== undefined && job !== '') world.server.command('DEL', job)
  },
  'files expired': async (world) => {
    await underWay(world)
    const files = world.server.command('--raw', 'KEYS', 'seqlab-files:*:blob:*').split('\n')
    for (const file of files) if (world.random() < 0.5) world.server.command('DEL', file)
  },
  'disk of a worker full': async (world) => {
    const full = world.worker({ failpoints: [{ at: 'before-checkpoint', do: 'full-disk' }] })
    world.coordinator()
    const code = await full.ended
    if (code !== errorOfRun || !full.reported.some(says('This machine cannot work on jobs')))
      world.problem(`a worker with a full disk ended with ${code}: ${said(full)}`)
    world.worker()
  },
  'clock of a worker steps': async (world) => {
    const { environment, step } = world.clock()
    const worker = world.worker({ environment })
    world.worker()
    world.coordinator()
    await worker.until(isStarted)
    await world.moment(1500)
    step(world.random() < 0.5 ? '+2h' : '-2h')
  },
  'clock of the coordinator steps': async (world) => {
    const { environment, step } = world.clock()
    const worker = world.worker()
    world.coordinator({ environment })
    await worker.until(isStarted)
    await world.moment(1500)
    step(world.random() < 0.5 ? '+1d' : '-1d')
    world.worker()
  },
  'cancelled, and run again': async (world) => {
    const { coordinator } = await underWay(world)
    coordinator.signal('SIGINT')
    const code = await coordinator.ended
    if (code !== interrupted && code !== completed)
      world.problem(`Ctrl-C ended a coordinator with ${code}: ${said(coordinator)}`)
    const waiting = world.server.command('--raw', 'KEYS', 'seqlab:*-????????????????-*')
    if (waiting !== '') world.problem(`jobs were left after Ctrl-C: ${waiting}`)
  },
  'cancelled twice, and run again': async (world) => {
    const { coordinator } = await underWay(world)
    coordinator.signal('SIGINT')
    await world.moment(200)
    coordinator.signal('SIGINT')
    const code = await coordinator.ended
    if (code !== interrupted && code !== completed) world.problem(`a second Ctrl-C ended a coordinator with ${code}`)
  },
  'handed over, and collected later': async (world) => {
    const coordinator = world.coordinator({ options: { detach: true } })
    const code = await coordinator.ended
    if (code !== detached) world.problem(`a coordinator that hands over ended with ${code}: ${said(coordinator)}`)
    const worker = world.worker()
    await worker.until(isStarted)
    await quietFor(worker, 3000)
    const collecting = world.coordinator()
    await collecting.ended
    const again = collecting.reported.filter(
      ({ kind, task, attempt }) => kind === 'trial-started' && task === 'train' && attempt !== 1,
    )
    // A busy machine may keep a worker from its lock.
    const taken = worker.reported.filter(says('was taken away'))
    if (again.length > taken.length) world.problem(`${again.length} trials that were handed over were trained again`)
  },
  'handed over, and cancelled by the command': async (world) => {
    const coordinator = world.coordinator({ options: { detach: true } })
    await coordinator.ended
    const worker = world.worker()
    await worker.until(isStarted)
    await world.moment(2000)
    const printed = world.cancel()
    if (!/^\d+ trials? (?:was|were) taken back/.test(printed)) world.problem(`seqlab cancel printed: ${printed}`)
    const waiting = world.server.command('--raw', 'KEYS', 'seqlab:*-????????????????-*')
    if (waiting !== '') world.problem(`jobs were left after seqlab cancel: ${waiting}`)
  },
  'handed over, and run afresh': async (world) => {
    await world.coordinator({ options: { detach: true } }).ended
    const worker = world.worker()
    await worker.until(isStarted)
    await world.moment(2500)
    const fresh = world.coordinator({ options: { fresh: true } })
    const code = await fresh.ended
    if (code !== completed) world.problem(`--fresh ended with ${code}: ${said(fresh)}`)
    const trained = fresh.reported.filter(({ kind, task }) => kind === 'trial-started' && task === 'train')
    if (trained.length < 6) world.problem(`--fresh trained ${trained.length} trials, not six`)
    if (fresh.reported.some(({ kind, attempt }) => kind === 'trial-started' && attempt === 1))
      world.problem('--fresh took an attempt of the earlier command')
  },
  'handed over, and run here': async (world) => {
    await world.coordinator({ options: { detach: true } }).ended
    const here = world.coordinator({ queue: 'local' })
    const code = await here.ended
    if (code !== errorOfRun || !here.reported.some(says('6 trials are in a queue on Redis')))
      world.problem(`a run here ended with ${code}: ${said(here)}`)
    world.worker()
    world.coordinator()
  },
  'handed over, and run in another queue': async (world) => {
    await world.coordinator({ options: { detach: true } }).ended
    const other = world.coordinator({ queue: { queue: 'other' } })
    const code = await other.ended
    if (code !== errorOfRun || !other.reported.some(says('6 trials are in the queue test')))
      world.problem(`another queue ended with ${code}: ${said(other)}`)
    world.worker()
    world.coordinator()
  },
  'a worker of another version alone': async (world) => {
    const old = world.worker({ environment: { NODE_OPTIONS: `--require ${world.otherVersion()}` } })
    await old.until(says('listening'))
    const coordinator = world.coordinator()
    await coordinator.until(says('another version'))
    if (!coordinator.reported.some(says('The only worker has another version')))
      world.problem(`it was not said: ${said(coordinator)}`)
    if (old.reported.some(isStarted)) world.problem('a worker of another version took a job')
    world.worker()
    await coordinator.ended
  },
  'a second coordinator is refused': async (world) => {
    await underWay(world)
    const second = world.coordinator()
    const code = await second.ended
    if (code !== errorOfRun || !second.reported.some(says('is in use')))
      world.problem(`it ended with ${code}: ${said(second)}`)
  },
}

/** Resolves once a process has printed nothing for so long. */
async function quietFor({ reported }: Running, ms: number): Promise<void> {
  let [count, since] = [reported.length, performance.now()]
  while (performance.now() - since < ms) {
    await sleep(100)
    if (reported.length === count) continue
    count = reported.length
    since = performance.now()
  }
}

function trySignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended by itself.
  }
}
