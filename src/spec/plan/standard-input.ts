import { relative } from 'node:path'
import { distinctProblems, type Problem, toPlainError } from '../../core/errors.js'
import { standardInputsOf, withStandardInputAt } from '../../data/standard-input.js'
import { placeOf } from '../document/nodes.js'
import type { LoadedSpec } from '../types.js'
import type { DataOf } from './datasets.js'
import type { Loaded } from './load-specs.js'

/**
 * Keeps what comes through standard input in a file, once however often it is called: workers and later runs read the data
 * again. Gives its path. Throws SeqlabError 'data' where there is nothing to read.
 */
export type KeepStandardInput = () => Promise<string>

/** What specs say of standard input (`-`), as files that have it. */
export interface WithStandardInput<L> {
  readonly loaded: L
  /** A problem's place in the file that has it, in words. */
  readonly shown: (problem: Problem) => Problem
}

/** Specs whose data come through standard input read a file with the same bytes instead. `keep` is absent where it cannot be read. */
export async function withStandardInput<L extends Loaded>(
  loaded: L,
  keep: KeepStandardInput | undefined,
): Promise<WithStandardInput<L>> {
  const { specs, others = [] } = loaded
  const asking = [...specs, ...others].filter(({ spec }) => standardInputsOf(spec.data.source).length > 0)
  const [first] = asking
  if (first === undefined) return { loaded, shown: (problem) => problem }
  // Variants of a study are of one file.
  const twice = distinctProblems(asking.flatMap(twiceProblems))
  const kept = twice.length > 0 ? twice : await keptAt(keep, first)
  if (typeof kept !== 'string') {
    const isRead = (spec: DataOf) => !asking.includes(spec)
    return {
      loaded: {
        ...loaded,
        specs: specs.filter(isRead),
        others: others.filter(isRead),
        problems: [...loaded.problems, ...kept],
      },
      shown: (problem) => problem,
    }
  }
  return {
    loaded: {
      ...loaded,
      specs: specs.map((spec): LoadedSpec => ({ ...spec, spec: { ...spec.spec, data: dataFrom(spec, kept) } })),
      others: others.map((spec): DataOf => ({ ...spec, spec: { ...spec.spec, data: dataFrom(spec, kept) } })),
    },
    shown: (problem) => inWords(problem, new Set(asking.map(({ baseDir }) => relative(baseDir, kept)))),
  }
}

function dataFrom({ spec: { data }, baseDir }: DataOf, path: string) {
  if (standardInputsOf(data.source).length === 0) return data
  return { ...data, source: withStandardInputAt(data.source, relative(baseDir, path)) }
}

function twiceProblems({ spec, written }: DataOf): Problem[] {
  return standardInputsOf(spec.data.source)
    .slice(1)
    .map((option) => {
      const path = `data.source.${option}`
      const hint =
        'It is read once: give the other sets as files, or leave them out and have them split off (data.split).'
      return { path, message: 'standard input is read for another set already', hint, place: placeOf(written, path) }
    })
}

async function keptAt(
  keep: KeepStandardInput | undefined,
  { spec, written }: DataOf,
): Promise<string | readonly Problem[]> {
  const [option = ''] = standardInputsOf(spec.data.source)
  const path = `data.source.${option}`
  const place = placeOf(written, path)
  if (keep === undefined) {
    const hint = 'Only `seqlab run`, `sweep`, `check` and `explain` read it: name a file.'
    return [{ path, message: 'standard input cannot be read here', hint, place }]
  }
  try {
    return await keep()
  } catch (error) {
    const { code, message, hint } = toPlainError(error)
    if (code !== 'data') throw error
    return [{ path, message, place, ...(hint && { hint }) }]
  }
}

function inWords(problem: Problem, files: ReadonlySet<string>): Problem {
  const { place, message } = problem
  if (place !== undefined && files.has(place.file)) return { ...problem, place: { ...place, file: 'stdin' } }
  // Of a file as a whole the message begins with its name.
  const named = [...files].find((file) => message.startsWith(`${file}:`))
  return named === undefined ? problem : { ...problem, message: `stdin${message.slice(named.length)}` }
}
