// What a run costs beyond training where its trials are trained elsewhere.
// usage: npm run bench:cluster -- [--trials 1000] [--workers 4] [--simulated 100000] [--machines 1000] [--only redis|simulated]
// First trials of two steps: over Redis with so many workers here, and by the local runner with as many. Then the real
// coordinator, ledger and publishing against a fleet of machines that only exist by their events, in virtual time.
import { parseArgs } from 'node:util'
import { overRedis } from './cluster/over-redis.js'
import { simulated } from './cluster/simulated.js'

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '1000' },
    workers: { type: 'string', default: '4' },
    simulated: { type: 'string', default: '100000' },
    machines: { type: 'string', default: '1000' },
    only: { type: 'string' },
  },
})

if (values.only !== 'simulated') await overRedis(Number(values.trials), Number(values.workers))
if (values.only !== 'redis') await simulated(Number(values.simulated), Number(values.machines))
