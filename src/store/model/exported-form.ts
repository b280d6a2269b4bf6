import { join } from 'node:path'
import { damaged } from '../../core/checked-json.js'
import { digestOf, type FileDigest } from '../files.js'
import { functionFile, modelPath } from '../layout.js'
import type { ModelDescription } from './description.js'
import { hasModel, largestParameters, modelFolder, readModelDescription, readWhole } from './files.js'
import { parametersStart } from './safetensors.js'

/** A model's exported form as it is on disk: what is large is read when it is asked for. */
export interface ExportedForm {
  readonly description: ModelDescription
  /** The ONNX model of a function. */
  readonly functionBytes: (name: string) => Uint8Array
  /** The parameters' file, and its first byte that is a number's. */
  readonly parameters: () => { readonly bytes: Uint8Array; readonly start: number }
}

/**
 * Undefined where a folder has no model, or one of an earlier version. Throws SeqlabError 'run' where files are missing or
 * damaged; own parts are not needed.
 */
export function readExportedForm(directory: string): ExportedForm | undefined {
  if (!hasModel(directory)) return undefined
  const folder = modelFolder(directory)
  const description = readModelDescription(folder)
  const { functions, parameters } = description
  if (functions === undefined) return undefined
  return {
    description,
    functionBytes: (name) => whole(join(folder, functionFile(name)), functions[name]?.file),
    parameters: () => {
      const path = modelPath(folder, 'parameters')
      const bytes = whole(path, parameters.file)
      return { bytes, start: parametersStart(bytes, path) }
    },
  }
}

function whole(path: string, expected: FileDigest | undefined): Buffer {
  const bytes = readWhole(path, largestParameters, expected?.bytes)
  if (digestOf(bytes).sha256 !== expected?.sha256) throw damaged(path, 'its checksum does not match')
  return bytes
}
