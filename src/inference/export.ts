import { dirname, join, resolve } from 'node:path'
import { SeqlabError } from '../core/errors.js'
import { makeFolder, writeOutput } from '../core/files.js'
import { matrix } from '../core/ops.js'
import type { HostTensor, TensorSpec } from '../core/tensors.js'
import type { Tensor } from '../core/tf.js'
import { leaf, mapTree, subtree, type Tree } from '../core/tree.js'
import { loadDataset } from '../data/load.js'
import type { Dataset } from '../data/types.js'
import { type Exported, exportFunction } from '../engine/compiled/export.js'
import type { PureFunction } from '../engine/types.js'
import type { Transducer } from '../model/decoder/types.js'
import { buildTransducer } from '../model/transducer.js'
import { dataDirOf, loadTrial, type RunRecord, readTrialState } from '../store/index.js'
import { tasks } from '../task/index.js'
import { longestRow, modelSizes } from '../task/sizes.js'
import { exportReadme, greedyScript } from './export-text.js'

interface ExportOptions {
  /** Output directory. */
  readonly onnx: string
  /** Base directory of relative data paths; by default the run's own. */
  readonly dataDir?: string | undefined
}

/**
 * The trained encoder and one decoder step of a run as ONNX models, with a README; the paths of what was written. Throws
 * SeqlabError 'run' where the run is damaged or unfinished, 'spec' where it is of another task, 'data' where its data changed.
 */
export async function exportRun(directory: string, { onnx, dataDir }: ExportOptions): Promise<readonly string[]> {
  const { record } = await loadTrial(directory)
  refuseOthers(record)
  const state = await readTrialState(directory)
  if (state === undefined) throw new SeqlabError('run', `${directory} has no checkpoint to take the parameters from`)
  const dataset = await loadDataset(record.spec.data, tasks.parts.transduce.sides, {
    baseDir: resolve(dataDir ?? dataDirOf(directory) ?? dirname(directory)),
  })
  if (dataset.digests.training !== record.digests.training)
    throw changedData(dataset.digests.training, record.digests.training)
  const files = exportFiles(record, dataset, state.selection.bestParams ?? state.params)
  makeFolder(onnx)
  for (const [file, content] of Object.entries(files)) writeOutput(join(onnx, file), content)
  return Object.keys(files).map((file) => join(onnx, file))
}

function refuseOthers({ spec, status }: RunRecord): void {
  if (spec.task.type !== 'transduce') {
    throw new SeqlabError('spec', `Only runs of the task transduce can be exported, and this one is ${spec.task.type}`)
  }
  if (status !== 'completed') throw new SeqlabError('run', `The run is ${status}: only a completed one is exported`)
}

function changedData(received: string, expected: string): SeqlabError {
  return new SeqlabError('data', `The data are not those of the run: digest ${received}, not ${expected}`, {
    hint: 'Relative paths are resolved against --data-dir.',
  })
}

/** The folder's files by name. */
export function exportFiles(
  { label, spec }: Pick<RunRecord, 'label' | 'spec'>,
  dataset: Dataset,
  params: Tree<HostTensor>,
): Record<string, string | Uint8Array> {
  const sizes = modelSizes(dataset)
  const transducer = buildTransducer(spec.model, sizes)
  const sourceSteps = Math.max(1, sizes.longestSource, longestRow(dataset.test.source))
  const { encoder, step } = exportTransducer(transducer, params, sourceSteps)
  const symbols = {
    source: dataset.sourceVocabulary?.symbols ?? [],
    target: (dataset.targetVocabulary ?? dataset.sourceVocabulary)?.symbols ?? [],
  }
  return {
    'encoder.onnx': encoder.model,
    'step.onnx': step.model,
    'symbols.json': `${JSON.stringify(symbols, null, 1)}\n`,
    'greedy.py': greedyScript(sourceSteps, 2 * sizes.longestTarget + 10),
    'README.md': exportReadme({ title: label, sourceSteps, encoder, step }),
  }
}

/** Encoder: ids, mask [1,S] -> memory and state. Step: previous [1], memory, state -> logProbs [1,V], state. */
function exportTransducer(
  transducer: Transducer,
  params: Tree<HostTensor>,
  sourceSteps: number,
): { encoder: Exported; step: Exported } {
  const specs = mapTree(params, specOf)
  const encode: PureFunction = (weights, inputs) => {
    const source = { ids: matrix(inputs, 'ids'), mask: matrix(inputs, 'mask') }
    const { memory, state } = transducer.start(weights, source, undefined)
    return { outputs: { memory, state } }
  }
  const source: Tree<TensorSpec> = {
    ids: { dtype: 'int32', shape: [1, sourceSteps] },
    mask: { dtype: 'float32', shape: [1, sourceSteps] },
  }
  const encoder = exportFunction('encoder', encode, { state: specs, inputs: source }, params)
  const advance: PureFunction = (weights, inputs) => ({
    outputs: { ...transducer.step(weights, leaf(inputs, 'previous'), sub(inputs, 'memory'), sub(inputs, 'state')) },
  })
  const inputs = { previous: { dtype: 'int32', shape: [1] } as const, ...encoder.tree }
  return { encoder, step: exportFunction('step', advance, { state: specs, inputs }, params) }
}

function specOf({ dtype, shape }: HostTensor): TensorSpec {
  return { dtype, shape }
}

/** A model without a memory has no such inputs. */
function sub(inputs: Tree<Tensor>, name: string): Tree<Tensor> {
  return name in inputs ? subtree(inputs, name) : {}
}
