import { shellLine } from '../../core/shell.js'

/** How a `path=value` is given that stands alone, as other programs take it; undefined where a word is none. */
export function settingHint(word: string): string | undefined {
  const [, setting] = /^\+{0,2}([a-z_]\w*(?:\.\w+)*=.+)$/i.exec(word) ?? []
  if (setting === undefined || /\.(ya?ml|json)$/i.test(setting)) return undefined
  return `an option of a spec is given with --set: --set ${shellLine([setting])}`
}
