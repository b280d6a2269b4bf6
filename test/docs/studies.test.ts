import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { studies, studyFiles } from '../../docs/study-pages/index.js'
import { writeRecord } from '../../docs/study-pages/make-record.js'
import { withoutProgram } from '../../docs/study-pages/page.js'
import { pictureOf } from '../../docs/study-pages/pictures.js'
import { fillOf } from '../../docs/study-pages/placeholders.js'
import { readPlayground, readRecord, recordsFolder, type StudyRecord } from '../../docs/study-pages/record.js'
import { countSeeds } from '../../docs/study-pages/seed-counts.js'
import { filled, parseText, placeholdersIn, readText } from '../../docs/study-pages/texts.js'
import { languages } from '../../docs/study-pages/words.js'
import { compare } from '../../src/report/analysis/comparison/compare.js'
import { findTrials } from '../../src/report/analysis/comparison/read.js'
import { command } from '../support/command.js'
import { tinyRuns } from '../support/trained-runs.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-studies-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const recorded = studies.flatMap((name) => readRecord(recordsFolder, name) ?? [])

test('pages are what the records give (npm run docs writes them), but for the program that is built into them', () => {
  const files = studyFiles(recordsFolder, '')
  expect(files.size).toBe(languages.length * (1 + 2 * recorded.length))
  for (const [path, text] of files)
    expect(withoutProgram(readFileSync(join('docs', path), 'utf8'))).toBe(withoutProgram(text))
  const written = readdirSync('docs/studies').filter((file) => file.endsWith('.html'))
  expect(written.map((file) => `studies/${file}`).filter((file) => !files.has(file))).toEqual([])
})

test('every page holds the program of its playground', () => {
  for (const { study, noPlayground } of recorded) {
    const page = readFileSync(`docs/studies/${study}.html`, 'utf8')
    if (noPlayground === null)
      expect(/<script data-built>([\s\S]*?)<\/script>/.exec(page)?.[1]?.length).toBeGreaterThan(10_000)
  }
})

