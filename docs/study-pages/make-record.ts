import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parse } from 'yaml'
import { canonicalJson } from '../../src/core/canonical-json.js'
import { SeqlabError } from '../../src/core/errors.js'
import { sha256 } from '../../src/core/hash.js'
import { isJsonObject, parseJson } from '../../src/core/json.js'
import { isNumber } from '../../src/core/measured.js'
import { compare } from '../../src/report/analysis/comparison/compare.js'
import { type GroupPlayground, playgroundsOf } from '../../src/report/analysis/comparison/playgrounds.js'
import { type Found, findTrials } from '../../src/report/analysis/comparison/read.js'
import { metricSamples } from '../../src/report/analysis/comparison/samples.js'
import type { ComparisonReport, Group } from '../../src/report/analysis/comparison/types.js'
import { groupTrials } from '../../src/report/analysis/comparison/variants.js'
import { metricLookup } from '../../src/report/analysis/metrics.js'
import { charactersOf } from '../../src/report/analysis/trial/playground.js'
import { loadStudy } from '../../src/spec/plan/study/load-study.js'
import { lastOpened, studyFolder, studyPath, writeSealed } from '../../src/store/index.js'
import { copiesCurve } from '../../src/train/curve-names.js'
import { playgroundPath, type RecordedGroup, type RecordedPair, recordPath, type StudyRecord } from './record.js'
import { covariances } from './seed-counts.js'

/** Characters of a page that two models may take together, and that one may take alone. */
const mostOfTwo = 400_000
const mostOfOne = 800_000

/** A page is of one study (experiments/NAME.yaml), or of all in a folder (experiments/NAME/). */
export function studyFilesOf(name: string, experiments: string): string[] {
  const alone = join(experiments, `${name}.yaml`)
  if (existsSync(alone)) return [alone]
  const folder = join(experiments, name)
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.yaml')) : []
  return files.sort().map((file) => join(folder, file))
}

/** The studies' files without their comments. */
export function studyDigest(files: readonly string[]): string {
  return sha256(canonicalJson(files.map((file) => parse(readFileSync(file, 'utf8')))))
}

interface Places {
  /** Where the studies were run. */
  readonly runs: string
  /** The folder of the studies' files. */
  readonly experiments: string
  /** Where records go. */
  readonly records: string
}

/** What one finished study says. */
interface Finished {
  readonly file: string
  readonly study: string
  readonly directory: string
  readonly found: Found
  readonly report: ComparisonReport
}

/**
 * Writes the record of a page's finished studies, and the models that it has. Throws SeqlabError 'run' where a trial is missing
 * or failed, for a page shows whole studies, and where what was run is not what the file says.
 */
export async function writeRecord(name: string, { runs, experiments, records }: Places): Promise<StudyRecord> {
  const files = studyFilesOf(name, experiments)
  if (files.length === 0)
    throw new SeqlabError('run', `no study is called ${name}`, { hint: `Name one of ${experiments}, without .yaml.` })
  const all: Finished[] = []
  for (const file of files) all.push(await finishedStudy(file, runs))
  const playground = await smallPlayground(all.map(({ report }) => report))
  const record = recordOf(name, all, 'reason' in playground ? playground.reason : null)
  writeSealed(recordPath(records, name), record)
  if ('group' in playground) writeSealed(playgroundPath(records, name), playground)
  return record
}

async function finishedStudy(file: string, runs: string): Promise<Finished> {
  const { name: study, specs, seeds = [], claims } = loadStudy(file)
  const directory = studyFolder(study, runs)
  const found = await findTrials([directory])
  const report = compare(found, { command: '' })
  refuseUnfinished(report, directory)
  const trials = specs.length * Math.max(1, seeds.length)
  if (found.trials.length !== trials || report.claims.length !== claims.length)
    throw new SeqlabError('run', `${directory} is not of ${file}: ${found.trials.length} trials, not ${trials}`, {
      hint: 'Run its `seqlab sweep` command again.',
    })
  return { file, study, directory, found, report }
}

function refuseUnfinished({ studies, groups, skipped }: ComparisonReport, directory: string): void {
  const missing = studies.flatMap((study) => study.missing)
  const failed = groups.flatMap(({ trials }) => trials).filter(({ status }) => status !== 'completed')
  if (missing.length + failed.length + skipped.length === 0) return
  const what = `${missing.length} trials are missing, ${failed.length} did not complete, ${skipped.length} files were skipped`
  throw new SeqlabError('run', `${directory} is not a finished study: ${what}`, {
    hint: 'Run its `seqlab sweep` command again: it trains what is missing, and with `--retry-failed` what failed.',
  })
}

function recordOf(name: string, all: readonly Finished[], noPlayground: string | null): StudyRecord {
  const trials = all.flatMap(({ report }) => report.groups.flatMap((group) => group.trials))
  const spec = parseJson(JSON.stringify(all[0]?.found.trials[0]?.record.spec ?? {}))
  const dates = all.map(({ directory }) => statSync(studyPath(directory, 'ledger')).mtime.toISOString())
  const [first] = all
  return {
    schemaVersion: 1,
    study: name,
    files: all.map(({ file }) => basename(file)),
    studyDigest: studyDigest(all.map(({ file }) => file)),
    date: dates.sort().at(-1) ?? '',
    machine: (first && lastOpened(first.directory)?.machine) ?? '',
    versions: first?.report.versions ?? {},
    trainMs: trials.reduce((sum, { trainMs }) => sum + (trainMs ?? 0), 0),
    spec: isJsonObject(spec) ? spec : {},
    trials: trials.map(({ trialId, variant, seed }) => ({ id: trialId, variant, seed })),
    groups: all.flatMap(({ study, report }) => report.groups.map((group) => recordedGroup(study, group))),
    claims: all.flatMap(({ report }) => report.claims),
    pair: first === undefined || all.length > 1 ? null : pairOf(first.found, first.report),
    noPlayground,
  }
}

