import { readdirSync, readFileSync } from 'node:fs'
import { at } from '../src/core/lists.js'
import { clopperPearson } from '../src/stats/clopper-pearson.js'
import { mean } from '../src/stats/difference.js'
import { besideYoyodyne } from './inflection-figures.js'
import { markdownTable } from './markdown.js'

// Figures of heads and cells on published tasks, from the records of their trials (bench/results/heads/STUDY/TRIAL.json are
// copies of record.json).

/** What a record has that the page shows. */
interface TrialRecord {
  readonly label: string
  readonly trialId: string
  readonly seed: number
  readonly parameters: number
  readonly stepsDone: number
  readonly data: { readonly kept: { readonly test: number } }
  readonly metrics: Readonly<Record<'dev' | 'test', Readonly<Record<string, { readonly value: number }>>>>
  readonly versions: Readonly<Record<string, string>>
}

const folder = new URL('../bench/results/heads/', import.meta.url)

/** The records of a study, in the order of their labels and seeds; none where it was not run. */
function recordsOf(study: string): readonly TrialRecord[] {
  if (!readdirSync(folder).includes(study)) return []
  const place = new URL(`${study}/`, folder)
  return readdirSync(place)
    .map((file): TrialRecord => JSON.parse(readFileSync(new URL(file, place), 'utf8')))
    .sort((one, other) => one.label.localeCompare(other.label) || one.seed - other.seed)
}

const percent = (value: number) => `${(100 * value).toFixed(2)} %`
const valueIn = ({ metrics }: TrialRecord, name: string) => metrics.test[name]?.value ?? Number.NaN

/** A row a seed, and their mean. */
function bySeed(records: readonly TrialRecord[], metrics: Readonly<Record<string, string>>): string {
  const names = Object.keys(metrics)
  const rows = records.map((record) => [
    String(record.seed),
    ...names.map((name) => percent(valueIn(record, name))),
    `\`${record.trialId}\``,
  ])
  const means = ['mean', ...names.map((name) => percent(mean(records.map((record) => valueIn(record, name))))), '']
  return markdownTable(['Seed', ...Object.values(metrics), 'Trial'], [...rows, means])
}

/** A row a variant: dev, by which one is chosen, and test. */
function bothSets(study: string, metric: string): string {
  const rows = recordsOf(study).map((record) => [
    record.label,
    percent(record.metrics.dev[metric]?.value ?? Number.NaN),
    percent(valueIn(record, metric)),
  ])
  return markdownTable(['Variant', 'Dev', 'Test'], rows)
}

/** A published accuracy on a test set of so many words beside ours; its interval is that of such a share of them. */
function besideGolden(record: TrialRecord, name: string, golden: number): readonly string[] {
  const { test } = record.data.kept
  const { low, high } = clopperPearson(Math.round(golden * test), test, 0.95)
  const ours = valueIn(record, 'exact-match')
  const verdict = ours >= golden ? 'at least' : ours >= low ? 'within' : '**below**'
  return [name, percent(golden), `${percent(low)} to ${percent(high)}`, percent(ours), verdict]
}

/** Each variant of a study that has a published accuracy, by a part of its label. */
function goldenTable(
  study: string,
  goldens: readonly (readonly [label: string, name: string, golden: number])[],
): string {
  const records = recordsOf(study)
  const rows = goldens.map(([label, name, golden]) => {
    const record = records.find((each) => each.label === label)
    return record === undefined ? [name, percent(golden), '', 'not measured', ''] : besideGolden(record, name, golden)
  })
  return markdownTable(['Model', 'Yoyodyne', '95 % of its test size', 'seqlab', 'Ours is'], rows)
}

const hard = 'hard-monotonic-attention'
const g2pGoldens = [
  ['softmax', 'soft attention, LSTM', 0.78],
  ['pointer-generator', 'pointer-generator, LSTM', 0.8],
  ['pointer-generator, gru, gru', 'pointer-generator, GRU', 0.74],
  [`${hard}(order=0), last-state, labelSmoothing=0`, 'hard attention, LSTM', 0],
  [`${hard}(order=1, window=1), last-state, labelSmoothing=0`, 'hard attention with context 1, LSTM', 0.61],
  [`${hard}(order=1, window=1), last-state, gru, gru, labelSmoothing=0`, 'hard attention with context 1, GRU', 0.61],
] as const
const inflectionGoldens = [
  ['pointer-generator, hidden=512', 'pointer-generator, LSTM, separate features', 0.863],
  [
    `${hard}(order=1, window=1), last-state, labelSmoothing=0, context`,
    'hard attention with context 1, LSTM, separate features',
    0.004,
  ],
] as const

