// What is done to a study on Slurm. Each lets the study finish by itself, or by the next command.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Coordinator, isTraining } from '../../faults/harness.js'
import type { Shape } from '../../runner/support/plan.js'
import type { ClusterShape } from '../slurm.js'
import { completed, detached, errorOfRun, interrupted, said, type World } from './world.js'

export interface SlurmEvent {
  readonly disturb: (world: World) => Promise<void>
  readonly shape?: ClusterShape
  /** Instead of the study of six trials. */
  readonly plan?: Shape
  /** Takes minutes: not among those that are drawn. */
  readonly long?: true
}

/** The folder of a study's batches. */
const batchesOf = ({ directory }: World) => join(directory, 'cluster')
const batchNames = (world: World) =>
  existsSync(batchesOf(world)) ? readdirSync(batchesOf(world)).filter((name) => !name.startsWith('.')) : []
const filesOf = (world: World) =>
  batchNames(world).flatMap((name) => readdirSync(join(batchesOf(world), name)).map((file) => ({ name, file })))

/** Kills the coordinator, and lets the next command go on. */
async function killed(world: World, when: (world: World) => boolean | Promise<boolean>): Promise<void> {
  const first = world.coordinator()
  if (!(await world.until(() => Boolean(when(world))))) world.problem('the moment to kill did not come')
  first.signal('SIGKILL')
  await first.ended
  world.coordinator()
}

const anyAgent = async (world: World) => {
  const found = await world.until(() => world.agents().length > 0)
  if (!found) world.problem('no agent ran')
  const agents = world.agents()
  return agents[Math.floor(world.random() * agents.length)] ?? 0
}

const runningJobs = ({ cluster }: World) =>
  cluster
    .queue()
    .map((line) => line.split('|'))
    .filter(([, , , state]) => state === 'RUNNING')
    .map(([, job = '', index = '']) => `${job}_${index}`)

const anyJob = async (world: World) => {
  if (!(await world.until(() => runningJobs(world).length > 0))) world.problem('no job ran')
  const jobs = runningJobs(world)
  return jobs[Math.floor(world.random() * jobs.length)] ?? ''
}

/** Jobs whose trial has made a step since it began or went on, as their own files say. */
const trainingJobs = (world: World) =>
  world.cluster.queue().flatMap((line) => {
    const [name = '', job = '', index = '', state] = line.split('|')
    return state === 'RUNNING' && isAtWork(join(batchesOf(world), name), index) ? [`${job}_${index}`] : []
  })

function isAtWork(batch: string, index: string): boolean {
  const events = join(batch, `${index}.events`)
  const trained = existsSync(events) ? /"trialId":"(\w+)"[^\n]*"kind":"train"/g : undefined
  const last = trained && [...readFileSync(events, 'utf8').matchAll(trained)].at(-1)?.[1]
  return last !== undefined && !readdirSync(batch).some((file) => file.startsWith(`${index}.${last}.`))
}

/** The signal that a job gets before its time limit, at any moment: to agents that listen. */
const askToSave = ({ cluster }: World, job: string) => {
  tryTo(() => cluster.command('scancel', '--batch', '--signal=USR2', job))
}

