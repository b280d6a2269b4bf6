// A Slurm of its own for a test: munged, slurmctld and slurmds of three nodes on this machine, in a scratch folder.
import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Why tests on Slurm are left out here; undefined where they can run. */
export const withoutSlurm: string | undefined = missing()

export interface SlurmCluster {
  readonly folder: string
  readonly nodes: readonly string[]
  /** What Slurm's commands need to find it. */
  readonly environment: Readonly<Record<string, string>>
  /** One of Slurm's commands; what it prints. */
  command(name: string, ...args: readonly string[]): string
  /** All jobs that have not ended, a line each: name, id, index, state. */
  queue(): readonly string[]
  /** SIGKILL for the daemon of a node; its jobs live on. */
  killNode(node: string): Promise<void>
  startNode(node: string): Promise<void>
  killController(): Promise<void>
  startController(): Promise<void>
  /** Empties the queue, and ends what was started. */
  stop(): Promise<void>
}

export interface ClusterShape {
  /** Further lines of slurm.conf. */
  readonly more?: readonly string[]
  readonly maxArraySize?: number
  /** Seconds that the controller remembers a job that has ended. */
  readonly minJobAge?: number
}

const nodes = ['n1', 'n2', 'n3']

function missing(): string | undefined {
  if (process.getuid?.() !== 0) return 'Slurm runs jobs for root alone here, and this user is another one'
  const commands = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'squeue', 'scancel']
  const absent = commands.filter((name) => spawnSync('which', [name]).status !== 0)
  return absent.length === 0
    ? undefined
    : `${absent.join(', ')} are not installed here (apt-get install slurm-wlm munge)`
}

