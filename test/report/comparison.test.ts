import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { afterAll, describe, expect, it } from 'vitest'
import { compare } from '../../src/report/analysis/comparison/compare.js'
import { headline } from '../../src/report/analysis/comparison/headline.js'
import { findTrials } from '../../src/report/analysis/comparison/read.js'
import { comparisonHtml } from '../../src/report/render/comparison/html.js'
import { escapeMarkdown } from '../../src/report/render/comparison/markdown.js'
import { formatComparison, writeComparison } from '../../src/report/render/comparison/write.js'
import { studentQuantile } from '../../src/stats/student.js'
import { sealFolder } from '../../src/store/trial/manifest.js'
import { type MadeUpOptions, madeUpSpec, madeUpTrial } from './made-up.js'
import { intervalOf, plannedTrial, writeStudy, writeTrial } from './study.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-compare-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const command = 'seqlab compare'

const rates = { additive: 0.08, general: 0.082, 'last-state': 0.2 }
const trialOf = (label: keyof typeof rates, seed: number, more: MadeUpOptions = {}) =>
  madeUpTrial({
    label,
    seed,
    study: 'scorers',
    variant: { scorer: label },
    wrong: rates[label] * (1 + 0.02 * seed),
    examples: 120,
    steps: 1000,
    ...more,
  })
const seeds = [1, 2, 3]
const trials = (Object.keys(rates) as (keyof typeof rates)[]).flatMap((label) =>
  seeds.map((seed) => trialOf(label, seed)),
)
const directory = join(root, 'scorers')
const claims = [
  { left: 'additive', right: 'last-state', metric: 'per', relation: 'better' as const, margin: 0.02 },
  { left: 'additive', right: 'last-state', metric: 'per', relation: 'worse' as const },
  { left: 'general', right: 'additive', metric: 'per', relation: 'better' as const },
  { left: 'general', right: 'additive', metric: 'per', relation: 'equivalent' as const },
  { left: 'last-state', right: 'additive', metric: 'per', relation: 'equivalent' as const, margin: 0.01 },
  { left: 'general', right: 'cosine', metric: 'per', relation: 'equivalent' as const, margin: 0.01 },
]
await writeStudy(directory, trials, { claims })
const report = compare(await findTrials([directory]), { command })
const group = report.groups[0]
const per = group?.metrics[0]
if (group === undefined || per === undefined) throw new Error('one group with PER')

describe('the figures', () => {
  const rateOf = (label: string, seed: number) => {
    const lines = trials.find(({ record }) => record.label === label && record.seed === seed)?.predictions ?? []
    const test = lines.filter(({ split }) => split === 'test')
    const sum = (at: number) => test.reduce((total, { statistics }) => total + (statistics.per?.[at] ?? 0), 0)
    return sum(0) / sum(1)
  }

  it('are those of the predictions, recomputed by hand', () => {
    for (const [at, label] of Object.keys(rates).entries()) {
      const expected = seeds.map((seed) => rateOf(label, seed))
      for (const [seed, value] of expected.entries()) expect(per.values[at]?.perSeed[seed]).toBeCloseTo(value, 12)
      expect(per.values[at]?.mean.value).toBeCloseTo(expected.reduce((sum, value) => sum + value, 0) / 3, 12)
    }
  })

  it("have intervals of Welch's kind with the examples' part", () => {
    const pair = per.pairs.find(({ left, right }) => left === 'v1' && right === 'v3')
    const a = seeds.map((seed) => rateOf('additive', seed))
    const b = seeds.map((seed) => rateOf('last-state', seed))
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    const part = (values: number[]) => values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / 2 / 3
    const examples = pair?.exampleVariance ?? Number.NaN
    const total = part(a) + part(b) + examples
    const df = total ** 2 / (part(a) ** 2 / 2 + part(b) ** 2 / 2 + examples ** 2 / 119)
    expect(examples).toBeGreaterThan(0)
    expect(pair?.difference).toBeCloseTo(mean(a) - mean(b), 12)
    expect(pair?.seedVariance).toBeCloseTo(part(a) + part(b), 12)
    expect(pair?.degreesOfFreedom).toBeCloseTo(df, 9)
    const level = pair?.level ?? Number.NaN
    const reach = studentQuantile((1 + level) / 2, df) * Math.sqrt(total)
    const interval = intervalOf(pair)
    expect(interval.low).toBeCloseTo(mean(a) - mean(b) - reach, 9)
    expect(interval.high).toBeCloseTo(mean(a) - mean(b) + reach, 9)
  })

  it('make one family of all pairs, at Holm’s levels', () => {
    expect(per.pairs).toHaveLength(3)
    const levels = per.pairs.map(({ level }) => Math.round((1 - level) * 1e6) / 1e6).sort()
    expect(levels[0]).toBeCloseTo(0.05 / 3, 6)
  })

  it('are in the JSON that its schema describes', async () => {
    const schema = JSON.parse(readFileSync('schema/comparison.schema.json', 'utf8')) as object
    const validate = new Ajv({ strict: false }).compile(schema)
    const json: unknown = JSON.parse(await formatComparison(report, 'json'))
    expect(validate(json), JSON.stringify(validate.errors)).toBe(true)
    expect(json).toEqual(JSON.parse(JSON.stringify(report)))
  })
})

