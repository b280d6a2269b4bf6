import Type, { type Static } from 'typebox'
import { closed } from '../../core/schema.js'
import type { JsonSchema } from '../document/schema-navigation.js'
import { durationPattern, sizePattern } from './units.js'

/** A duration from `least` to `most`, which load-profile.ts checks: a pattern can say neither. Nothing is longer than timers hold. */
const duration = (
  description: string,
  { least, most, ...more }: { readonly least: string; readonly most: string; readonly default?: string },
) =>
  Type.String({
    pattern: durationPattern,
    'x-form': 'a duration above zero, such as 90s, 30m, 4h or 1d',
    'x-least': least,
    'x-most': most,
    description: `${description} From ${least} to ${most}.`,
    ...more,
  })

const size = (description: string, more: { readonly default?: string } = {}) =>
  Type.String({ pattern: sizePattern, 'x-form': 'a size above zero, such as 800MiB or 8GiB', description, ...more })

/** One word of a command line: nothing that starts an option, ends it, or that a shell would read in another way. */
const word = (description: string) =>
  Type.String({
    pattern: '^(?!-)[^\\s\\u0000-\\u001f\\u007f"\'`\\\\]{1,200}$',
    'x-form': 'one word (a number in quotes) that does not begin with -, without blanks, quotes and backslashes',
    description,
  })

const address = 'the address of the queue comes from the environment alone: `SEQLAB_REDIS_URL`'

/** What profiles are closed to, and called in messages. */
const profile = { ...closed, 'x-document': 'a profile', 'x-absent': { url: address, host: address, password: address } }

const grace = duration(
  'How long a result may be late: files written elsewhere appear with delay on a network file system, and only then is an attempt called lost.',
  { least: '1s', most: '1d', default: '60s' },
)

/** What a profile of a Slurm cluster says. */
export const SlurmOptions = Type.Object(
  {
    executor: Type.Literal('slurm', { description: 'Jobs of a Slurm cluster with a shared file system.' }),
    partition: Type.Optional(word('The partition (`sbatch --partition`); by default the cluster decides.')),
    account: Type.Optional(word('The account that is charged (`--account`).')),
    qos: Type.Optional(word('The quality of service (`--qos`).')),
    constraint: Type.Optional(
      word(
        'Features that a node must have (`--constraint`), such as avx512: bytes are the same on one kind of processor.',
      ),
    ),
    time: duration(
      'Time limit of a job (`--time`, in whole minutes). Trials that need longer save before it, and go on in the next job.',
      { least: '1m', most: '365d' },
    ),
    lead: duration('How long before the time limit a job is asked to save (`--signal`); Slurm may ask 60 s earlier.', {
      ...{ least: '10s', most: '1d' },
      default: '2m',
    }),
    memory: Type.Optional(size('Memory of a job (`--mem`); by default what the cluster gives.')),
    cores: Type.Integer({
      minimum: 1,
      maximum: 1024,
      default: 1,
      description:
        'Cores of a job (`--cpus-per-task`): as many trials run side by side in it; a lone trial uses threads.',
    }),
    pack: Type.Union([Type.Literal('auto'), Type.Integer({ minimum: 1, maximum: 10_000 })], {
      default: 'auto',
      description: 'Trials of a job: a number, or auto, by their planned cost as many as take 15 to 60 minutes.',
    }),
    atOnce: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100_000,
        description: 'Jobs of an array that run at once (`--array=...%N`).',
      }),
    ),
    poll: duration('How often the queue is asked (`squeue`); up to six times less often where nothing changes.', {
      ...{ least: '1s', most: '1h' },
      default: '30s',
    }),
    grace,
    setup: Type.Array(Type.String({ pattern: '^[^\\u0000]{1,10000}$', 'x-form': 'a line of shell' }), {
      default: [],
      description: 'Lines of shell before a job computes: `module load nodejs`, say.',
    }),
  },
  { ...profile, description: 'Jobs of a Slurm cluster.' },
)

/** What a profile of a queue on Redis says. */
export const RedisOptions = Type.Object(
  {
    executor: Type.Literal('redis', {
      description:
        'A queue on Redis, which workers on any machines take jobs from; its address is in SEQLAB_REDIS_URL.',
    }),
    queue: Type.String({
      pattern: '^[a-z][a-z0-9_-]{0,39}$',
      'x-form': 'lower-case letters, digits, _ and -',
      default: 'seqlab',
      description: 'Name of the queue: studies and workers of one name, and of one version of seqlab, find each other.',
    }),
    lease: duration(
      'After so long without a sign of life a worker has lost its job, which another one continues from its last checkpoint.',
      { least: '2s', most: '1h', default: '60s' },
    ),
    grace: duration(
      'How long Redis may be away, or take nothing (it is full, or read-only), before a command or a worker gives up; what is queued stays.',
      { least: '1s', most: '1d', default: '5m' },
    ),
    poll: duration('How often the queue is asked for what no event told, and workers are counted.', {
      ...{ least: '1s', most: '1h' },
      default: '30s',
    }),
    keep: duration('How long jobs, files and results stay in Redis that nobody asks for.', {
      ...{ least: '1m', most: '365d' },
      default: '7d',
    }),
    largestFile: size('Files that are larger are neither sent nor taken, also before they are decompressed.', {
      default: '4GiB',
    }),
    jobs: Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      default: 10_000,
      description: 'Jobs of a study that wait or run in the queue at a time.',
    }),
  },
  { ...profile, description: 'A queue on Redis.' },
)

export type SlurmOptions = Static<typeof SlurmOptions>
export type RedisOptions = Static<typeof RedisOptions>

/** A file that says where a run computes, and how: studies stay independent of machines. */
export type ClusterOptions = SlurmOptions | RedisOptions

/** A profile's schema: `executor` names the branch, which errors are then about. */
export const clusterSchema: JsonSchema = plainSchema({
  'x-part': { kind: 'executor of a cluster', key: 'executor' },
  anyOf: [SlurmOptions, RedisOptions],
})

/** TypeBox's hidden marks drop out; what is left is JSON. */
function plainSchema(schema: object): JsonSchema {
  return JSON.parse(JSON.stringify(schema))
}