export const slurmEvents: Readonly<Record<string, SlurmEvent>> = {
  'nothing at all': { disturb: async (world) => void world.coordinator({ slurm: { pack: 2, cores: 2 } }) },
  'the coordinator is killed before it submits': {
    disturb: (world) => killed(world, () => existsSync(join(world.directory, 'ledger.jsonl'))),
  },
  'the coordinator is killed while it submits': {
    disturb: (world) => killed(world, () => batchNames(world).length > 0),
  },
  'the coordinator is killed after it has submitted': {
    disturb: (world) => killed(world, () => world.agents().length > 0),
  },
  'the coordinator is killed at any moment, three times': {
    disturb: async (world) => {
      for (let times = 0; times < 3; times++) {
        const coordinator = world.coordinator()
        await world.moment(8000)
        coordinator.signal('SIGKILL')
        await coordinator.ended
      }
      world.coordinator()
    },
  },
  'it is detached, and taken later': {
    disturb: async (world) => {
      const first = world.coordinator({ options: { detach: true } })
      const code = await first.ended
      if (code !== detached && code !== completed) world.problem(`detaching ended with ${code}: ${said(first)}`)
      await world.moment(6000)
      const again = await world.coordinator({ options: { detach: true } }).ended
      if (again !== detached && again !== completed) world.problem(`detaching again ended with ${again}`)
      world.coordinator()
    },
  },
  'it is detached, and run afresh': {
    disturb: async (world) => {
      await world.coordinator({ options: { detach: true } }).ended
      await anyAgent(world)
      await world.moment(2500)
      const fresh = world.coordinator({ options: { fresh: true } })
      const code = await fresh.ended
      if (code !== completed) world.problem(`--fresh ended with ${code}: ${said(fresh)}`)
      const trained = fresh.reported.filter(({ kind, task }) => kind === 'trial-started' && task === 'train')
      if (trained.length < 6) world.problem(`--fresh trained ${trained.length} trials, not six`)
      if (fresh.reported.some(({ kind, attempt }) => kind === 'trial-started' && attempt === 1))
        world.problem('--fresh took an attempt of the earlier command')
    },
  },
  'it is detached, and run here': {
    disturb: async (world) => {
      const first = await world.coordinator({ options: { detach: true } }).ended
      const here = world.coordinator({ slurm: 'local' })
      const code = await here.ended
      if (first === detached && (code !== errorOfRun || !/trials? (is|are) on Slurm/.test(said(here))))
        world.problem(`a run here ended with ${code}: ${said(here)}`)
      world.coordinator()
    },
  },
  'an agent is killed': {
    disturb: async (world) => {
      world.coordinator()
      process.kill(await anyAgent(world), 'SIGKILL')
    },
  },
  'a host is killed': {
    disturb: async (world) => {
      world.coordinator()
      if (!(await world.until(() => world.hosts().length > 0))) world.problem('no host ran')
      await world.moment(1500)
      for (const pid of world.hosts().slice(0, 1)) tryTo(() => process.kill(pid, 'SIGKILL'))
    },
  },
  'a host is stopped for longer than its lease': {
    disturb: async (world) => {
      world.coordinator({ limits: { leaseMs: 4000 } })
      if (!(await world.until(() => world.hosts().length > 0))) world.problem('no host ran')
      await world.moment(1000)
      for (const pid of world.hosts().slice(0, 1)) tryTo(() => process.kill(pid, 'SIGSTOP'))
    },
  },
  'an agent is stopped until somebody cancels its job': {
    disturb: async (world) => {
      world.coordinator()
      const agent = await anyAgent(world)
      const job = jobOf(agent)
      process.kill(agent, 'SIGSTOP')
      await sleep(6000)
      tryTo(() => world.cluster.command('scancel', job))
    },
  },
  'the daemon of a node is killed, and comes back': {
    disturb: async (world) => {
      world.coordinator()
      await anyAgent(world)
      await world.moment(2000)
      await world.cluster.killNode('n1')
      await sleep(3000)
      await world.cluster.startNode('n1')
    },
  },
  'the daemon of a node is killed until the node is given up': {
    disturb: async (world) => {
      const coordinator = world.coordinator()
      await anyAgent(world)
      await world.cluster.killNode('n1')
      const isDown = () => /^down/m.test(world.cluster.command('sinfo', '-h', '-n', 'n1', '-o', '%T'))
      await Promise.race([world.until(isDown, 90_000), coordinator.ended])
      await world.cluster.startNode('n1')
    },
    long: true,
  },
  'the controller is killed, and comes back': {
    disturb: async (world) => {
      world.coordinator()
      await anyAgent(world)
      await world.moment(2000)
      await world.cluster.killController()
      await sleep(4000)
      await world.cluster.startController()
    },
  },
  'the administrator requeues a job': {
    disturb: async (world) => {
      world.coordinator()
      const job = await anyJob(world)
      // Jobs are submitted so that this is refused; an administrator may change that.
      tryTo(() => world.cluster.command('scontrol', 'update', `JobId=${job}`, 'Requeue=1'))
      tryTo(() => world.cluster.command('scontrol', 'requeue', job))
    },
  },
  'a job is cancelled by hand': {
    disturb: async (world) => {
      world.coordinator()
      const job = await anyJob(world)
      await world.moment(3000)
      tryTo(() => world.cluster.command('scancel', job))
    },
  },
  'all jobs are cancelled by hand': {
    disturb: async (world) => {
      world.coordinator()
      await anyJob(world)
      await world.moment(2000)
      tryTo(() => world.cluster.command('scancel', '--user=root'))
    },
  },
  'jobs are asked to save eight times in a row': {
    disturb: async (world) => {
      const coordinator = world.coordinator({ slurm: { pack: 3 } })
      const asked = new Set<string>()
      for (let times = 0; times < 8; times++) {
        // A job that is asked before a step is one that the limit found without progress: that is another matter.
        if (!(await world.until(() => trainingJobs(world).some((job) => !asked.has(job)), 120_000))) break
        await world.moment(100)
        for (const job of trainingJobs(world).filter((job) => !asked.has(job))) {
          asked.add(job)
          askToSave(world, job)
        }
      }
      await coordinator.ended
      const saved = coordinator.reported.filter(
        ({ kind, error }) =>
          kind === 'trial-retried' && JSON.stringify(error).includes('about to reach its time limit'),
      )
      if (saved.length < 8) world.problem(`it saved ${saved.length} times, not eight: ${said(coordinator)}`)
    },
    plan: { seeds: 3, steps: 1500, every: 500 },
    long: true,
  },
  'the time limit comes eight times in a row': {
    disturb: async (world) => {
      // A minute is the shortest limit; the signal comes from 50 s before it on.
      world.coordinator({ slurm: { timeMs: 60_000, leadMs: 35_000, pack: 2, cores: 2 } })
    },
    plan: { seeds: 1, steps: 20_000, every: 5000, hidden: [4, 6] },
    long: true,
  },
  'a submission is refused, and then not': {
    disturb: async (world) => {
      const refused = world.coordinator({ slurm: { asked: { partition: 'nosuch' } } })
      const code = await refused.ended
      const words = JSON.stringify(refused.reported.at(-1) ?? {})
      if (code !== errorOfRun || !words.includes('invalid partition specified'))
        world.problem(`a refused submission ended with ${code}: ${words}`)
      if (refused.reported.some(({ kind }) => kind === 'trial-finished' || kind === 'trial-retried'))
        world.problem('a refused submission counted for a trial')
      world.coordinator()
    },
  },
  'what a profile sets up fails': {
    disturb: async (world) => {
      const failed = world.coordinator({ slurm: { setup: ['echo no such module >&2; exit 1'] } })
      const code = await failed.ended
      const words = JSON.stringify(failed.reported.at(-1) ?? {})
      if (code !== errorOfRun || !words.includes('no such module')) world.problem(`it ended with ${code}: ${words}`)
      world.coordinator()
    },
  },
  'it is interrupted with jobs running and waiting': {
    disturb: async (world) => {
      const first = world.coordinator({ slurm: { atOnce: 2 } })
      await first.until(isTraining)
      await world.moment(2000)
      first.signal('SIGINT')
      const code = await first.ended
      if (code !== interrupted && code !== completed) world.problem(`Ctrl-C ended with ${code}: ${said(first)}`)
      await world.until(() => world.cluster.queue().length === 0, 15_000)
      if (world.cluster.queue().length > 0) world.problem(`Ctrl-C left jobs: ${world.cluster.queue().join(', ')}`)
      world.coordinator()
    },
  },
  'it is interrupted with everything still waiting': {
    disturb: async (world) => {
      for (const node of world.cluster.nodes)
        world.cluster.command('scontrol', 'update', `NodeName=${node}`, 'State=DRAIN', 'Reason=test')
      const first = world.coordinator({ slurm: { pollMs: 30_000, graceMs: 60_000 } })
      await world.until(() => world.cluster.queue().length === 6)
      const began = performance.now()
      first.signal('SIGINT')
      const code = await first.ended
      const seconds = (performance.now() - began) / 1000
      if (code !== interrupted || seconds > 10) world.problem(`it took ${seconds.toFixed(1)} s, and ended with ${code}`)
      if (world.cluster.queue().length > 0) world.problem('jobs are left')
      for (const node of world.cluster.nodes)
        world.cluster.command('scontrol', 'update', `NodeName=${node}`, 'State=RESUME')
      world.coordinator()
    },
  },
  'a second Ctrl-C ends everything at once': {
    disturb: async (world) => {
      const first = world.coordinator()
      await anyAgent(world)
      first.signal('SIGINT')
      await sleep(200)
      first.signal('SIGINT')
      await first.ended
      world.coordinator()
    },
  },
  'the files of a result are late': {
    disturb: async (world) => {
      const coordinator = world.coordinator({ slurm: { graceMs: 15_000 } })
      await delayed(world, coordinator, 4000)
      await coordinator.ended
      if (coordinator.reported.some(({ kind }) => kind === 'trial-retried'))
        world.problem('a late result was tried again')
    },
  },
  'the files of a result are later than the grace': {
    disturb: async (world) => {
      const coordinator = world.coordinator()
      await delayed(world, coordinator, 12_000)
      await coordinator.ended
      if (!coordinator.reported.some(({ kind }) => kind === 'trial-retried')) world.problem('it was not tried again')
    },
  },
  'the disk is full for a while': {
    disturb: async (world) => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', world.outDir])
      try {
        const first = world.coordinator()
        await first.until(isTraining)
        const filler = join(world.outDir, 'filler')
        fill(filler)
        await Promise.race([first.ended, sleep(8000)])
        execFileSync('rm', ['-f', filler])
        const code = await first.ended
        if (code !== completed && code !== errorOfRun) world.problem(`a full disk ended with ${code}: ${said(first)}`)
        if (first.reported.some(({ status }) => status === 'failed')) world.problem('a full disk counted for a trial')
        if (code !== completed && (await world.coordinator().ended) !== completed) world.problem('it did not go on')
        execFileSync('cp', ['-a', world.directory, `${world.outDir}.kept`])
      } finally {
        await world.until(() => world.agents().length === 0, 20_000)
        execFileSync('umount', ['-l', world.outDir])
      }
      renameSync(`${world.outDir}.kept`, world.directory)
    },
  },
  'it goes on at another login node': {
    disturb: async (world) => {
      const elsewhere = ['unshare', '--uts', 'sh', '-c', 'hostname login2 && exec "$0" "$@"']
      const first = world.coordinator({ before: elsewhere, options: { lockLeaseMs: 4000 } })
      await anyAgent(world)
      first.signal('SIGKILL')
      await first.ended
      const second = world.coordinator({ options: { lockLeaseMs: 4000 } })
      const code = await second.ended
      if (code !== completed) world.problem(`the other login node ended with ${code}: ${said(second)}`)
    },
  },
  'two coordinators at two login nodes': {
    disturb: async (world) => {
      const options = { lockLeaseMs: 4000 }
      const elsewhere = ['unshare', '--uts', 'sh', '-c', 'hostname login2 && exec "$0" "$@"']
      const first = world.coordinator({ before: elsewhere, options })
      await anyAgent(world)
      // Longer than its lease: the second one takes over, and the first finds out when it goes on.
      first.signalGroup('SIGSTOP')
      const second = world.coordinator({ options })
      await second.until(({ kind }) => kind === 'trial-started')
      first.signalGroup('SIGCONT')
      const code = await first.ended
      if (code !== errorOfRun) world.problem(`the first one ended with ${code}: ${said(first)}`)
      if ((await second.ended) !== completed) world.problem(`the second one did not complete: ${said(second)}`)
    },
  },
  'Slurm takes no more jobs for a while': {
    // Those that have ended count until they are forgotten.
    shape: { more: ['MaxJobCount=8'], minJobAge: 5 },
    disturb: async (world) => {
      const hog = ['--array=0-5', '--job-name=hog', '--output=/dev/null', '--wrap=sleep 600']
      world.cluster.command('sbatch', ...hog)
      world.coordinator()
      await world.until(() => batchNames(world).length > 0)
      await sleep(8000)
      if (world.agents().length > 0) world.problem('jobs were taken at once')
      world.cluster.command('scancel', '--name=hog')
    },
  },
  'more jobs than an array may have': {
    shape: { maxArraySize: 4 },
    disturb: async (world) => {
      const coordinator = world.coordinator()
      await world.until(() => batchNames(world).length >= 2, 30_000)
      if (batchNames(world).length < 2) world.problem('the array was not cut')
      await coordinator.ended
    },
  },
  'a node has another version': {
    disturb: async (world) => {
      const other = join(world.outDir, 'bin')
      mkdirSync(other)
      writeFileSync(
        join(other, 'node'),
        `#!/bin/sh\nexec "${process.execPath}" --require ${join(other, 'old.cjs')} "$@"\n`,
        {
          mode: 0o755,
        },
      )
      writeFileSync(join(other, 'old.cjs'), "Object.defineProperty(process.versions, 'node', { value: '18.0.0' })\n")
      const refused = world.coordinator({ slurm: { setup: [`export PATH=${other}:$PATH`] } })
      const code = await refused.ended
      const words = JSON.stringify(refused.reported.at(-1) ?? {})
      if (code !== errorOfRun || !words.includes('18.0.0'))
        world.problem(`another version ended with ${code}: ${words}`)
      execFileSync('rm', ['-rf', other])
      world.coordinator()
    },
  },
}