describe('the answer', () => {
  it('states what is significant, by how much and with which interval, and no more', () => {
    const [ranking, first, second] = headline(report)
    expect(ranking).toMatch(
      /^additive and general: PER [\d.]+ to [\d.]+ %, no significant difference; all ahead of last-state \([\d.]+ %\)\.$/,
    )
    expect(first).toMatch(
      /^No significant difference in PER between additive and general \(-[\d.]+ to [\d.]+ points\)\.$/,
    )
    expect(second).toMatch(
      /^additive has a lower PER than last-state by [\d.]+ points \(95 % interval [\d.]+ to [\d.]+, corrected for 3 pairs; 3 seeds\)\.$/,
    )
    expect(headline(report).join(' ')).not.toMatch(/equal|same|equivalent/)
  })

  it('concludes nothing about training runs from one seed', async () => {
    const one = join(root, 'one-seed')
    await writeStudy(one, [trialOf('additive', 1), trialOf('last-state', 1)])
    const compared = compare(await findTrials([one]), { command })
    const [, warning, sentence] = headline(compared)
    const pair = compared.groups[0]?.metrics[0]?.pairs[0]
    const unknown = { value: null, reason: 'a variant has one seed' }
    expect([pair?.seedVariance, pair?.effectSize]).toEqual([unknown, unknown])
    expect(Object.values(pair ?? {})).not.toContain(null)
    expect(warning).toBe(
      'With one seed per variant, nothing can be concluded about training runs, only about these two trained models on examples like these 120.',
    )
    expect(sentence).toMatch(
      /^additive has a lower PER than last-state \(these two trained models\) by .*; 120 examples\)\.$/,
    )
  })

  it('says when the best on dev is not the best on test', async () => {
    const turned = join(root, 'turned')
    const better = seeds.map((seed) => trialOf('additive', seed))
    const worse = seeds.map((seed) => {
      const trial = trialOf('last-state', seed)
      const one = { value: 0.001, interval: { low: 0, high: 0.1, method: 'bootstrap' as const } }
      const dev = { per: one, wer: one }
      return { ...trial, record: { ...trial.record, metrics: { ...trial.record.metrics, dev } } }
    })
    await writeStudy(turned, [...better, ...worse])
    const [, sentence] = headline(compare(await findTrials([turned]), { command }))
    expect(sentence).toMatch(
      /^Although last-state is best on dev, additive has a lower PER than last-state by .* on test\.$/,
    )
  })
})

describe('claims', () => {
  it('are supported, contradicted or undecided by the same figures', () => {
    expect(report.claims.map(({ verdict }) => verdict)).toEqual([
      'supported',
      'contradicted',
      'undecided',
      'undecided',
      'contradicted',
      'undecided',
    ])
    expect(report.claims[3]?.evidence).toContain('equivalence requires a margin')
    expect(report.claims[5]?.evidence).toContain('available: additive, general, last-state')
  })
})

