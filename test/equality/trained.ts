import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HostTensor } from '../../src/core/tensors.js'
import { leaves, type Tree } from '../../src/core/tree.js'
import { loadDataset } from '../../src/data/load.js'
import { createEngine } from '../../src/engine/index.js'
import { taskNamed } from '../../src/spec/plan/rules.js'
import { readStartingState } from '../../src/store/index.js'
import { runTrial } from '../../src/train/loop/trial.js'
import type { MetricsLine, PredictionLine } from '../../src/train/types.js'
import { isLegal, resolve } from '../conformance/combinations.js'
import type { WrittenSpec } from '../conformance/variants.js'
import { digest, type GraphSummary, readModel } from './onnx.js'

/** Of one parameter's values: a digest of its bytes, its norm, and a weighted sum that depends on their order. */
export type ParameterSummary = readonly [digest: string, norm: number, weighted: number]

export interface TrainedWith {
  readonly steps: number
  readonly accumulate?: number
  readonly decode?: string
}

/** What a combination gives when it is trained for a few steps and evaluated. */
export interface Trained {
  /** Lowered graphs by the name of their function. */
  readonly graphs: Readonly<Record<string, GraphSummary>>
  readonly parameters: Readonly<Record<string, ParameterSummary>>
  /** Losses, norms of gradients and metrics as in metrics.jsonl, then each prediction's score and statistics. */
  readonly values: readonly number[]
  readonly predictions: string
  readonly error?: string
}

/** Trains a legal combination from seed 1, with `options` of its training; undefined where it is refused. */
export async function trainBriefly([name, spec]: WrittenSpec, options: TrainedWith): Promise<Trained | undefined> {
  const { steps, decode, accumulate } = options
  const train = { ...(spec.train as object), steps, validate: { every: steps }, ...(accumulate && { accumulate }) }
  const combination = resolve([name, { ...spec, data: evaluatedOnce(spec.data), train, ...(decode && { decode }) }])
  if (!isLegal(combination)) return undefined
  const cacheDir = mkdtempSync(join(tmpdir(), 'seqlab-equality-'))
  try {
    return await trained(combination.spec, cacheDir)
  } catch (error) {
    return { graphs: graphsIn(cacheDir), parameters: {}, values: [], predictions: '', error: String(error) }
  } finally {
    rmSync(cacheDir, { recursive: true })
  }
}

/** Inline data, evaluated on the last example and it reversed: two rows of one shape, since each shape costs compilations. */
function evaluatedOnce(data: unknown): unknown {
  const { source, ...rest } = data as { source: Record<string, unknown> }
  if (source.type !== 'inline') return data
  const held = (source.train as [string, string][]).slice(-1)
  const both = held.flatMap(([input, output]) => [
    [input, output],
    [[...input].reverse().join(''), output],
  ])
  return { ...rest, source: { ...source, dev: both, test: both } }
}

type Settings = Parameters<typeof runTrial>[0] & { readonly data: Parameters<typeof loadDataset>[0] }

async function trained(spec: Settings, cacheDir: string): Promise<Trained> {
  const engine = await createEngine('compiled', { threads: 1, cacheDir })
  const task = taskNamed(spec.task.type)
  if (task === undefined) throw new RangeError(`no task ${spec.task.type}`)
  const dataset = await loadDataset(spec.data, task.sides, { baseDir: '.' })
  const lines: MetricsLine[] = []
  let parameters: Tree<HostTensor> = {}
  const { predictions } = await runTrial(spec, 1, dataset, engine, undefined, {
    stopRequested: () => false,
    readState: readStartingState,
    emit: () => undefined,
    record: (line) => lines.push(line),
    sample: () => undefined,
    save: async ({ params }) => {
      parameters = params
    },
  })
  await engine.dispose()
  return {
    graphs: graphsIn(cacheDir),
    parameters: Object.fromEntries(leaves(parameters).map(([path, { data }]) => [path, summaryOf(data)])),
    values: [...lines.flatMap(numbersIn), ...predictions.flatMap(valuesOf)],
    predictions: digest(JSON.stringify(predictions.map(({ hypothesis }) => hypothesis))),
  }
}

function graphsIn(directory: string): Record<string, GraphSummary> {
  const files = readdirSync(directory).filter((file) => file.endsWith('.onnx'))
  const models = files.map((file) => readModel(readFileSync(join(directory, file))))
  return Object.fromEntries(models.map(({ name, summary }) => [name, summary]).sort())
}

function summaryOf(data: Float32Array | Int32Array): ParameterSummary {
  let [squares, weighted] = [0, 0]
  for (const [index, value] of data.entries()) {
    squares += value * value
    weighted += value * Math.cos(index + 1)
  }
  return [digest(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)), Math.sqrt(squares), weighted]
}

function numbersIn(line: object): number[] {
  return Object.values(line).flatMap((value) =>
    typeof value === 'number' ? [value] : typeof value === 'object' && value !== null ? numbersIn(value) : [],
  )
}

function valuesOf({ score, statistics }: PredictionLine): number[] {
  return [score, ...numbersIn(statistics)]
}
