import { SeqlabError } from '../../../core/errors.js'
import { systemErrorCode } from '../../../core/files.js'

/** What the executor over Redis needs besides this package; nothing else loads it. */
export interface Libraries {
  readonly bullmq: typeof import('bullmq')
  readonly Redis: typeof import('ioredis').Redis
}

/** Loads BullMQ and its client. Throws SeqlabError 'run' where they are not installed. */
export async function loadLibraries(): Promise<Libraries> {
  try {
    const [bullmq, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')])
    return { bullmq, Redis }
  } catch (error) {
    if (!['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(systemErrorCode(error) ?? '')) throw error
    const message = 'The executor `redis` needs the packages bullmq and ioredis, which are not installed here'
    throw new SeqlabError('run', message, { hint: 'Install them next to seqlab: npm install bullmq ioredis' })
  }
}