/** The files of the first result appear later than the word that it is there: for so long its predictions are elsewhere. */
async function delayed(world: World, coordinator: Coordinator, ms: number): Promise<void> {
  await world.until(() => world.agents().length > 0)
  coordinator.signal('SIGSTOP')
  const ends = () => filesOf(world).flatMap(({ file }) => /^\d+\.(\w+)\.1\.end$/.exec(file)?.[1] ?? [])
  if (!(await world.until(() => ends().length > 0))) world.problem('no result came')
  const predictions = join(
    world.directory,
    'attempts',
    ends()[0] ?? '',
    '1',
    'evaluations',
    'final',
    'predictions.jsonl',
  )
  renameSync(predictions, `${predictions}.late`)
  coordinator.signal('SIGCONT')
  await sleep(ms)
  tryTo(() => renameSync(`${predictions}.late`, predictions))
}

/** Until nothing more can be written. */
function fill(path: string): void {
  tryTo(() => execFileSync('dd', ['if=/dev/zero', `of=${path}`, 'bs=64k', 'count=10000'], { stdio: 'ignore' }))
}

/** The job that a process belongs to. */
function jobOf(pid: number): string {
  const environment = execFileSync('cat', [`/proc/${pid}/environ`], { encoding: 'utf8' }).split('\0')
  const of = (name: string) => environment.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
  return `${of('SLURM_ARRAY_JOB_ID')}_${of('SLURM_ARRAY_TASK_ID')}`
}

function tryTo(work: () => void): void {
  try {
    work()
  } catch {
    // It may be over already.
  }
}
