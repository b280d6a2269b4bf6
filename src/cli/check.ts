import type { Problem } from '../core/errors.js'
import { type LoadOptions, loadSpecs } from '../spec/load.js'
import { specYaml } from '../spec/print.js'
import { readYamlFile } from '../spec/read.js'
import { loadStudy } from '../spec/study/load.js'
import { studyKeys } from '../spec/study/options.js'
import type { LoadedSpec } from '../spec/types.js'
import { formatProblems } from './problems.js'
import { colorsFor } from './terminal.js'

/** `seqlab check`: 0 where every spec and every variant of every study is sound, else 2 and every mistake on stderr. */
export function check(
  files: readonly string[],
  options: { readonly set?: string[]; readonly resolved: boolean },
): number {
  const set = options.set === undefined ? {} : { set: options.set }
  const loaded = files.map((file) => load(file, set))
  const problems = loaded.flatMap((each) => each.problems)
  const specs = loaded.flatMap((each) => each.specs)
  if (options.resolved) process.stdout.write(specs.map(({ spec }) => specYaml(spec)).join('---\n'))
  if (problems.length > 0) {
    process.stderr.write(`${formatProblems(problems, colorsFor(process.stderr))}\n`)
    return 2
  }
  if (!options.resolved) process.stdout.write(files.map((file) => `${file}: sound\n`).join(''))
  return 0
}

function load(file: string, options: LoadOptions): { specs: readonly LoadedSpec[]; problems: readonly Problem[] } {
  if (!isStudy(file)) return loadSpecs([file], options)
  const { study, problems } = loadStudy(file, options)
  return { specs: study?.specs ?? [], problems }
}

/** A file with a key that only studies have. */
function isStudy(file: string): boolean {
  const read = readYamlFile(file)
  return (
    'node' in read && read.node.kind === 'map' && [...read.node.entries.keys()].some((key) => studyKeys.includes(key))
  )
}
