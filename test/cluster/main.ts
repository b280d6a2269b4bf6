// `npm run test:cluster [-- --seeded N] [-- --only TEXT]`: studies on a real Slurm and over a real Redis, to which things are done
// at seeded moments. All of them without options; `--seeded 12`: as many as .ci/run has time for, drawn by the seed. Prints what was
// tried; ends with 1 when anything went wrong.
import { parseArgs } from 'node:util'
import { fromSeed } from '../../src/core/random.js'
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
const found = [
  ...(values.only === '' || values.only === 'slurm' ? [await slurmCommand()] : []),
  await slurmSection(slurm.map((name): Drawn => ({ name, seed }))),
  await queueSection(queue, 1, seed),
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
    : ['slurm', 'redis'].includes(values.only)
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
