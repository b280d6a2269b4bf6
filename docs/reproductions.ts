import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  type KnownReproduction,
  knownReproductions,
  storedReproduction,
} from '../src/report/analysis/reproductions/known.js'
import { duration } from '../src/report/format/values.js'
import { bandText, publishedRow } from '../src/report/render/comparison/published.js'
import type { Reproduction } from '../src/store/index.js'
import { markdownTable } from './markdown.js'

const folder = fileURLToPath(new URL('../experiments/reproductions', import.meta.url))

/** Published results and ours, from the records that `seqlab reproduce` wrote (experiments/reproductions/records). */
export function reproductionsPage(): string {
  const studies = knownReproductions(folder).map((known) => ({
    ...known,
    record: storedReproduction(folder, known.name),
  }))
  return [
    '# Published results, reproduced',
    'Written by `npm run docs` from the records in `experiments/reproductions/records`, which are copies of what `seqlab reproduce` left in a run as `reproduction.json` (sealed: a changed figure is refused): do not edit.',
    bandText,
    '`seqlab reproduce` lists the studies with their status, `seqlab reproduce STUDY` runs one.',
    'Inflection with a pointer-generator beside Yoyodyne, which is trained by its own recipe in the same run: [heads-figures.md](heads-figures.md#beside-yoyodyne-time-and-accuracy).',
    overview(studies),
    ...studies.map(({ name, file, published, record }) =>
      [
        `## ${name}`,
        [
          `${published.source}.`,
          ...(published.data === undefined ? [] : [`Data: ${published.data}.`]),
          ...(published.minutes === undefined ? [] : [`Expected: ${published.minutes} minutes on two cores.`]),
        ].join(' '),
        commentOf(file),
        `\`\`\`sh\nseqlab reproduce ${name}${published.data === undefined ? '' : ' --data-dir FOLDER'}\n\`\`\``,
        ...(record === undefined ? ['**Not run.**'] : recordText(record)),
      ].join('\n\n'),
    ),
    '',
  ].join('\n\n')
}

/** What a study's file says at its head of the recipe, and of what differs from the published one. */
function commentOf(file: string): string {
  const lines = readFileSync(file, 'utf8').split('\n')
  const head = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith('#')),
  )
  return head
    .map((line) => line.replace(/^#\s?/, ''))
    .filter((line) => !line.startsWith('yaml-language-server') && !/^\s+seqlab /.test(line))
    .join(' ')
}

/** What there is, how long each takes, and what came out: the first thing to read. */
function overview(studies: readonly (KnownReproduction & { readonly record: Reproduction | undefined })[]): string {
  const rows = studies.map(({ name, published, record }) => {
    const minutes = published.minutes === undefined ? '' : `${published.minutes}`
    const figures = record?.figures ?? []
    const told = figures.map((figure) => (figure.name === '' ? figure.status : `${figure.name}: ${figure.status}`))
    return [`[${name}](#${name})`, minutes, told.length === 0 ? 'not run' : told.join('; ')]
  })
  return markdownTable(['Study', 'Expected minutes on two cores', 'Status'], rows)
}

function recordText(record: Reproduction): string[] {
  const head = ['Status', 'Figure', 'Published', 'Band (95 %)', 'Ours', 'Over new seeds (95 %)', 'Seeds']
  const rows = record.figures.map((figure) => publishedRow(figure).slice(0, head.length))
  const versions = ['seqlab', 'code', 'node', 'onnxruntime-node'].map(
    (name) => `${name} ${record.versions[name]?.join(', ')}`,
  )
  return [
    markdownTable(head, rows),
    ...(record.claims.length === 0 ? [] : [record.claims.map((claim) => `- ${claim}`).join('\n')]),
    `${record.date.slice(0, 10)}, \`${record.command}\`, ${record.machine}; ${versions.join(', ')}; ${duration(record.trainMs)} of training in all.`,
  ]
}
