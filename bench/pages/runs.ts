import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../src/core/package.js'
import type { PlaygroundChoice } from '../../src/report/analysis/trial/playground.js'
import { writeComparison } from '../../src/report/render/comparison/write.js'
import { writeTrialReport } from '../../src/report/render/trial/write.js'
import { tinyRuns } from '../../test/support/trained-runs.js'

/** Kilobytes (1,000 bytes) of a page, and without the model that its reader can try. */
export interface PageSize {
  readonly page: string
  readonly kilobytes: number
  readonly without: number
}

const on = { playground: 'on', playgroundWeights: 'float16' } as const
const off = { ...on, playground: 'off' } as const

/** Runs the built program among the runs of a folder. */
export function seqlab(folder: string, args: readonly string[], cwd = folder): void {
  const program = join(packageRoot, 'dist', 'cli', 'main.js')
  const given = [program, ...args, '--quiet', '--workers', '1', '--out', join(folder, 'runs')]
  const { status, stderr } = spawnSync(process.execPath, given, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`seqlab ${args.join(' ')}: ${stderr}`)
}

/** The folder of a study's one trial. */
export function trialOf(folder: string, study: string): string {
  const directory = join(folder, 'runs', study)
  const id = readdirSync(directory).find((name) => /^[0-9a-f]{16}$/.test(name))
  if (id === undefined) throw new Error(`${directory} has no trial`)
  return join(directory, id)
}

const kilobytes = (path: string) => Math.round(statSync(path).size / 1000)

async function reportSize(page: string, trial: string): Promise<PageSize> {
  const sizeOf = async (playground: PlaygroundChoice) => {
    await writeTrialReport(trial, { playground })
    return kilobytes(join(trial, 'report.html'))
  }
  return { page, without: await sizeOf(off), kilobytes: await sizeOf(on) }
}

/** Trains a tiny run of each task, and a study of four variants. */
export function trainPages(folder: string): void {
  for (const [name, { files, spec }] of Object.entries(tinyRuns)) {
    const own = join(folder, name)
    mkdirSync(own, { recursive: true })
    for (const [file, text] of Object.entries(files)) writeFileSync(join(own, file), text)
    writeFileSync(join(own, `${name}.yaml`), JSON.stringify({ name, ...spec }))
    seqlab(folder, ['run', `${name}.yaml`], own)
  }
  const grid = { 'model.decoder.hidden': [8, 10, 12, 14] }
  const study = { name: 'variants', extends: 'transduce.yaml', grid, seeds: [1, 2] }
  writeFileSync(join(folder, 'transduce', 'variants.yaml'), JSON.stringify(study))
  seqlab(folder, ['sweep', 'variants.yaml'], join(folder, 'transduce'))
}

/** Sizes of the pages of what `trainPages` trained. */
export async function pageSizes(folder: string): Promise<readonly PageSize[]> {
  const sizes: PageSize[] = []
  for (const name of Object.keys(tinyRuns)) sizes.push(await reportSize(`report, ${name}`, trialOf(folder, name)))
  const study = join(folder, 'runs', 'variants')
  const sizeOf = async (playground: PlaygroundChoice) => {
    await writeComparison(study, { playground })
    return kilobytes(join(study, 'comparison.html'))
  }
  return [...sizes, { page: 'comparison of four variants', without: await sizeOf(off), kilobytes: await sizeOf(on) }]
}

/** The size of the report of a trial that is there. */
export const sizeOfReport = reportSize
