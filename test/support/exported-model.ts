import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exportFunctions } from '../../src/inference/exported/functions.js'
import { buildTrained } from '../../src/inference/trained-parts.js'
import { digestOf } from '../../src/store/files.js'
import { readModel } from '../../src/store/index.js'
import { encodeSafetensors } from '../../src/store/model/safetensors.js'
import { sealJson } from '../../src/store/sealed-json.js'

/** The golden model of a task, which is from before models had an exported form, in a new folder with that form. */
export async function withExportedForm(task: string): Promise<string> {
  const golden = fileURLToPath(new URL(`../goldens/models/${task}`, import.meta.url))
  const folder = mkdtempSync(join(tmpdir(), `seqlab-${task}-`))
  cpSync(golden, folder, { recursive: true })
  const stored = readModel(golden)
  const { bytes, places } = encodeSafetensors(stored.parameters, {
    format: 'seqlab',
    trial: stored.description.trialId,
  })
  if (!bytes.equals(readFileSync(join(folder, 'model.safetensors')))) throw new Error('the parameters are others')
  const file = 'model.safetensors'
  const elsewhere = new Map([...places].map(([path, place]) => [path, { file, ...place }]))
  const functions = await exportFunctions(buildTrained(stored), elsewhere)
  const described = functions.map(({ name, model, inputs, outputs, empty, rowsStep }) => {
    writeFileSync(join(folder, `${name}.onnx`), model)
    return [name, { file: digestOf(model), inputs, outputs, empty, rowsStep }] as const
  })
  const { seal: _, ...description } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'))
  writeFileSync(join(folder, 'model.json'), sealJson({ ...description, functions: Object.fromEntries(described) }))
  return folder
}
