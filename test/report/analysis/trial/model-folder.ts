import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { floats } from '../../../../src/core/tensors.js'
import { digestOf } from '../../../../src/store/files.js'
import type { ModelDescription } from '../../../../src/store/index.js'
import { encodeSafetensors } from '../../../../src/store/model/safetensors.js'
import { sealJson } from '../../../../src/store/sealed-json.js'
import { madeUpSpec } from '../../made-up.js'

type Functions = NonNullable<ModelDescription['functions']>

/** A function of a model: what its file holds, which a page carries without looking into it. */
interface FunctionFile extends Pick<Functions[string], 'inputs' | 'outputs' | 'empty'> {
  readonly model: string
}

interface ModelFiles {
  readonly numbers?: readonly number[]
  /** By default one, without ports, whose file is empty; none: as earlier versions wrote models. */
  readonly functions?: Readonly<Record<string, FunctionFile>> | 'none'
  /** What else its description says. */
  readonly more?: Partial<ModelDescription>
}

export const noPorts = { inputs: [], outputs: [], empty: [] }

/** Writes model/ into a trial's folder: the files of a model that has no more than these numbers. Where they begin in theirs. */
export function writeModelFolder(directory: string, files: ModelFiles = {}): number {
  const { numbers = [1, -2, 0.5], functions = { run: { ...noPorts, model: '' } }, more = {} } = files
  const folder = join(directory, 'model')
  mkdirSync(folder, { recursive: true })
  const { bytes, places } = encodeSafetensors(new Map([['w', floats(numbers, [numbers.length])]]))
  writeFileSync(join(folder, 'model.safetensors'), bytes)
  const described = Object.entries(functions === 'none' ? {} : functions).map(([name, { model, ...ports }]) => {
    writeFileSync(join(folder, `${name}.onnx`), model)
    return [name, { file: digestOf(model), ...ports }] as const
  })
  const description: ModelDescription = {
    ...{ schemaVersion: 2, trialId: 't1', label: 'gru', seed: 1, bestStep: 1, dev: {}, spec: madeUpSpec },
    ...{ vocabularies: {}, tokenizers: {}, joiners: { source: '', target: ' ' } },
    sizes: { longestSource: 4, longestTarget: 3, widths: {}, vectors: {} },
    data: { digests: { training: 'd', test: 'd' }, files: [] },
    parameters: { count: numbers.length, file: digestOf(bytes) },
    ...(functions !== 'none' && { functions: Object.fromEntries(described) }),
    ...{ engine: 'compiled', versions: {}, machine: { model: 'm', architecture: 'x64', platform: 'linux' } },
    ...more,
  }
  writeFileSync(join(folder, 'model.json'), sealJson(description))
  return places.get('w')?.offset ?? 0
}

/** What makes a model take so many characters more of a page: bytes of its function, three for four characters, and a symbol. */
export function longerBy(characters: number): Pick<ModelFiles, 'functions' | 'more'> {
  return {
    functions: { run: { ...noPorts, model: 'c'.repeat(3 * Math.floor(characters / 4)) } },
    more: { vocabularies: { target: { symbols: ['c'.repeat(characters % 4)], specials: false } } },
  }
}
