import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tagFacts } from '../../src/core/tags.js'
import { floats } from '../../src/core/tensors.js'
import { leaves } from '../../src/core/tree.js'
import { exportFunctions } from '../../src/inference/exported/functions.js'
import { buildTrained } from '../../src/inference/trained-parts.js'
import type { HeadChoice } from '../../src/model/heads/index.js'
import { initialise } from '../../src/model/initialise.js'
import type { ModelOptions } from '../../src/model/options.js'
import { digestOf } from '../../src/store/files.js'
import { readModel, type StoredModel } from '../../src/store/index.js'
import { encodeSafetensors } from '../../src/store/model/safetensors.js'
import { sealJson } from '../../src/store/sealed-json.js'
import { tag } from '../../src/task/tag.js'

/**
 * The golden model of a task, which is from before models had an exported form, in a new folder with that form. `options`: of
 * the task, where they are not those of the golden.
 */
export async function withExportedForm(task: string, options: object = {}): Promise<string> {
  const golden = goldenOf(task)
  const stored = readModel(golden)
  const { spec } = stored.description
  const description = { ...stored.description, spec: { ...spec, task: { ...spec.task, ...options } } }
  const { folder, bytes } = await exportedFolder(task, { ...stored, description })
  if (!bytes.equals(readFileSync(join(golden, 'model.safetensors')))) throw new Error('the parameters are others')
  return folder
}

/** A tagger with untrained parameters, whose tags are IOB2, in a new folder with its exported form. */
export async function taggerWithExportedForm(seed: number, head: HeadChoice): Promise<string> {
  const stored = readModel(goldenOf('tag'))
  const model: ModelOptions = { ...stored.description.spec.model, head }
  const spec = { ...stored.description.spec, model }
  const symbols = ['I-x', 'B-x', 'O', 'I-y']
  const { vocabularies } = stored.description
  const description = {
    ...stored.description,
    spec,
    vocabularies: { ...vocabularies, target: { symbols, specials: false } },
    tags: tagFacts([['B-x', 'I-x', 'O', 'B-y', 'I-y']]),
  }
  const sizes = { source: { vocabulary: 8 }, target: { vocabulary: 4 }, longestSource: 4, longestTarget: 4 }
  const drawn = leaves(initialise(tag.build({}).build(model, sizes).parameters, seed))
  const larger = drawn.map(
    ([path, { data, shape }]) =>
      [
        path,
        floats(
          Array.from(data, (x) => 3 * x),
          shape,
        ),
      ] as const,
  )
  const { folder } = await exportedFolder('tag', { ...stored, description, parameters: new Map(larger) })
  return folder
}

/** Such a tagger with the head crf. */
export const crfWithExportedForm = (seed: number) =>
  taggerWithExportedForm(seed, { type: 'crf', constraints: 'scheme' })

const goldenOf = (task: string) => fileURLToPath(new URL(`../goldens/models/${task}`, import.meta.url))

async function exportedFolder(task: string, stored: StoredModel) {
  const folder = mkdtempSync(join(tmpdir(), `seqlab-${task}-`))
  cpSync(goldenOf(task), folder, { recursive: true })
  const { bytes, places } = encodeSafetensors(stored.parameters, {
    format: 'seqlab',
    trial: stored.description.trialId,
  })
  writeFileSync(join(folder, 'model.safetensors'), bytes)
  const file = 'model.safetensors'
  const elsewhere = new Map([...places].map(([path, place]) => [path, { file, ...place }]))
  const functions = await exportFunctions(buildTrained(stored), elsewhere)
  const described = functions.map(({ name, model, inputs, outputs, empty, rowsStep }) => {
    writeFileSync(join(folder, `${name}.onnx`), model)
    return [name, { file: digestOf(model), inputs, outputs, empty, rowsStep }] as const
  })
  const { seal: _, ...before } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'))
  const { spec, vocabularies, tags } = stored.description
  const parameters = { ...before.parameters, file: digestOf(bytes) }
  const value = { ...before, spec, vocabularies, parameters, ...(tags && { tags }) }
  writeFileSync(join(folder, 'model.json'), sealJson({ ...value, functions: Object.fromEntries(described) }))
  return { folder, bytes }
}
