import { listBatches, lockStudy, studyFolder } from '../store/index.js'

/**
 * Takes a study's jobs back from its cluster; how many attempts these were. Throws SeqlabError 'run' where there is no such
 * study, somebody works on it, or the cluster does not do it.
 */
export async function cancelOnCluster(
  name: string,
  { out, command, warn }: { readonly out: string; readonly command: string; warn(message: string): void },
): Promise<number> {
  const study = await lockStudy(studyFolder(name, out), command)
  try {
    const { cancelStudy } = await import('../runner/executors/slurm/cancel.js')
    const { cancelQueued } = await import('../runner/executors/redis/cancel.js')
    const onSlurm = listBatches(study.directory).batches.length === 0 ? 0 : await cancelStudy(study)
    return onSlurm + (await cancelQueued(study, warn))
  } finally {
    study.close()
  }
}
