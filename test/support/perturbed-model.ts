import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { digestOf } from '../../src/store/files.js'
import { sealJson } from '../../src/store/sealed-json.js'

type Json = Record<string, unknown>

/** The golden model of a task in a new folder, every parameter times `factor`, and its description as `change` makes it. */
export function perturbedModel(task: string, factor: number, change: (value: Json) => Json = (value) => value): string {
  const folder = mkdtempSync(join(tmpdir(), `seqlab-${task}-`))
  cpSync(fileURLToPath(new URL(`../goldens/models/${task}`, import.meta.url)), folder, { recursive: true })
  const [parameters, description] = [join(folder, 'model.safetensors'), join(folder, 'model.json')]
  const bytes = readFileSync(parameters)
  const start = 8 + Number(bytes.readBigUInt64LE(0))
  for (let at = start; at < bytes.length; at += 4) bytes.writeFloatLE(bytes.readFloatLE(at) * factor, at)
  writeFileSync(parameters, bytes)
  const { seal: _, ...value } = JSON.parse(readFileSync(description, 'utf8'))
  const changed = change({ ...value, parameters: { ...value.parameters, file: digestOf(bytes) } })
  writeFileSync(description, sealJson(changed))
  return folder
}
