// Every change loads the tests' modules again. Typebox alone is 700 files: bundled, it takes a twentieth of the time.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

/** Paths of bundled libraries by what imports call them. */
export type Bundled = Readonly<Record<string, string>>

const entries = { typebox: 'typebox', 'typebox/compile': 'compile', 'typebox/value': 'value' }

/** Calls `use` with the bundles, which are there until it is done. */
export async function withBundles<T>(use: (bundled: Bundled) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'seqlab-mutation-'))
  try {
    const input = Object.fromEntries(Object.entries(entries).map(([source, name]) => [name, source]))
    const bundle = await rolldown({ input, platform: 'node' })
    await bundle.write({ dir: directory, format: 'esm', entryFileNames: '[name].mjs' })
    const pathOf = (name: string) => join(directory, `${name}.mjs`)
    return await use(Object.fromEntries(Object.entries(entries).map(([source, name]) => [source, pathOf(name)])))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
