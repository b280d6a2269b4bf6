import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { formatProblems } from '../../src/cli/text/errors.js'
import { colorsFor } from '../../src/cli/text/terminal.js'
import { loadSpecs } from '../../src/spec/plan/load-specs.js'

const folder = 'test/spec/broken'
const plain = colorsFor({ write: () => {} })
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml') && file !== 'base.yaml')

// Each broken spec next to what `seqlab check` prints for it; `npx vitest run test/spec/broken.test.ts -u` updates it.
describe('broken specs', () => {
  test('the spec that they extend is valid', () => {
    expect(loadSpecs([join(folder, 'base.yaml')]).problems).toEqual([])
  })

  test.each(files)('%s', async (file) => {
    const { specs, problems } = loadSpecs([join(folder, file)])
    expect(specs).toEqual([])
    for (const { place } of problems) expect(place?.file).toBeDefined()
    await expect(`${formatProblems(problems, plain)}\n`).toMatchFileSnapshot(`broken/${basename(file, '.yaml')}.txt`)
  })
})
