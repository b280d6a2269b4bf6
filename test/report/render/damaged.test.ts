import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { writeTrialReport } from '../../../src/report/render/trial/write.js'
import { madeUpTrial } from '../made-up.js'
import { madeUpSamples } from '../made-up-samples.js'
import { writeTrial } from '../study.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-damaged-page-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const trial = madeUpTrial({ examples: 20, steps: 200 })
const samples = madeUpSamples(trial.predictions, 3)
/** By what a page says of it. */
const damages: Readonly<Record<string, (path: string) => void>> = {
  'it has': (path) => writeFileSync(path, readFileSync(path).subarray(100)),
  'it has 0 bytes': (path) => writeFileSync(path, ''),
  'it is a folder': (path) => {
    rmSync(path)
    mkdirSync(path)
  },
  'is missing': (path) => rmSync(path),
}

describe('the page of a trial', () => {
  it.each([
    [
      'samples.jsonl',
      /<section id="samples">/,
      /How outputs form<\/h2><p class="quiet">They cannot be shown|^(?!.*How outputs form)/s,
    ],
    ['metrics.jsonl', /<section id="samples">/, /<p class="lead">PER/],
    ['evaluations/final/predictions.jsonl', /<h2[^>]*>Learning curves/, /<p class="lead">PER/],
    ['evaluations/final/evaluation.json', /<h2[^>]*>Learning curves/, /<p class="lead">PER/],
  ])('with %s damaged, emptied, a folder or gone names it and has the rest', async (file, ...rest) => {
    for (const [said, damage] of Object.entries(damages)) {
      const directory = await writeTrial(join(root, `${file} ${said}`.replaceAll('/', ' ')), { ...trial, samples })
      damage(join(directory, file))
      const { path = '', problems } = await writeTrialReport(directory)
      const page = readFileSync(path, 'utf8')
      expect(problems).toEqual([expect.stringContaining(`${join(directory, file)} `)])
      expect(problems[0]).toContain(said)
      expect(page).toMatch(
        /role="alert"><p><b>1 file of this trial is damaged or missing.<\/b> This page has what the others hold/,
      )
      expect(page).toContain(`<li>${problems[0]}</li>`)
      for (const part of rest) expect(page).toMatch(part)
    }
  })

  it('is not written where the record itself is damaged', async () => {
    for (const [said, damage] of Object.entries(damages)) {
      const directory = await writeTrial(join(root, `record ${said}`), trial)
      damage(join(directory, 'record.json'))
      const { path, problems } = await writeTrialReport(directory)
      expect(path).toBeUndefined()
      expect(problems).toEqual([expect.stringMatching(/record\.json is (damaged|missing)/)])
    }
  })

  it('says nothing of damage where all is whole', async () => {
    const { path = '', problems } = await writeTrialReport(await writeTrial(join(root, 'whole'), { ...trial, samples }))
    expect(problems).toEqual([])
    expect(readFileSync(path, 'utf8')).not.toContain('role="alert"')
  })
})
