import { loadSpecs } from '../spec/load.js'
import { specYaml } from '../spec/print.js'
import { formatProblems } from './problems.js'
import { colorsFor } from './terminal.js'

/** `seqlab check`: 0 where every spec is sound, else 2 and every mistake on stderr. */
export function check(
  files: readonly string[],
  options: { readonly set?: string[]; readonly resolved: boolean },
): number {
  const { specs, problems } = loadSpecs(files, options.set === undefined ? {} : { set: options.set })
  if (options.resolved) process.stdout.write(specs.map(({ spec }) => specYaml(spec)).join('---\n'))
  if (problems.length > 0) {
    process.stderr.write(`${formatProblems(problems, colorsFor(process.stderr))}\n`)
    return 2
  }
  if (!options.resolved) process.stdout.write(files.map((file) => `${file}: sound\n`).join(''))
  return 0
}