/** Starts a cluster and waits until its nodes are idle: about two seconds. */
export async function startSlurm({
  more = [],
  maxArraySize = 1001,
  minJobAge = 300,
}: ClusterShape = {}): Promise<SlurmCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'seqlab-slurm-'))
  for (const name of ['state', 'log', 'spool', 'run', 'munge']) mkdirSync(join(folder, name))
  const ports = await freePorts(nodes.length + 1)
  const conf = join(folder, 'slurm.conf')
  writeFileSync(conf, configuration(folder, ports, { more, maxArraySize, minJobAge }))
  const environment = { SLURM_CONF: conf }
  const run = (name: string, ...args: readonly string[]) =>
    execFileSync(name, args, {
      encoding: 'utf8',
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 60_000,
    })
  const file = (...names: readonly string[]) => join(folder, ...names)
  const startNode = async (node: string) => {
    run('slurmd', '-f', conf, '-N', node)
    await until(() => existsSync(file('run', `slurmd.${node}.pid`)))
  }
  const startController = async () => {
    run('slurmctld', '-f', conf)
    await until(() => answers(() => run('scontrol', 'ping').includes('UP')))
  }
  startMunge(folder, run)
  run('slurmctld', '-f', conf, '-c')
  for (const node of nodes) await startNode(node)
  await until(() => answers(() => uniqueLines(run('sinfo', '-h', '-o', '%T')).join() === 'idle'))
  const queue = () =>
    run(
      'squeue',
      '--noheader',
      '--array',
      '--states=PENDING,RUNNING,COMPLETING,SUSPENDED,CONFIGURING',
      '--format=%j|%F|%K|%T',
    )
      .split('\n')
      .filter((line) => line !== '')
  return {
    ...{ folder, nodes, environment, command: run, queue, startNode, startController },
    killNode: (node) => endByFile(file('run', `slurmd.${node}.pid`), 'SIGKILL'),
    killController: () => endByFile(file('run', 'slurmctld.pid'), 'SIGKILL'),
    stop: async () => {
      // A step stays where its daemon ends before its job.
      if (queue().length > 0) run('scancel', '--user=root')
      await until(() => queue().length === 0)
      for (const node of nodes) await endByFile(file('run', `slurmd.${node}.pid`), 'SIGTERM')
      await endByFile(file('run', 'slurmctld.pid'), 'SIGTERM')
      await endByFile(file('munge', 'pid'), 'SIGTERM')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function startMunge(folder: string, run: (name: string, ...args: readonly string[]) => string): void {
  const munge = (name: string) => join(folder, 'munge', name)
  chmodSync(folder, 0o755)
  chmodSync(join(folder, 'munge'), 0o755)
  writeFileSync(munge('key'), randomBytes(1024), { mode: 0o400 })
  const files = { 'key-file': 'key', socket: 'munge.socket', 'pid-file': 'pid', 'log-file': 'log', 'seed-file': 'seed' }
  run('munged', '--force', ...Object.entries(files).map(([option, name]) => `--${option}=${munge(name)}`))
}

function configuration(
  folder: string,
  ports: readonly number[],
  { more, maxArraySize, minJobAge }: Required<ClusterShape>,
): string {
  const [controller = 0, ...own] = ports
  return [
    ...['ClusterName=ci', 'SlurmctldHost=localhost(127.0.0.1)', 'AuthType=auth/munge', 'CryptoType=crypto/munge'],
    `AuthInfo=socket=${folder}/munge/munge.socket,cred_expire=10`,
    ...['SlurmUser=root', 'SlurmdUser=root', `SlurmctldPort=${controller}`],
    ...[`StateSaveLocation=${folder}/state`, `SlurmdSpoolDir=${folder}/spool/%n`],
    ...[`SlurmctldPidFile=${folder}/run/slurmctld.pid`, `SlurmdPidFile=${folder}/run/slurmd.%n.pid`],
    ...[`SlurmctldLogFile=${folder}/log/slurmctld.log`, `SlurmdLogFile=${folder}/log/slurmd.%n.log`],
    ...['ProctrackType=proctrack/linuxproc', 'TaskPlugin=task/none', 'JobAcctGatherType=jobacct_gather/none'],
    ...['AccountingStorageType=accounting_storage/none', 'JobCompType=jobcomp/filetxt'],
    ...[`JobCompLoc=${folder}/log/jobcomp.txt`, 'MpiDefault=none', 'ReturnToService=2'],
    ...['SelectType=select/cons_tres', 'SelectTypeParameters=CR_Core'],
    'SchedulerParameters=batch_sched_delay=0,sched_interval=2,bf_interval=2',
    ...['SlurmdTimeout=10', 'KillWait=5', `MinJobAge=${minJobAge}`, `MaxArraySize=${maxArraySize}`],
    'SlurmdParameters=config_overrides',
    ...more,
    ...nodes.map(
      (node, at) => `NodeName=${node} NodeHostname=localhost NodeAddr=127.0.0.1 Port=${own[at]} CPUs=2 RealMemory=4000`,
    ),
    'PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP',
    '',
  ].join('\n')
}

/** Ports that nothing listens on. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, '127.0.0.1', () => {
            const address = server.address()
            resolve(typeof address === 'object' && address !== null ? address.port : 0)
          })
        }),
    ),
  )
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

async function endByFile(pidFile: string, signal: NodeJS.Signals): Promise<void> {
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : Number.NaN
  if (!Number.isInteger(pid) || pid <= 1) return
  if (!answers(() => process.kill(pid, signal))) return
  await until(() => !isRunning(pid))
  rmSync(pidFile, { force: true })
}

function isRunning(pid: number): boolean {
  return answers(() => process.kill(pid, 0) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')))
}

/** What a question is answered with; false where it throws. */
function answers(ask: () => boolean): boolean {
  try {
    return ask()
  } catch {
    return false
  }
}

function uniqueLines(text: string): readonly string[] {
  return [...new Set(text.split('\n').filter((line) => line !== ''))]
}

async function until(condition: () => boolean, withinMs = 60_000): Promise<void> {
  const end = performance.now() + withinMs
  while (!condition()) {
    if (performance.now() > end) throw new Error(`Slurm did not do within ${withinMs / 1000} s what was asked`)
    await sleep(50)
  }
}
