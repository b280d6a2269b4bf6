import { copyFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { SeqlabError } from '../core/errors.js'
import { makeFolder, writeOutput } from '../core/files.js'
import { modelPath, readModel, type StoredModel } from '../store/index.js'
import { exportReadme } from './export-text.js'
import { predictScript } from './exported/predict-script.js'

/**
 * The exported form of a run's model in the folder `onnx`: ONNX models of its functions, its parameters, its description, a
 * README and a Python program that predicts with them; the paths of what was written. Throws SeqlabError 'run' where the run has no model or a damaged one.
 */
export async function exportRun(directory: string, onnx: string): Promise<readonly string[]> {
  const model = readModel(directory)
  refuseWithout(model)
  makeFolder(onnx)
  const copied = [
    ...[...model.functions.values()].map(({ file }) => file),
    modelPath(model.directory, 'parameters'),
    modelPath(model.directory, 'description'),
  ]
  for (const file of copied) copyFileSync(file, join(onnx, basename(file)))
  const texts = { 'predict.py': predictScript, 'README.md': exportReadme(model.description) }
  for (const [name, text] of Object.entries(texts)) writeOutput(join(onnx, name), text)
  return [...copied.map((file) => basename(file)), ...Object.keys(texts)].map((name) => join(onnx, name))
}

function refuseWithout({ directory, functions }: StoredModel): void {
  if (functions.size > 0) return
  throw new SeqlabError(
    'run',
    `The model in ${directory} was written by an earlier version, without its exported form`,
    {
      hint: 'Train it again, or use `seqlab predict`.',
    },
  )
}
