// The one file that loads ONNX Runtime: only the compiled engine imports it.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type * as OnnxRuntime from 'onnxruntime-node'
import { SeqlabError } from '../../core/errors.js'
import { packageFolder } from '../../core/package.js'
import { reportNothing } from './telemetry.js'

const folder = folderOf('onnxruntime-node')

reportNothing()

export const onnxRuntime: typeof OnnxRuntime = createRequire(import.meta.url)(folder)

/** `1.30.0`. */
export const runtimeVersion: string = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version

function folderOf(name: string): string {
  const found = packageFolder(name)
  if (found !== undefined) return found
  throw new SeqlabError('engine', `${name} is not installed`, {
    hint: 'Install seqlab again, or use --engine tfjs-cpu.',
  })
}
