import { settingsOf } from '../../spec/settings.js'
import type { LoadedTrial } from '../../store/index.js'
import type { PredictionLine } from '../../train/types.js'
import { errorCount, nearestEdits } from './edits.js'

export interface SettingChange {
  readonly path: string
  readonly before: unknown
  readonly after: unknown
}

export interface SampleChange {
  readonly source: readonly string[]
  readonly reference: readonly string[]
  readonly before: readonly string[]
  readonly after: readonly string[]
  /** `fixed`: only the second is right; `broken`: only the first is. */
  readonly kind: 'fixed' | 'broken' | 'still wrong'
}

/** Settings by path that two runs do not share; undefined where a run has none. */
export function settingChanges(a: LoadedTrial, b: LoadedTrial): SettingChange[] {
  const [before, after] = [settingsOf(a.record.spec), settingsOf(b.record.spec)]
  const paths = [...new Set([...before.keys(), ...after.keys()])]
  const differs = (path: string) => JSON.stringify(before.get(path)) !== JSON.stringify(after.get(path))
  const doubled = (path: string) =>
    path.endsWith('.type') && (before.has(path.slice(0, -5)) || after.has(path.slice(0, -5)))
  return paths
    .filter((path) => differs(path) && !doubled(path))
    .map((path) => ({ path, before: before.get(path), after: after.get(path) }))
}

/** Test examples that both runs predicted, and not alike; undefined where the two were not tested on the same data. */
export function sampleChanges(a: LoadedTrial, b: LoadedTrial): SampleChange[] | undefined {
  if (a.record.digests.test !== b.record.digests.test) return undefined
  const after = new Map(testLines(b).map((line) => [line.index, line]))
  return testLines(a).flatMap((line): SampleChange[] => {
    const other = after.get(line.index)
    if (other === undefined || line.values !== undefined || same(line.hypothesis, other.hypothesis)) return []
    const [was, is] = [isRight(line), isRight(other)]
    const kind = is ? 'fixed' : was ? 'broken' : 'still wrong'
    const reference = line.references[0] ?? []
    return [{ source: line.source, reference, before: line.hypothesis, after: other.hypothesis, kind }]
  })
}

function testLines({ predictions }: LoadedTrial): PredictionLine[] {
  return predictions.filter(({ split }) => split === 'test')
}

function isRight({ references, hypothesis }: PredictionLine): boolean {
  return references.length > 0 && errorCount(nearestEdits(references, hypothesis)) === 0
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((token, at) => token === b[at])
}
