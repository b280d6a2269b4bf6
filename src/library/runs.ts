import { openModel as openModelIn, type TrainedModel } from '../inference/open-model.js'
import { findModel, type ListedRun, listRuns } from '../store/index.js'
import { giveOwnParts } from './own-parts.js'

export interface OpenModelOptions {
  /** Where runs are looked up by name; by default `runs`. */
  readonly out?: string
  /** The files of parts of your own that the model was trained with; the process knows these parts from then on. */
  readonly parts?: string | readonly string[] | undefined
  /** Is told what may change the model's predictions on this machine; by default, Node prints it. */
  readonly warn?: (message: string) => void
}

/**
 * A trained model by its `model/` directory, its trial's directory, the name of a study with one run, or the start of a
 * trial id. Throws SeqlabError 'run' that lists the choices where that is not one model, and where it is damaged or of
 * another version, or was trained with parts that were not given; 'spec' where `parts` cannot be used.
 */
export async function openModel(
  run: string,
  { out = 'runs', parts, ...options }: OpenModelOptions = {},
): Promise<TrainedModel> {
  await giveOwnParts({ parts })
  return openModelIn(await findModel(run, out), options)
}

/**
 * Every run of every study in a directory, newest study first; each record is checked against its manifest. Throws
 * SeqlabError 'run' where there is no such directory.
 */
export function readRuns(out = 'runs'): Promise<readonly ListedRun[]> {
  return listRuns(out)
}