describe('what cannot be compared', () => {
  it('is listed with the reason: damaged, of another version, failed, missing, too few predictions', async () => {
    const mixed = join(root, 'mixed')
    const failed = trialOf('general', 2)
    const missing = plannedTrial('never-run', 'general', 9)
    await writeStudy(
      mixed,
      [
        ...trials.slice(0, 3),
        trialOf('general', 1),
        {
          ...failed,
          record: {
            ...failed.record,
            status: 'failed',
            metrics: {},
            error: { code: 'training', message: 'NaN at step 3', problems: [] },
          },
        },
        trialOf('last-state', 1, { examples: 50 }),
        trialOf('last-state', 2),
        trialOf('last-state', 3),
        trialOf('last-state', 4),
        trialOf('last-state', 5),
      ],
      { missing: [missing] },
    )
    const damaged = join(mixed, 'trial-last-state-2', 'evaluations', 'final', 'predictions.jsonl')
    writeFileSync(damaged, readFileSync(damaged, 'utf8').replace('"test"', '"tesT"'))
    const older = join(mixed, 'trial-last-state-3')
    const record = readFileSync(join(older, 'record.json'), 'utf8')
    writeFileSync(join(older, 'record.json'), record.replace('"schemaVersion": 2', '"schemaVersion": 0'))
    await sealFolder(older, { trialId: 'trial-last-state-3', attempt: 1 })
    rmSync(join(mixed, 'trial-last-state-4', 'metrics.jsonl'))
    rmSync(join(mixed, 'trial-last-state-5', 'manifest.json'))
    const partial = compare(await findTrials([mixed]), { command })
    const reasons = partial.skipped.map(({ reason }) => reason).join('\n')
    expect(partial.skipped).toHaveLength(5)
    expect(reasons).toContain('predictions.jsonl is damaged: its checksum does not match')
    expect(reasons).toContain('(schema version 0; this version of seqlab reads version 2): run it again')
    expect(reasons).toContain('metrics.jsonl is missing')
    expect(reasons).toContain('its manifest.json is missing')
    expect(reasons).toContain('it has predictions of 50 test examples, not 120')
    const words = headline(partial).join('\n')
    expect(words).toContain('Unfinished: 1 of 11 results of scorers is missing: 1 not started (general, seed 9).')
    expect(words).toContain('1 of 2 trials of general failed and is excluded (seed 2: NaN at step 3).')
    const markdown = await formatComparison(partial, 'md')
    for (const { reason } of partial.skipped) expect(markdown).toContain(escapeMarkdown(reason))
    expect(comparisonHtml(partial, undefined)).toContain('failed: NaN at step 3')
    expect(markdown).toContain('| general | 2 | failed: NaN at step 3 |')
  })

  it('refuses folders that are neither run nor study', async () => {
    await expect(findTrials([join(root, 'nowhere')])).rejects.toThrow(/is not a directory/)
    await expect(findTrials([root])).rejects.toMatchObject({
      message: `${root} holds no trials`,
      hint: expect.stringContaining('scorers'),
    })
  })

  it('says so where nothing has finished', async () => {
    const nothing = join(root, 'nothing')
    const missing = plannedTrial('never-run', 'general', 9)
    await writeStudy(nothing, [], { missing: [missing] })
    const empty = compare(await findTrials([nothing]), { command })
    expect(headline(empty)).toEqual([
      'Unfinished: 1 of 1 result of study is missing: 1 not started (general, seed 9).',
      'No trial has finished: there is nothing to compare yet.',
    ])
    for (const form of ['html', 'md', 'csv', 'json'] as const) expect(await formatComparison(empty, form)).not.toBe('')
  })

  it('compares studies with each other: which settings differ, and claims by the names of their own study', async () => {
    const other = join(root, 'longer')
    const train = { ...madeUpSpec.train, steps: 9000 }
    const longer = (['additive', 'last-state'] as const).flatMap((label) =>
      seeds.map((seed) =>
        trialOf(label, seed, { identity: `${label}-longer`, study: 'longer', spec: { ...madeUpSpec, train } }),
      ),
    )
    await writeStudy(other, longer, { claims: claims.slice(0, 2) })
    const both = compare(await findTrials([directory, other, other]), { command })
    const [found] = both.groups
    expect(found?.variants.map(({ label }) => label)).toEqual([
      'additive (scorers)',
      'general',
      'last-state (scorers)',
      'additive (longer)',
      'last-state (longer)',
    ])
    expect(found?.columns).toEqual(['scorer', 'train.steps'])
    expect(found?.trials).toHaveLength(15)
    expect(both.claims.map(({ verdict }) => verdict).slice(-2)).toEqual(['supported', 'contradicted'])
  })

  it('parts trials on other data into groups of their own', async () => {
    const other = trialOf('additive', 1, { identity: 'additive-elsewhere' })
    const path = await writeTrial(join(root, 'loose'), {
      ...other,
      record: { ...other.record, digests: { training: 'other', test: 'other' } },
    })
    const several = compare(await findTrials([directory, path]), { command })
    expect(several.groups.map(({ dataDigest }) => dataDigest)).toEqual(['4f3c5d7be0aa', 'other'])
  })

  it('groups by one setting and says what else differs within', async () => {
    const by = join(root, 'by')
    const specOf = (hidden: number, seed: number) => {
      const encoder = { ...madeUpSpec.model.encoder, hidden } as NonNullable<typeof madeUpSpec.model.encoder>
      return {
        ...madeUpSpec,
        seed,
        model: { ...madeUpSpec.model, encoder },
        train: { ...madeUpSpec.train, batchSize: 32 * seed },
      }
    }
    await writeStudy(
      by,
      [64, 128].flatMap((hidden) =>
        [1, 2].map((seed) =>
          trialOf('additive', seed, {
            label: `h${hidden}`,
            identity: `h${hidden}-${32 * seed}`,
            spec: specOf(hidden, seed),
          }),
        ),
      ),
    )
    const [found] = compare(await findTrials([by]), { command, by: 'model.encoder.hidden' }).groups
    expect(found?.variants.map(({ label }) => label)).toEqual(['hidden = 64', 'hidden = 128'])
    expect(found?.mixed).toEqual(['train.batchSize'])
    expect(found?.seedWord).toBe('run')
  })
})

