import { join } from 'node:path'
import { SeqlabError } from '../core/errors.js'
import { makeFolder, writeOutput } from '../core/files.js'
import { matrix } from '../core/ops.js'
import type { HostTensor, TensorSpec } from '../core/tensors.js'
import type { Tensor } from '../core/tf.js'
import { leaf, mapTree, subtree, type Tree } from '../core/tree.js'
import { type Exported, exportFunction } from '../engine/compiled/export.js'
import type { PureFunction } from '../engine/types.js'
import type { Transducer } from '../model/decoder/types.js'
import { buildTransducer } from '../model/transducer.js'
import type { Spec } from '../spec/types.js'
import { type ModelDescription, readModel } from '../store/index.js'
import type { TaskPart } from '../task/types.js'
import { exportReadme, greedyScript } from './export-text.js'
import { buildTrained, type TrainedParts } from './trained-parts.js'

/**
 * The trained encoder and one decoder step of a run as ONNX models, with a README, in the folder `onnx`; the paths of what
 * was written. Throws SeqlabError 'run' where the run has no model or a damaged one, 'spec' where it is of another task.
 */
export async function exportRun(directory: string, onnx: string): Promise<readonly string[]> {
  const trained = buildTrained(readModel(directory))
  refuseOthers(trained.task)
  const files = exportFiles(trained)
  makeFolder(onnx)
  for (const [file, content] of Object.entries(files)) writeOutput(join(onnx, file), content)
  return Object.keys(files).map((file) => join(onnx, file))
}

function refuseOthers({ name }: TaskPart): void {
  if (name === 'transduce') return
  throw new SeqlabError('spec', `Only runs of the task transduce can be exported, and this one is ${name}`)
}

/** What of a trained model is exported. */
export type Exportable = Pick<TrainedParts, 'sizes' | 'params'> & {
  readonly spec: Pick<Spec, 'model'>
  readonly description: Pick<ModelDescription, 'label' | 'vocabularies'>
}

/** The folder's files by name. */
export function exportFiles({ description, spec, sizes, params }: Exportable): Record<string, string | Uint8Array> {
  const transducer = buildTransducer(spec.model, sizes)
  const sourceSteps = Math.max(1, sizes.longestSource)
  const { encoder, step } = exportTransducer(transducer, params, sourceSteps)
  const { source, target = source } = description.vocabularies
  const symbols = { source: source?.symbols ?? [], target: target?.symbols ?? [] }
  return {
    'encoder.onnx': encoder.model,
    'step.onnx': step.model,
    'symbols.json': `${JSON.stringify(symbols, null, 1)}\n`,
    'greedy.py': greedyScript(sourceSteps, 2 * sizes.longestTarget + 10),
    'README.md': exportReadme({ title: description.label, sourceSteps, encoder, step }),
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
