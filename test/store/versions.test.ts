import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findTrials } from '../../src/report/analysis/comparison/read.js'
import { listRuns, readStudy, readTrial } from '../../src/store/index.js'
import { sealJson } from '../../src/store/sealed-json.js'
import { reconcile } from '../../src/store/study/reconcile.js'
import { sealFolder } from '../../src/store/trial/manifest.js'
import { madeUpTrial } from '../report/made-up.js'
import { writeStudy } from '../report/study.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-versions-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const studyVersion = 1
const trial = madeUpTrial({ examples: 20, steps: 1000, label: 'one' })
const about = { trialId: trial.record.trialId, attempt: 1 }

/** A study of one trial in a folder of its own. */
async function study(name: string): Promise<{ study: string; directory: string }> {
  const directory = join(root, name)
  mkdirSync(directory)
  await writeStudy(directory, [trial])
  return { study: directory, directory: join(directory, about.trialId) }
}

/** Changes what a whole, sealed file of JSON holds. */
function change(path: string, change: (value: Record<string, unknown>) => object): void {
  const { seal: _, ...value } = JSON.parse(readFileSync(path, 'utf8'))
  writeFileSync(path, sealJson(change(value)))
}

const newer = (value: object) => ({ ...value, schemaVersion: 3 })
const reason = (file: string, reads = 2) =>
  `${file} has schema version 3; this version of seqlab reads version ${reads}`

describe('files of another schema version are refused with both versions', () => {
  it('a manifest, by every reader', async () => {
    const { study: name, directory } = await study('manifest')
    change(join(directory, 'manifest.json'), newer)
    const message = reason(join(directory, 'manifest.json'))
    expect((await readTrial(directory)).problems).toEqual([message])
    expect((await findTrials([name])).skipped).toEqual([{ path: directory, reason: message }])
    const listed = (await listRuns(root)).find((run) => run.directory === directory)
    expect(listed).toMatchObject({ status: 'damaged', problem: message })
  })

  it('a record', async () => {
    const { directory } = await study('record')
    const path = join(directory, 'record.json')
    writeFileSync(path, JSON.stringify(newer(trial.record)))
    await sealFolder(directory, about)
    expect((await readTrial(directory)).problems).toEqual([reason(path)])
  })

  it('study.json, which a run does not overwrite then', async () => {
    const { study: name } = await study('study')
    const path = join(name, 'study.json')
    change(path, newer)
    const before = readFileSync(path, 'utf8')
    expect(readStudy(name).problem).toMatchObject({ code: 'run', message: reason(path, studyVersion) })
    const options = { fresh: false, force: true, collect: false, command: 'seqlab run' }
    const plan = { study: 'study', trials: [], claims: [] }
    expect(() => reconcile(name, plan, {}, options, () => {})).toThrow(reason(path, studyVersion))
    expect(readFileSync(path, 'utf8')).toBe(before)
  })
})

describe('a run of an earlier version', () => {
  it('is refused with one sentence that says what to do', async () => {
    const { directory } = await study('earlier')
    const path = join(directory, 'manifest.json')
    change(path, (value) => ({ ...value, schemaVersion: 1 }))
    const versions = 'schema version 1; this version of seqlab reads version 2'
    expect((await readTrial(directory)).problems).toEqual([
      `${path} was written by an earlier version of seqlab (${versions}): run it again`,
    ])
  })
})

describe('files that are whole and hold something else', () => {
  it('are refused with the place', async () => {
    const { study: name, directory } = await study('shape')
    change(join(name, 'study.json'), (value) => ({ ...value, trials: 'none' }))
    expect(readStudy(name).problem?.message).toMatch(/study\.json has unexpected content: \/trials /)
    writeFileSync(join(directory, 'metrics.jsonl'), '{"kind":"train"}\n')
    await sealFolder(directory, about)
    const [problem] = (await readTrial(directory)).problems
    expect(problem).toMatch(/metrics\.jsonl:1 has unexpected content/)
  })
})
