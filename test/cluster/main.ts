// `npm run test:cluster [-- --seeded N] [--seed N] [--minutes N] [--only TEXT]`: studies on a real Slurm and over a real Redis, to
// which things are done at seeded moments, the commands on both, and one study in three places. All of it without options (half
// an hour on two cores). `--seeded 12`: the commands, and as many events as .ci/run has time for, drawn by the seed from those
// that take less than a minute; `--minutes`: after that none begins. `--only`: events with this text in their name, `slurm`, `redis`
// or `places`. Prints what was tried, and ends with 1 when anything went wrong.
import { parseArgs } from 'node:util'
import { fromSeed } from '../../src/core/random.js'
import { samePlaces } from './places.js'
import { queueCommand } from './queue/command.js'
import { queueEvents } from './queue/events.js'
import { queueSection } from './queue/section.js'
import { slurmCommand } from './slurm/command.js'
import { slurmEvents } from './slurm/events.js'
import { type Drawn, slurmSection } from './slurm/section.js'

const { values } = parseArgs({
  options: {
    seeded: { type: 'string' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    minutes: { type: 'string' },
  },
})
const seed = Number(values.seed)
const slurmNames = named(Object.keys(slurmEvents), 'slurm')
const queueNames = named(Object.keys(queueEvents), 'redis')
const limit = values.seeded === undefined ? undefined : Number(values.seeded)
const short = slurmNames.filter((name) => slurmEvents[name]?.long !== true)
const slurm = limit === undefined ? slurmNames : drawn(short, Math.ceil(limit / 2))
const queue = limit === undefined ? queueNames : drawn(queueNames, Math.floor(limit / 2))

const began = performance.now()
const endsMs = values.minutes === undefined ? Number.POSITIVE_INFINITY : 60_000 * Number(values.minutes)
const inTime = () => performance.now() - began < endsMs
const commands = [
  ...(values.only === '' || values.only === 'slurm' ? [slurmCommand()] : []),
  ...(values.only === '' || values.only === 'redis' ? [queueCommand()] : []),
]
const found = [
  ...(await Promise.all(commands)),
  ...(values.only === 'places' || (values.only === '' && limit === undefined) ? [await samePlaces()] : []),
  await slurmSection(
    slurm.map((name): Drawn => ({ name, seed })),
    inTime,
  ),
  await queueSection(queue, 1, seed, inTime),
]
const counts = Object.assign({}, ...found.map((each) => each.counts))
const problems = found.flatMap((each) => each.problems)
const saying = (text: string) => problems.filter((problem) => problem.includes(text)).length
const sums = {
  ...counts,
  'trials lost': saying('is lost'),
  'published twice': saying('published twice'),
  'bytes different': saying('differs from the undisturbed run'),
  'processes left': saying('are left') + saying('were left'),
  'queues not empty': saying('the queue is not empty'),
}
for (const [name, count] of Object.entries(sums)) console.log(`${name}: ${count}`)
console.log(`${problems.length} problems in ${((performance.now() - began) / 60_000).toFixed(1)} minutes`)
process.exit(problems.length === 0 ? 0 : 1)

/** Those that have the text of `--only` in them, which may name the executor. */
function named(names: readonly string[], executor: string): readonly string[] {
  return values.only === executor
    ? names
    : ['slurm', 'redis', 'places'].includes(values.only)
      ? []
      : names.filter((name) => name.includes(values.only))
}

/** Some of them, by the seed. */
function drawn(names: readonly string[], count: number): readonly string[] {
  const random = fromSeed(seed)
  return names
    .map((name) => ({ name, at: random.uniform() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, count)
    .map(({ name }) => name)
}
