import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { builtRoot } from '../../core/package.js'

/** A page's script as bundled by `npm run build`; undefined where it has not been built. */
export function builtScript(name: 'page' | 'trial' | 'playground'): string | undefined {
  const path = join(builtRoot, 'report', 'render', 'browser', `${name}.js`)
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
