import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { writePage } from '../../../src/report/render/page/seal.js'
import { writeTrialReport } from '../../../src/report/render/trial/write.js'
import { formatLine } from '../../../src/store/study/ledger.js'
import { madeUpTrial } from '../made-up.js'
import { writeTrial } from '../study.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-seal-'))
afterAll(() => rmSync(root, { recursive: true }))

const path = join(root, 'page.html')
const text = () => readFileSync(path, 'utf8')
/** How often it draws. */
async function drawn(from: unknown, program?: string): Promise<number> {
  let times = 0
  const draw = () => {
    times += 1
    return `<!doctype html>\n<p>${JSON.stringify(from)}</p>\n`
  }
  await writePage(path, { from, draw, program })
  return times
}

describe('a page that is there', () => {
  beforeEach(async () => {
    rmSync(path, { recursive: true, force: true })
    await drawn({ loss: 1 }, 'a')
  })

  it('is left alone where it shows the same', async () => {
    const before = text()
    expect(await drawn({ loss: 1 }, 'a')).toBe(0)
    expect(text()).toBe(before)
  })

  it.each([
    ['what it shows has changed', () => {}, { loss: 2 }, 'a'],
    ['another program drew it', () => {}, { loss: 1 }, 'b'],
    ['it was deleted', () => rmSync(path), { loss: 1 }, 'a'],
    ['it was cut', () => truncateSync(path, text().length - 1), { loss: 1 }, 'a'],
    ['it is empty', () => truncateSync(path), { loss: 1 }, 'a'],
    ['something was added', () => appendFileSync(path, '\n'), { loss: 1 }, 'a'],
    ['a letter was changed', () => writeFileSync(path, text().replace('loss', 'lost')), { loss: 1 }, 'a'],
    ['its seal was taken out', () => writeFileSync(path, text().replace(/<!-- .*\n/, '')), { loss: 1 }, 'a'],
  ])('is drawn again where %s', async (_, change, from, program) => {
    change()
    expect(await drawn(from, program)).toBe(1)
    expect(text()).toContain(`<p>${JSON.stringify(from)}</p>`)
    expect(await drawn(from, program)).toBe(0)
  })

  it('is drawn each time by a program that may change: one that runs from its sources', async () => {
    expect([await drawn({ loss: 1 }), await drawn({ loss: 1 })]).toEqual([1, 1])
  })

  it('cannot be a folder', async () => {
    rmSync(path)
    mkdirSync(path)
    await expect(drawn({ loss: 1 }, 'a')).rejects.toThrow()
  })
})

describe("a trial's page", () => {
  const opened = (command: string) =>
    formatLine({ kind: 'opened', pid: 1, host: 'h', machine: 'two cores', command, cwd: '/' })
  const published = (trialId: string) => formatLine({ kind: 'publish', trialId, attempt: 1, manifest: '' })

  it('is drawn when its files change, and shows the command that trained it, not the last one', async () => {
    const made = madeUpTrial({ label: 'gru', seed: 1, wrong: 0.1, examples: 20, steps: 100 })
    const directory = await writeTrial(root, made)
    const ledger = join(root, 'ledger.jsonl')
    writeFileSync(ledger, opened('seqlab run a.yaml') + published(made.record.trialId))
    const page = join(directory, 'report.html')
    await writeTrialReport(directory, { program: 'a' })
    const first = readFileSync(page, 'utf8')
    expect(first).toContain('seqlab run a.yaml')
    appendFileSync(ledger, opened('seqlab run a.yaml --quiet') + published('another'))
    await writeTrialReport(directory, { program: 'a' })
    expect(readFileSync(page, 'utf8')).toBe(first)

    await writeTrial(root, { ...made, predictions: made.predictions.map((line) => ({ ...line, source: ['changed'] })) })
    await writeTrialReport(directory, { program: 'a' })
    const second = readFileSync(page, 'utf8')
    expect(second).not.toBe(first)
    await writeTrial(root, { ...made, record: { ...made.record, attempts: 7 } })
    await writeTrialReport(directory, { program: 'a' })
    expect(readFileSync(page, 'utf8')).not.toBe(second)
  })
})
