// npm run build:types: dist/types, the declarations of what src/index.ts exports, with those that they need of libraries
// that are built in: who installs the package needs none of its dev dependencies. (A bundler of declarations needs Node 22.)
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copyReachable } from './declarations/copy.js'

const target = join('dist', 'types')
const emitted = mkdtempSync(join(tmpdir(), 'seqlab-types-'))
try {
  const tsc = join('node_modules', 'typescript', 'bin', 'tsc')
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.types.json', '--outDir', emitted], { stdio: 'inherit' })
  rmSync(target, { recursive: true, force: true })
  copyReachable(join(emitted, 'index.d.ts'), target)
} finally {
  rmSync(emitted, { recursive: true })
}
