import { copyFileSync, existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { SeqlabError } from '../core/errors.js'
import { makeFolder, readFileIfPresent, writeOutput } from '../core/files.js'
import { modelPath, readModel, type StoredModel } from '../store/index.js'
import { exportReadme } from './export-text.js'
import { predictScript } from './exported/predict-script.js'

/**
 * The exported form of a run's model in the folder `onnx`: ONNX models of its functions, its parameters, its description, a
 * README and a Python program that predicts with them; the paths of what was written. Throws SeqlabError 'run' where the run has no model or a damaged one,
 * 'spec' where the folder has a file of these names that is no earlier export's.
 */
export async function exportRun(directory: string, onnx: string): Promise<readonly string[]> {
  const model = readModel(directory)
  refuseWithout(model)
  const copied = [
    ...[...model.functions.values()].map(({ file }) => file),
    modelPath(model.directory, 'parameters'),
    modelPath(model.directory, 'description'),
  ]
  const texts = { 'predict.py': predictScript, 'README.md': exportReadme(model.description) }
  const names = [...copied.map((file) => basename(file)), ...Object.keys(texts)]
  refuseOthers(onnx, names)
  makeFolder(onnx)
  // predict.py comes first: by it an export is known again, if it is interrupted too.
  for (const [name, text] of Object.entries(texts)) writeOutput(join(onnx, name), text)
  for (const file of copied) copyFileSync(file, join(onnx, basename(file)))
  return names.map((name) => join(onnx, name))
}

/** How the texts of an export begin. */
const beginnings: Readonly<Record<string, RegExp>> = {
  'predict.py': /^"""Predictions of an exported seqlab model/,
  'README.md': /^# .*, as ONNX\n\nA trained model of the task /,
}

/** An export is known by its predict.py: its other files are its own, unless they are texts that begin otherwise. */
function refuseOthers(onnx: string, names: readonly string[]): void {
  const isOwn = (name: string) => {
    const begin = readFileIfPresent(join(onnx, name))?.subarray(0, 4096).toString('utf8') ?? ''
    return beginnings[name]?.test(begin) ?? true
  }
  const isExport = existsSync(join(onnx, 'predict.py')) && isOwn('predict.py')
  const other = names.find((name) => existsSync(join(onnx, name)) && !(isExport && isOwn(name)))
  if (other === undefined) return
  throw new SeqlabError('spec', `${join(onnx, other)} would be overwritten, and is not of an earlier export`, {
    hint: 'Name a folder of its own with --onnx, or move the file.',
  })
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