describe('the formats', () => {
  it('are written into the study and agree', async () => {
    const { paths, headline: words, problems } = await writeComparison(directory)
    expect(paths.map((path) => path.replace(`${directory}/`, ''))).toEqual([
      'comparison.html',
      'comparison.md',
      'comparison.csv',
      'comparison.json',
    ])
    expect(problems).toEqual([])
    const markdown = readFileSync(join(directory, 'comparison.md'), 'utf8')
    for (const sentence of words) expect(markdown).toContain(sentence)
  })

  it('give spreadsheets one row per trial with full precision', async () => {
    const rows = (await formatComparison(report, 'csv')).trimEnd().split('\r\n')
    expect(rows).toHaveLength(1 + trials.length)
    const head = rows[0]?.split(',') ?? []
    const first = rows[1]?.split(',') ?? []
    expect(Number(first[head.indexOf('test.per')])).toBe(trials[0]?.record.metrics.test?.per?.value)
  })

  it('never execute a text from specs or data', async () => {
    const evil = '</script><script>alert(1)</script>'
    const formula = '=1+1,"x"'
    const hostile = join(root, 'hostile')
    const attack = (label: string, seed: number) => {
      const trial = trialOf('additive', seed, { label, study: evil, spec: { ...madeUpSpec, name: label } })
      return {
        ...trial,
        predictions: trial.predictions.map((line) => ({
          ...line,
          source: [evil],
          hypothesis: [evil, ...line.hypothesis],
        })),
      }
    }
    await writeStudy(hostile, [attack(evil, 1), attack(formula, 2), attack('a|b*c', 3)])
    const attacked = compare(await findTrials([hostile]), { command: evil })
    const html = comparisonHtml(attacked, { page: 'void 0' })
    expect(html).not.toContain('<script>alert')
    expect(html.match(/<script/g)).toHaveLength(3)
    const markdown = await formatComparison(attacked, 'md')
    expect(markdown.replaceAll(/<\/?(details|summary)>/g, '').replaceAll(/`[^`]*`/g, '')).not.toMatch(/<script/)
    expect(markdown).toContain('a\\|b\\*c')
    expect(await formatComparison(attacked, 'csv')).toContain(`"'=1+1,""x"""`)
  })
})