/** What pages show of a group: not its trials' folders, nor every example. */
function recordedGroup(
  study: string,
  { variants, metrics, curves, lengths, attention, loss, ...group }: Group,
): RecordedGroup {
  const shown = new Set([metrics[0]?.name, 'training-loss', 'validation-loss', copiesCurve])
  return {
    study,
    examples: group.examples,
    seedWord: group.seedWord,
    lossLabel: loss.label,
    lossUnit: loss.unit,
    variants: variants.map(({ study: _, ...variant }) => variant),
    metrics: metrics.map(({ name, title, unit, better, best, values }) => ({
      name,
      title,
      unit,
      better,
      best,
      values,
    })),
    curves: curves.filter(({ name, points }) => shown.has(name) && points.length > 0),
    lengths,
    attention: attention.slice(0, 1),
  }
}

const fewestSeeds = 6

/** Of a study of two variants and many seeds, in its first metric. */
function pairOf(found: Found, { groups }: ComparisonReport): RecordedPair | null {
  const [group, ...others] = groupTrials(found.trials, { onlyChanged: true })
  const [left, right, ...more] = group?.variants ?? []
  const main = groups[0]?.metrics[0]
  if (left === undefined || right === undefined || main === undefined || others.length + more.length > 0) return null
  const pairs = left.completed.flatMap((trial) => {
    const other = right.completed.find(({ record }) => record.seed === trial.record.seed)
    return other === undefined ? [] : [[trial, other] as const]
  })
  const [first] = pairs
  const metric = first && metricLookup(first[0].record.spec.metrics)(main.name)
  if (pairs.length < fewestSeeds || metric === undefined) return null
  const samples = metricSamples(pairs.flat(), metric, { seed: 1, resamples: groups[0]?.resamples ?? 0 })
  const values = (side: 0 | 1) =>
    pairs.flatMap((pair) => {
      const value = samples.get(pair[side])?.value
      return value !== undefined && isNumber(value) ? [value] : []
    })
  const differences = pairs.map(([one, other]) => {
    const [a, b] = [samples.get(one)?.resampled, samples.get(other)?.resampled]
    return (a ?? new Float64Array()).map((value, at) => value - (b?.[at] ?? Number.NaN))
  })
  return {
    ...{ left: left.label, right: right.label, metric: main.name, unit: main.unit, better: main.better },
    seeds: pairs.map(([{ record }]) => record.seed),
    leftValues: values(0),
    rightValues: values(1),
    examples: groups[0]?.examples ?? 0,
    exampleCovariance: covariances(differences).map((row) => row.map((value) => Number(value.toPrecision(8)))),
  }
}

/**
 * The models of at most two variants: the two sides of the first claim that has two, of several variants the first; else the two
 * that are best on dev. One alone where two are too large.
 */
async function smallPlayground(
  reports: readonly ComparisonReport[],
): Promise<{ group: GroupPlayground } | { reason: string }> {
  const { group, ids } = chosenVariants(reports)
  if (group === undefined) return { reason: 'no variant has a model' }
  const asked = { ...group, variants: group.variants.filter(({ id }) => ids.includes(id)) }
  const [all] = await playgroundsOf({ groups: [asked] }, { playground: 'on', playgroundWeights: 'float16' })
  const models = (all?.models ?? [])
    .filter(({ held }) => 'model' in held)
    .toSorted((a, b) => ids.indexOf(a.variant) - ids.indexOf(b.variant))
  const kept = sizeOf(models) <= mostOfTwo ? models : models.slice(0, 1)
  if (all === undefined || kept.length === 0) return { reason: 'no variant has a model that a page can try' }
  if (sizeOf(kept) > mostOfOne) return { reason: `one of its models alone takes more than ${mostOfOne / 1000} kB` }
  return { group: { ...all, examples: all.examples.slice(0, 40), models: kept } }
}

function sizeOf(models: GroupPlayground['models']): number {
  return models.reduce((sum, { held }) => sum + ('model' in held ? charactersOf(held) : 0), 0)
}

interface Chosen {
  readonly group: Group | undefined
  readonly ids: readonly string[]
}

function chosenVariants(reports: readonly ComparisonReport[]): Chosen {
  const claimed = reports.flatMap(({ claims, groups }) => claims.flatMap((claim) => sidesIn(groups, claim)))
  const [group] = reports.flatMap(({ groups }) => groups)
  const [main] = group?.metrics ?? []
  const sign = main?.better === 'higher' ? -1 : 1
  const dev = (main?.values ?? []).flatMap(({ variant, dev }) => (isNumber(dev) ? [{ variant, dev: sign * dev }] : []))
  const best = dev.toSorted((a, b) => a.dev - b.dev).slice(0, 2)
  return claimed[0] ?? { group, ids: best.map(({ variant }) => variant) }
}

/** The first variants of both sides of a claim, where both are variants of one group. */
function sidesIn(
  groups: readonly Group[],
  { leftVariants, rightVariants }: ComparisonReport['claims'][number],
): Chosen[] {
  return groups.flatMap((group) => {
    const ids = [leftVariants[0], rightVariants[0]].flatMap(
      (label) => group.variants.find((variant) => variant.label === label)?.id ?? [],
    )
    return ids.length === 2 ? [{ group, ids }] : []
  })
}
