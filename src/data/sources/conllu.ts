import Type, { type Static } from 'typebox'
import type { Problem } from '../../core/errors.js'
import { didYouMean, oneOf } from '../../core/suggest.js'
import { type ConlluColumn, columnNames, conlluSentences, fieldOf } from '../reading/conllu.js'
import { readLines } from '../reading/files.js'
import { brings, givenSets, pathsSchema, readFiles, setProblems } from './given-sets.js'
import { defineExampleSource, type RawExample } from './types.js'

const field = (side: string, fallback: ConlluColumn) =>
  Type.String({
    minLength: 1,
    default: fallback,
    description: `What of each word is the ${side}: a column (${columnNames.join(', ')}), or one feature of it (\`FEATS.Case\`, \`MISC.SpaceAfter\`), \`_\` where a word does not have it.`,
  })

const options = Type.Object({
  file: Type.Optional(pathsSchema('One set, split by seed.')),
  ...givenSets(pathsSchema),
  source: field('source', 'FORM'),
  target: field('target', 'UPOS'),
})
type Options = Static<typeof options>

export const conllu = defineExampleSource({
  name: 'conllu',
  summary:
    'Sentences of Universal Dependencies: any column or feature of the words to any other. Comments, multiword tokens (1-2) and empty nodes (1.1) are left out and counted.',
  equations: [],
  source: { paper: 'Universal Dependencies, CoNLL-U format', url: 'https://universaldependencies.org/format.html' },
  options,
  gives: 'pairs',
  build: (options) => ({
    brings: brings(options),
    problems: () => [...setProblems(options, 'file', options.file), ...fieldProblems(options)],
    read: ({ baseDir }) =>
      readFiles('conllu', options, options.file, baseDir, async (path) =>
        examplesOf(await readLines(path, baseDir), path, options),
      ),
  }),
})

function examplesOf(lines: readonly string[], path: string, { source, target }: Options): RawExample[] {
  const { sentences, leftOut } = conlluSentences(lines, path)
  const examples = sentences.map(({ words, line }) => ({
    source: words.map((word) => fieldOf(word, source)),
    target: words.map((word) => fieldOf(word, target)),
    where: `${path}:${line}`,
  }))
  return [...examples, ...leftOut.map(({ line, why }) => leftOutExample(`${path}:${line}`, why))]
}

function leftOutExample(where: string, why: string): RawExample {
  return { source: '', target: '', where, leftOut: why }
}

/** Columns that there are not; only FEATS and MISC have features. */
function fieldProblems(options: Options): Problem[] {
  return (['source', 'target'] as const).flatMap((side): Problem[] => {
    const [column = '', feature] = options[side].split('.')
    if (!columnNames.some((name) => name === column)) {
      const message = `there is no column \`${column}\`${didYouMean(column, columnNames)}`
      return [{ path: side, message, expected: oneOf(columnNames), received: column }]
    }
    if (feature === undefined || column === 'FEATS' || column === 'MISC') return []
    return [
      { path: side, message: `the column \`${column}\` has no features`, expected: '`FEATS.` or `MISC.` and a name' },
    ]
  })
}