describe('texts', () => {
  const texts = studies.map((name) => [name, readText(name, 'en'), readText(name, 'zh')] as const)

  test.each(texts)('%s: both languages ask for the same claims, pictures and figures', (_, en, zh) => {
    const askedIn = (text: typeof en) =>
      (text?.blocks ?? []).flatMap((block) => [
        ...('placeholder' in block ? [JSON.stringify([block.kind, block.placeholder])] : []),
        ...placeholdersIn(block.text).map(({ whole }) => whole),
      ])
    expect(askedIn(en).length).toBeGreaterThan(4)
    expect(askedIn(zh).sort()).toEqual(askedIn(en).sort())
  })

  test.each(texts)('%s: no figure is typed by hand', (_, ...both) => {
    // Placeholders have theirs from the record; code is an input or a name, such as `1-N`.
    for (const text of both) {
      const prose = [text?.title ?? '', ...(text?.blocks ?? []).map((block) => block.text)].join('\n')
      expect(prose.replace(/\{[^{}]*\}|`[^`]*`/g, '')).not.toMatch(/\d/)
    }
  })

  test.each(recorded.map((record) => [record.study, record] as const))(
    '%s: every claim is in it',
    (name, { claims }) => {
      for (const language of languages) {
        const blocks = readText(name, language)?.blocks ?? []
        const said = blocks.flatMap((block) => (block.kind === 'claim' ? [Number(block.placeholder.argument)] : []))
        expect(said.sort()).toEqual(claims.map((_, at) => at + 1))
      }
    },
  )
})

describe('a study of one pair and six seeds', () => {
  const places = { runs: join(root, 'runs'), experiments: join(root, 'experiments'), records: join(root, 'records') }
  let record: StudyRecord

  beforeAll(async () => {
    const { files, spec } = tinyRuns.transduce ?? { files: {}, spec: {} }
    for (const folder of [places.experiments, places.records]) mkdirSync(folder)
    for (const [file, text] of Object.entries(files)) writeFileSync(join(places.experiments, file), text)
    writeFileSync(join(places.experiments, 'base.yaml'), JSON.stringify({ ...spec, name: 'base' }))
    const grid = { 'model.decoder.hidden': [8, 12] }
    const claims = [
      { left: { 'model.decoder.hidden': 8 }, right: { 'model.decoder.hidden': 12 }, metric: 'ser', relation: 'better' },
    ]
    const study = { name: 'pair', extends: 'base.yaml', grid, seeds: 6, metrics: ['ser'], claims }
    writeFileSync(join(places.experiments, 'pair.yaml'), JSON.stringify(study))
    await expect(writeRecord('pair', places)).rejects.toThrow('No study is called pair')
    const { stderr } = await command(['sweep', 'experiments/pair.yaml', '--quiet', '--workers', '1'], { cwd: root })
    expect(stderr).not.toMatch(/error/i)
    record = await writeRecord('pair', places)
  })

  test('is recorded with what its comparison says', async () => {
    expect(readRecord(places.records, 'pair')).toEqual(record)
    const report = compare(await findTrials([join(places.runs, 'pair')]), { command: '' })
    expect(record.claims).toEqual(report.claims)
    expect(record.groups[0]?.metrics[0]?.values).toEqual(report.groups[0]?.metrics[0]?.values)
    expect(readPlayground(places.records, 'pair')?.models.map(({ variant }) => variant)).toEqual(['v1', 'v2'])
    expect(JSON.stringify(record)).not.toContain(root)
  })

  test('keeps all that the test needs: over all seeds it is that of the claim', async () => {
    const { pair, claims } = record
    if (pair === null) throw new Error('no pair')
    const report = compare(await findTrials([join(places.runs, 'pair')]), { command: '' })
    const variance = pair.exampleCovariance.flat().reduce((sum, value) => sum + value, 0) / 36
    expect(variance).toBeCloseTo(report.groups[0]?.metrics[0]?.pairs[0]?.exampleVariance ?? Number.NaN, 6)
    const { subsets, supported, wrongSupported } = countSeeds(pair, 6)
    expect(subsets).toBe(1)
    expect((supported ?? 0) + (wrongSupported ?? 0)).toBe(claims[0]?.verdict === 'undecided' ? 0 : 1)
  })

  test('a changed figure is refused', () => {
    const file = join(places.records, 'pair.json')
    const whole = readFileSync(file, 'utf8')
    writeFileSync(
      file,
      // The whole number is replaced: another first digit might be a 0, which is no JSON.
      whole.replace(/"trainMs": [\d.]+/, '"trainMs": 123456789'),
    )
    expect(() => readRecord(places.records, 'pair')).toThrow('its checksum does not match')
    writeFileSync(file, whole)
  })

  test('a run of another plan is no result of the study', async () => {
    const file = join(places.experiments, 'pair.yaml')
    const whole = readFileSync(file, 'utf8')
    writeFileSync(file, whole.replace('"seeds":6', '"seeds":7'))
    await expect(writeRecord('pair', places)).rejects.toThrow('12 trials, not 14')
    writeFileSync(file, whole)
  })

  test('placeholders have its figures; what it has not is an error with the file and what there is', () => {
    const fill = (text: string) => filled(text, fillOf(record, 'en', 'pair.en.md'))
    expect(fill('{seeds} seeds of {variants} variants, {trials} trials, {examples} words')).toBe(
      '6 seeds of 2 variants, 12 trials, 12 words',
    )
    expect(fill('{value ser: hidden=8}')).toMatch(/^\d+\.\d %$/)
    expect(fill('{spec train.batchSize}')).toBe(String(record.spec.train && Object(record.spec.train).batchSize))
    expect(() => fill('{value ser: gru}')).toThrow('pair.en.md: {value ser: gru}: no variant is `gru`')
    expect(() => fill('{value per: hidden=8}')).toThrow('no metric is `per`; there are ser')
    expect(() => fill('{claims}')).toThrow('there is no placeholder `claims`')
    expect(() => fill('{verdict 2}')).toThrow('there are 1 claims')
    expect(() => fill('{figure 1}')).toThrow('compares with no figure')
    expect(() => fill('{spec train.speed}')).toThrow('its spec has no `train.speed`')
    expect(() => fill('{wrongSupported 1}')).toThrow('one seed is not tested')
  })

  test('so is a picture of what it has not', () => {
    const asked = (text: string) => {
      const [block] = parseText(`# Title\n\n${text}`, 'pair.en.md').blocks
      if (block === undefined || !('placeholder' in block)) throw new Error(`${text} is no picture`)
      return pictureOf(record, block.placeholder, 'en')
    }
    expect(asked('{values ser}').alternative).toMatch(/^hidden=8: .* %.*; hidden=12: /)
    expect(() => asked('{curve copies-distance}')).toThrow('no variant has a curve `copies-distance`')
    expect(() => asked('{values per}')).toThrow('no metric is `per`')
  })
})
