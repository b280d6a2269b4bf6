// model/: the best parameters and what they are about. It is written once, moves to any machine and is opened without the data.

import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { checked, damaged } from '../../core/checked-json.js'
import { SeqlabError } from '../../core/errors.js'
import { systemErrorCode, writeFileSynced } from '../../core/files.js'
import { parseStrictObject } from '../../core/strict-json.js'
import { systemReason } from '../../core/system-errors.js'
import type { HostTensor } from '../../core/tensors.js'
import { leaves } from '../../core/tree.js'
import { requireParts } from '../../spec/own/required.js'
import { digestOf, type FileDigest } from '../files.js'
import { functionFile, functionFileName, modelFileName, modelPath, trialPath } from '../layout.js'
import { sealJson, sealProblem } from '../sealed-json.js'
import { describeModel, type ModelDescription, type ModelToWrite, modelDescriptionSchema } from './description.js'
import { decodeSafetensors, encodeSafetensors } from './safetensors.js'

/** A model as it is on disk: nothing of it has been built yet. */
export interface StoredModel {
  readonly directory: string
  readonly description: ModelDescription
  /** By path. */
  readonly parameters: ReadonlyMap<string, HostTensor>
  /** Its exported form, by function; none in a model of before. */
  readonly functions: ReadonlyMap<string, StoredFunction>
}

/** A function in its exported form: where the ONNX model is, and what of its outputs is where in the function's own. */
export interface StoredFunction {
  readonly file: string
  readonly outputs: readonly { readonly name: string; readonly path: string }[]
  readonly empty: readonly string[]
  readonly rowsStep?: number | undefined
}

/** Writes `model/` into an attempt's folder; the digests of its files, as manifests list them. */
export async function writeModel(
  attemptDirectory: string,
  model: ModelToWrite,
): Promise<Readonly<Record<string, FileDigest>>> {
  const directory = trialPath(attemptDirectory, 'model')
  mkdirSync(directory, { recursive: true })
  const parameters = encodeSafetensors(new Map(leaves(model.params)), { format: 'seqlab', trial: model.trialId })
  const digest = digestOf(parameters.bytes)
  const file = modelPath('', 'parameters')
  const functions = await model.functions(
    new Map([...parameters.places].map(([path, place]) => [path, { file, ...place }])),
  )
  const described = functions.map(({ name, model: bytes, ...about }) => {
    return [name, { file: digestOf(bytes), ...about }] as const
  })
  const description = sealJson(describeModel(model, digest, Object.fromEntries(described)))
  writeFileSynced(modelPath(directory, 'parameters'), parameters.bytes)
  for (const { name, model: bytes } of functions) writeFileSynced(join(directory, functionFile(name)), bytes)
  writeFileSynced(modelPath(directory, 'description'), description)
  return {
    [modelFileName('parameters')]: digest,
    ...Object.fromEntries(described.map(([name, { file: of }]) => [functionFileName(name), of])),
    [modelFileName('description')]: digestOf(description),
  }
}

/**
 * Reads a model's folder (or the one in a trial's folder). Throws SeqlabError 'run' where files are missing, damaged, of
 * another version or not what a model's files are, and where it needs own parts that this process was not given.
 */
export function readModel(directory: string): StoredModel {
  const folder = modelFolder(directory)
  const description = readModelDescription(folder)
  requireParts(description.parts ?? [], modelPath(folder, 'description'))
  const path = modelPath(folder, 'parameters')
  const { bytes: expected, sha256 } = description.parameters.file
  const bytes = readWhole(path, largestParameters, expected)
  if (digestOf(bytes).sha256 !== sha256) throw damaged(path, 'its checksum does not match')
  return {
    directory: folder,
    description,
    parameters: decodeSafetensors(bytes, path),
    functions: readFunctions(folder, description),
  }
}

function readFunctions(folder: string, { functions = {} }: ModelDescription): ReadonlyMap<string, StoredFunction> {
  return new Map(
    Object.entries(functions).map(([name, { file: expected, outputs, empty, rowsStep }]) => {
      const file = join(folder, functionFile(name))
      if (digestOf(readWhole(file, largestParameters)).sha256 !== expected.sha256)
        throw damaged(file, 'its checksum does not match')
      return [name, { file, outputs, empty, rowsStep }]
    }),
  )
}

/** Whether a folder is a model's, or a trial's that has one. */
export function hasModel(directory: string): boolean {
  return isFile(modelPath(modelFolder(directory), 'description'))
}

/** A trial's `model/`, or the folder itself. */
export function modelFolder(directory: string): string {
  const inside = trialPath(directory, 'model')
  return isFile(modelPath(inside, 'description')) ? inside : directory
}

/** Larger than any description that this program writes: a million symbols are some 20 MB. Sets hold the keys of so many bytes. */
const largestDescription = 128 * 1024 ** 2
/** What fits in one buffer. */
export const largestParameters = 2 ** 32 - 1
/** Descriptions have some ten levels. */
const deepest = 64

export function readModelDescription(folder: string): ModelDescription {
  const path = modelPath(folder, 'description')
  if (!isFile(path)) throw noModel(folder)
  const text = readWhole(path, largestDescription).toString('utf8')
  const parsed = parseStrictObject(text, { depth: deepest })
  if (typeof parsed === 'string') throw damaged(path, parsed)
  const description = checked(modelDescriptionSchema, parsed, path)
  const problem = sealProblem(parsed, text)
  if (problem !== undefined) throw damaged(path, problem)
  return description
}

/** A file of at most `largest` bytes, and of `expected` ones where that is known: nothing is read that is not. */
export function readWhole(path: string, largest: number, expected?: number): Buffer {
  try {
    if (!isFile(path)) throw new SeqlabError('run', `${path} is missing`)
    const { size } = statSync(path)
    if (expected !== undefined && size !== expected) throw damaged(path, `it has ${size} bytes, not ${expected}`)
    if (size > largest) throw damaged(path, `it has ${size} bytes, more than the ${largest} that it may have`)
    return readFileSync(path)
  } catch (error) {
    if (error instanceof SeqlabError || systemErrorCode(error) === undefined) throw error
    throw new SeqlabError('run', `${path} cannot be read: ${systemReason(error) ?? systemErrorCode(error)}`, {
      cause: error,
    })
  }
}

/** What cannot be looked at (a link to itself, a name that is too long) is no file. */
function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true
  } catch {
    return false
  }
}

function noModel(folder: string): SeqlabError {
  return new SeqlabError('run', `${folder} has no model: there is no model.json in it`, {
    hint: "Name a completed trial's folder, or its model/. A trial that failed or was stopped has no model.",
  })
}
