// Where this package and those that it needs are on disk: the same from sources and from the bundle.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** This package's folder: the nearest one above this file that has a package.json. */
export const packageRoot = rootAbove(dirname(fileURLToPath(import.meta.url)))

/** Where built code is: hosts run from here also when the coordinator runs from its sources. */
export const builtRoot = join(packageRoot, 'dist')

/** Whether this code runs from the bundle, whose libraries are built in. */
export const isBundled = fileURLToPath(import.meta.url).startsWith(join(builtRoot, '/'))

/**
 * The folder of an installed package; undefined where it is not installed. The published package has its own copy of ONNX
 * Runtime in `vendor/` (scripts/vendor.ts says why), which is found first.
 */
export function packageFolder(name: string): string | undefined {
  const installed = createRequire(import.meta.url).resolve.paths(name) ?? []
  const folders = [join(packageRoot, 'vendor'), ...installed].map((folder) => join(folder, name))
  return folders.find((folder) => existsSync(join(folder, 'package.json')))
}

function rootAbove(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder
  const parent = dirname(folder)
  if (parent === folder) throw new Error('This file is in no package: its package.json is missing')
  return rootAbove(parent)
}
