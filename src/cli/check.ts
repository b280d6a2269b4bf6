import type { Problem } from '../core/errors.js'
import { specYaml } from '../spec/document/print.js'
import { readYamlFile } from '../spec/document/read.js'
import { type LoadOptions, loadSpecs } from '../spec/plan/load-specs.js'
import { preflightWithoutData } from '../spec/plan/preflight.js'
import { loadStudy } from '../spec/plan/study/load-study.js'
import { studyKeys } from '../spec/study-options.js'
import type { LoadedSpec } from '../spec/types.js'
import { createDataReader, type DataReader, mistakesOnData } from './data.js'
import { formatProblems } from './problems.js'
import { colorsFor } from './terminal.js'

export interface CheckFlags {
  readonly set?: string[]
  readonly dataDir?: string
  /** Whether the data are read, and the models checked against them. */
  readonly data: boolean
  readonly resolved: boolean
}

interface Checked {
  readonly specs: readonly LoadedSpec[]
  readonly seeds?: readonly number[]
  readonly unsolved?: boolean
  readonly problems: readonly Problem[]
}

/**
 * `seqlab check`: 0 where every spec and every variant of every study is sound and fits its data, else 2 and every
 * mistake on stderr. Nothing is trained and no engine is loaded.
 */
export async function check(files: readonly string[], flags: CheckFlags): Promise<number> {
  const { set, dataDir } = flags
  const loaded = files.map((file) => load(file, { ...(set && { set }), ...(dataDir && { dataDir }) }))
  const reader = createDataReader()
  const problems: Problem[] = []
  for (const each of loaded) problems.push(...each.problems, ...(await further(each, flags, reader)))
  const specs = loaded.flatMap((each) => each.specs)
  if (flags.resolved) process.stdout.write(specs.map(({ spec }) => specYaml(spec)).join('---\n'))
  if (problems.length > 0) {
    process.stderr.write(`${formatProblems(problems, colorsFor(process.stderr))}\n`)
    return 2
  }
  if (!flags.resolved) process.stdout.write(files.map((file) => `${file}: sound\n`).join(''))
  return 0
}

function load(file: string, options: LoadOptions): Checked {
  if (!isStudy(file)) return loadSpecs([file], options)
  const { sound: specs, ...rest } = loadStudy(file, options)
  return { specs, ...rest }
}

/** What the data, the sizes of the models and other runs tell of the specs that are sound by themselves. */
async function further({ specs, seeds, unsolved }: Checked, { data }: CheckFlags, reader: DataReader) {
  if (data) return mistakesOnData(specs, reader, { seeds, unsolved })
  return (await Promise.all(specs.map(preflightWithoutData))).flat()
}

/** A file with a key that only studies have. */
function isStudy(file: string): boolean {
  const read = readYamlFile(file)
  return (
    'node' in read && read.node.kind === 'map' && [...read.node.entries.keys()].some((key) => studyKeys.includes(key))
  )
}
