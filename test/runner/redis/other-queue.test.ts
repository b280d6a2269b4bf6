import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { refuseOtherQueue } from '../../../src/runner/executors/redis/other-queue.js'
import { queueOf } from '../../../src/runner/executors/redis/settings.js'
import { lockStudy, queueName, revokeAttempt } from '../../../src/store/index.js'

const versions = { seqlab: '1' }
const [first, second, newer] = [
  queueOf('seqlab', versions),
  queueOf('gpu-room', versions),
  queueOf('seqlab', { seqlab: '2' }),
]

test('a study goes on in the queue that has its jobs, and in no other', async () => {
  const directory = join(mkdtempSync(join(tmpdir(), 'other-queue-')), 'study')
  mkdirSync(directory)
  const study = await lockStudy(directory, 'test')
  refuseOtherQueue(directory, second)
  queueName(directory, first)
  refuseOtherQueue(directory, second)
  study.ledger.append({ kind: 'started', trialId: 'aaaa', attempt: 1, queue: 'waits' })
  refuseOtherQueue(directory, first)
  expect(() => refuseOtherQueue(directory, second)).toThrow(
    expect.objectContaining({
      code: 'run',
      message: '1 trial is in the queue seqlab, where an earlier command put them, not in gpu-room',
      hint: `Name that one in the profile (queue: seqlab), or take them back first: seqlab cancel ${directory}.`,
    }),
  )
  expect(() => refuseOtherQueue(directory, newer)).toThrow('1 trial is in the queue of another version')
  revokeAttempt(study, { trialId: 'aaaa', attempt: 1 }, 'it was cancelled')
  refuseOtherQueue(directory, second)
  study.close()
})
