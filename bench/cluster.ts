// What a run costs beyond training where its trials are trained elsewhere.
// usage: npm run bench:cluster -- [--trials 1000] [--workers 4] [--simulated 100000] [--machines 1000] [--compared 10000]
//        [--only redis|simulated|compared]
// First trials of two steps: over Redis with so many workers here, and by the local runner with as many. Then the real
// coordinator, ledger and publishing against a fleet of machines that only exist by their events, in virtual time, and `list`
// of what they gave. Then the comparison of as many. All of it is in bench/results/cluster-DATE.json, which docs/cluster.md quotes.
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { overRedis } from './cluster/over-redis.js'
import { compared, simulated } from './cluster/simulated.js'
import { writeBenchRecord } from './record.js'

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '1000' },
    workers: { type: 'string', default: '4' },
    simulated: { type: 'string', default: '100000' },
    machines: { type: 'string', default: '1000' },
    compared: { type: 'string', default: '10000' },
    only: { type: 'string' },
  },
})

const isWanted = (part: string) => values.only === undefined || values.only === part
const loadBefore = loadavg()
const redis = isWanted('redis') ? await overRedis(Number(values.trials), Number(values.workers)) : undefined
const many = isWanted('simulated') ? await simulated(Number(values.simulated), Number(values.machines)) : undefined
const comparison = isWanted('compared') ? await compared(Number(values.compared)) : undefined

writeBenchRecord('cluster', { loadBefore, redis, simulated: many, compared: comparison })
