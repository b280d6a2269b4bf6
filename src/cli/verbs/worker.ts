import { availableParallelism } from 'node:os'
import { Command, InvalidArgumentError } from '@commander-js/extra-typings'
import { examples, memoryBytesOf, partsOption, positive } from '../options.js'

/** `seqlab worker`: 0 once it was stopped or found nothing to do, 2 where Redis or this machine is in the way. */
export const workerVerb = () =>
  new Command('worker')
    .description("take jobs from a queue on Redis, and train them on this machine's cores")
    .requiredOption('--cluster <file>', 'profile of the queue (executor: redis); its address is in SEQLAB_REDIS_URL')
    .option('--slots <n>', 'jobs at a time, each in its own process (default: one per core)', slots)
    .option(
      '--memory <GiB>',
      'memory limit of each training process (default: 80 % of the machine, shared by the slots)',
      positive,
    )
    .option('--dir <dir>', 'where running jobs write (default: a temporary directory)')
    .option('--cache <GiB>', 'files kept for later jobs, in the cache directory', positive, 10)
    .option('--idle-minutes <n>', 'end once there was no job for so long (default: go on until stopped)', positive)
    .option('--quiet', 'print warnings only', false)
    .addOption(partsOption())
    .addHelpText(
      'after',
      examples(
        'export SEQLAB_REDIS_URL=rediss://user:password@queue.example.org:6379',
        'seqlab worker --cluster queue.yaml',
        'seqlab worker --cluster queue.yaml --slots 4 --memory 2 --idle-minutes 10',
        'seqlab worker --cluster queue.yaml --parts my-scorer.js',
      ),
    )
    .action(async (flags) => {
      const { loadProfile } = await import('../../spec/cluster/load-profile.js')
      const { queueSettings } = await import('../../runner/executors/redis/profile.js')
      const { runWorker } = await import('../../runner/executors/redis/worker/agent.js')
      const { defaultLimits } = await import('../../runner/limits.js')
      const { stopOnSignals } = await import('../signals.js')
      const { refuse } = await import('../text/errors.js')
      const { printable } = await import('../text/printable.js')
      const { profile, problems } = loadProfile(flags.cluster)
      if (profile === undefined) return refuse(problems)
      if (profile.executor !== 'redis') {
        const message = `is ${profile.executor}: workers take jobs from a queue on Redis; Slurm starts its jobs by itself`
        return refuse([{ path: 'executor', message, place: { file: flags.cluster } }])
      }
      const { slots: jobs = availableParallelism(), dir, idleMinutes } = flags
      const print = (line: string) => process.stderr.write(`${timeNow()} ${printable(line)}\n`)
      const signals = stopOnSignals(() => print('saving, and giving the running jobs back; again to stop at once'))
      const settings = {
        ...{ queue: queueSettings(profile), slots: jobs, cacheBytes: flags.cache * 2 ** 30 },
        hostBytes: memoryBytesOf(flags) ?? defaultLimits.hostBytes / jobs,
        ...(dir !== undefined && { directory: dir }),
        ...(idleMinutes !== undefined && { idleMs: 60_000 * idleMinutes }),
      }
      const say = flags.quiet ? () => {} : print
      try {
        await runWorker(settings, { say, warn: (message) => print(`warning: ${message}`) }, signals.stop)
      } finally {
        signals.release()
      }
    })

function slots(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number from 1 to 999.')
}

/** With its date, in UTC: lines of days are in one log. */
function timeNow(): string {
  return new Date().toISOString().slice(0, 19).replace('T', ' ')
}
