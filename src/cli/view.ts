import { basename, dirname, resolve } from 'node:path'
import { startLiveServer } from '../report/live/server/index.js'
import { isStudyFolder, refuseMissing } from '../store/index.js'

export interface ViewFlags {
  /** Of runs, or of a study. */
  readonly directory: string
  readonly port: number | undefined
  readonly host: string
  readonly json: boolean
}

/** Serves until SIGINT or SIGTERM; the address is the first line on stdout. */
export async function view({ directory, port, host, json }: ViewFlags): Promise<void> {
  refuseMissing(directory, 'Give the directory of the runs: seqlab view DIR.')
  const path = resolve(directory)
  const isStudy = isStudyFolder(path)
  const shown = isStudy ? { root: dirname(path), only: basename(path) } : { root: path }
  const server = await startLiveServer({ ...shown, host, port })
  const url = isStudy ? `${server.url}study/${encodeURIComponent(basename(path))}` : server.url
  process.stdout.write(`${json ? JSON.stringify({ url }) : url}\n`)
  if (!json) process.stderr.write('Ctrl+C ends it.\n')
  await stopAsked()
  await server.close()
}

/** Leaves the second signal to Node, which then ends at once. */
function stopAsked(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}
