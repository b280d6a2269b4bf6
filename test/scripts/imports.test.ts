import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'

test('the rules of imports and the table of folders follow scripts/layout.ts', () => {
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/lint-imports.ts', '--check'])
})

// A checkout of its own with a file for each case: the linter says which of them it refuses.
const folder = mkdtempSync(join(tmpdir(), 'seqlab-imports-'))
afterAll(() => rmSync(folder, { recursive: true }))

function refused(imports: readonly (readonly [file: string, module: string])[]): readonly boolean[] {
  copyFileSync('biome.imports.json', join(folder, 'biome.json'))
  for (const [file, module] of imports) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), `import { one } from '${module}'\n\nexport const two = one\n`)
  }
  const args = ['lint', '--only=noRestrictedImports', '--max-diagnostics=none', '--reporter=github', '.']
  const { stdout } = spawnSync(resolve('node_modules/.bin/biome'), args, { cwd: folder, encoding: 'utf8' })
  return imports.map(([file]) => stdout.includes(`/${file},`))
}

test('each folder may import what the table allows, and nothing else', () => {
  const browser = ['report/browser', 'report/render/browser'].find((each) => existsSync(`src/${each}`))
  const cases: [file: string, module: string, allowed: boolean][] = [
    ['src/core/case-0.ts', '../stats/quantile.js', false],
    ['src/core/case-1.ts', '@tensorflow/tfjs', false],
    ['src/core/tf.ts', '@tensorflow/tfjs', true],
    ['src/model/cells/case-3.ts', '../../core/tf.js', true],
    ['src/model/cells/case-4.ts', '@tensorflow/tfjs', false],
    ['src/model/cells/case-5.ts', '../../data/types.js', false],
    ['src/task/case-6.ts', '../decode/index.js', true],
    ['src/task/case-7.ts', '../engine/index.js', false],
    ['src/train/case-8.ts', '../engine/index.js', true],
    ['src/spec/case-9.ts', '../runner/lock.js', false],
    ['src/report/case-10.ts', '../spec/types.js', true],
    ['src/report/case-11.ts', '../engine/index.js', false],
    [`src/${browser}/case-12.ts`, '../charts/legend.js', true],
    [`src/${browser}/case-13.ts`, '../../spec/types.js', false],
    [`src/${browser}/case-14.ts`, 'node:fs', false],
    ['src/cli/case-15.ts', '../report/write.js', true],
    ['src/store/case-16.ts', './study/ledger.js', true],
    ['src/runner/case-17.ts', '../store/index.js', true],
    ['src/runner/case-18.ts', '../store/study/ledger.js', false],
    ['src/report/case-19.ts', '../store/index.js', true],
    ['src/report/case-20.ts', '../store/layout.js', false],
    ['src/report/analysis/case-21.ts', '../../store/index.js', true],
    ['src/report/analysis/case-22.ts', '../../store/trial/record.js', false],
    ['src/cli/case-23.ts', '../store/index.js', true],
    ['src/cli/case-24.ts', '../store/files.js', false],
    ['src/cli/verbs/case-25.ts', '../../store/index.js', true],
    ['src/spec/case-26.ts', '../store/index.js', false],
  ]
  const found = refused(cases.map(([file, module]) => [file, module]))
  expect(cases.map(([file, module], index) => [file, module, !found[index]])).toEqual(cases)
})
