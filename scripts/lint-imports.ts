// npm run lint:imports [-- --check]: writes what follows from layout.ts: the linter's rules of imports (biome.imports.json,
// which biome.json extends) and the table of folders in CONTRIBUTING.md. --check: writes nothing, exits 1 where one is stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { contributing, importRules } from './import-rules.js'
import { folders, innerRules } from './layout.js'

const present = folders.filter(({ name }) => existsSync(`src/${name}`))
const inner = innerRules.filter(({ folder }) => existsSync(`src/${folder}`))
const texts: Readonly<Record<string, string>> = {
  'biome.imports.json': importRules(present, inner),
  'CONTRIBUTING.md': contributing(readFileSync('CONTRIBUTING.md', 'utf8'), present),
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
for (const [file, text] of Object.entries(texts)) {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue
  if (values.check) {
    console.error(`${file} does not follow scripts/layout.ts: npm run lint:imports`)
    process.exitCode = 1
  } else writeFileSync(file, text)
}
