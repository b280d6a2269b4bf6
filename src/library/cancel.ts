import { lockStudy, studyFolder } from '../store/index.js'

/**
 * Takes a study's jobs back from its cluster; how many attempts these were. Throws SeqlabError 'run' where there is no such
 * study, somebody works on it, or the cluster does not do it.
 */
export async function cancelOnCluster(
  name: string,
  { out, command }: { readonly out: string; readonly command: string },
): Promise<number> {
  const study = await lockStudy(studyFolder(name, out), command)
  try {
    const { cancelStudy } = await import('../runner/executors/slurm/cancel.js')
    return await cancelStudy(study)
  } finally {
    study.close()
  }
}