/** What a study was run with: versions of the code may differ from trial to trial. */
function versionsOf(records: readonly TrialRecord[]): string {
  const { versions } = at(records, 0)
  const codes = new Set(records.map((record) => `\`${record.versions.code}\``))
  return `seqlab ${versions.seqlab} (code ${[...codes].join(', ')}), Node ${versions.node}, ${versions.engine}`
}

const command = (line: string) => ['```sh', line, '```'].join('\n')
const notMeasured = '**Not measured yet.**'

/** A section of what was measured; where there is no record, that is said. */
function section(
  title: string,
  study: string,
  how: readonly string[],
  shown: (records: readonly TrialRecord[]) => readonly string[],
) {
  const records = recordsOf(study)
  const found = records.length === 0 ? [notMeasured] : [...shown(records), `Measured with ${versionsOf(records)}.`]
  return [`## ${title}`, ...how, ...found]
}

function sections(): readonly string[] {
  return [
    '# Figures of heads and cells',
    "Written by `npm run docs` from the records in `bench/results/heads`, which are copies of the trials' `record.json`: do not edit.",
    `What has no date of its own was measured on 2026-11-28 and 29, on two cores of an AMD EPYC that other programs shared (a load of 6 to 24), so that times are left
out. A command downloads nothing; its data are where its spec says. Yoyodyne's own figures are those
of its tests (commit 7a84f2c), one seed each.`,
    ...section(
      'minGRU: selective copying',
      'min-gru-copying',
      [
        '16 symbols of 16 kinds among 128 steps, at random places; encoder (two layers of 64) and decoder are minGRU. Aimed at: 99 % of symbols, the mean of three seeds.',
        command('seqlab sweep experiments/min-gru-copying.yaml --workers 1'),
      ],
      (records) => [bySeed(records, { 'token-accuracy': 'Symbols', 'exact-match': 'Whole sequences' })],
    ),
    ...section(
      "Yoyodyne's test of Icelandic pronunciation",
      'yoyodyne-g2p',
      [
        'Share of words that are right in whole, 100 words, trained on 800. The interval is that of such a share of 100 words.',
        'Seed 49 of:',
        command('seqlab reproduce yoyodyne-g2p --data-dir yoyodyne/tests/testdata/data --workers 1'),
      ],
      () => [
        goldenTable('yoyodyne-g2p', g2pGoldens),
        'Without label smoothing the best of our pointer-generator (LSTM) on dev was 67 % when it was stopped at step 319, with it 77 % (one seed each).',
      ],
    ),
    ...section(
      "Yoyodyne's test of inflection",
      'yoyodyne-inflection',
      [
        'Turkish, which is what its tests have: share of forms that are right in whole, 1,000 forms, trained on 1,000.',
        "By an earlier recipe than that of the study of this name: batches of at most four shapes, and weights and embeddings that start as seqlab's do by default. The study of now:",
        command('seqlab reproduce yoyodyne-inflection --data-dir yoyodyne/tests/testdata/data --workers 1'),
      ],
      () => [goldenTable('yoyodyne-inflection', inflectionGoldens)],
    ),
    ...section(
      'CRF: chunks of CoNLL-2000',
      'conll2000-chunks',
      [
        'F1 on the test set; Huang et al. 2015 without pretrained vectors: 94.13. Aimed at: 94.1, the mean of three seeds, each in under 15 minutes on two cores.',
        command('seqlab reproduce conll2000-chunks --data-dir conll2000 --workers 1'),
        'An earlier spec, of one layer without variational dropout and 2,000 steps, gave 93.5 on test and 94.1 on dev with one seed, in 4 min 37 s on two cores. Variants chosen on dev alone (`seqlab sweep experiments/conll2000-tuning.yaml`, one seed; two of four were not run to their end):',
        bothSets('conll2000-tuning', 'slot-f1'),
      ],
      (records) => [bySeed(records, { 'slot-f1': 'F1', 'token-accuracy': 'Tags' })],
    ),
    '## Beside Yoyodyne: time and accuracy',
    'Its pointer-generator and ours on CoNLL-SIGMORPHON 2017, Turkish, medium, in turns, three seeds each:',
    command('npm run bench:jobs -- --job inflection --data-dir yoyodyne/tests/testdata/data'),
    ...(besideYoyodyne() ?? [notMeasured]),
  ]
}

/** The page docs/heads-figures.md. */
export function headsFigures(): string {
  return `${sections().join('\n\n')}\n`
}
