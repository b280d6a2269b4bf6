import { SeqlabError } from '../../../core/errors.js'
import { shellLine } from '../../../core/shell.js'
import { queueAttempts, readQueueFile } from '../../../store/index.js'
import { nameInProfile } from './settings.js'

/**
 * Jobs of a study that are in another queue would be trained a second time, and their results found by nobody. Throws
 * SeqlabError 'run'.
 */
export function refuseOtherQueue(studyDirectory: string, queue: string): void {
  const known = readQueueFile(studyDirectory)?.queue
  if (known === undefined || known === queue) return
  const count = queueAttempts(studyDirectory).size
  if (count === 0) return
  const trialsAre = count === 1 ? '1 trial is' : `${count} trials are`
  const [there, here] = [nameInProfile(known), nameInProfile(queue)]
  const back = `take them back first: ${shellLine(['seqlab', 'cancel', studyDirectory])}`
  if (there === here)
    throw new SeqlabError('run', `${trialsAre} in the queue of another version, where an earlier command put them`, {
      hint: `Go on with that version, or ${back}.`,
    })
  throw new SeqlabError(
    'run',
    `${trialsAre} in the queue ${there}, where an earlier command put them, not in ${here}`,
    {
      hint: `Name that one in the profile (queue: ${there}), or ${back}.`,
    },
  )
}
