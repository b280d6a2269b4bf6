import Type, { type Static } from 'typebox'
import type { Problem } from '../../core/errors.js'
import { didYouMean, oneOf } from '../../core/suggest.js'
import { type ConlluColumn, columnNames, conlluSentences, fieldOf, fieldsOf } from '../reading/conllu.js'
import { readLines } from '../reading/files.js'
import { factorNameProblems, factorsSchema } from './factor-options.js'
import { brings, givenSets, pathsSchema, readFiles, setProblems } from './given-sets.js'
import { defineExampleSource, type RawExample } from './types.js'

const allowed = `a column (${columnNames.join(', ')}), or one feature of it (\`FEATS.Case\`, \`MISC.SpaceAfter\`), \`_\` where a word does not have it`

const field = (side: string, fallback: ConlluColumn) =>
  Type.String({ minLength: 1, default: fallback, description: `What of each word is the ${side}: ${allowed}.` })

const options = Type.Object({
  file: Type.Optional(pathsSchema('One set, split by seed.')),
  ...givenSets(pathsSchema),
  source: field('source', 'FORM'),
  target: field('target', 'UPOS'),
  factors: factorsSchema(Type.String({ minLength: 1 }), `Of each word: ${allowed}.`),
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
    ...(options.factors && { factors: factorsOf(options.factors) }),
    problems: () => [
      ...setProblems(options, 'file', options.file),
      ...fieldProblem('source', options.source),
      ...fieldProblem('target', options.target),
      ...factorNameProblems(options.factors),
      ...Object.entries(options.factors ?? {}).flatMap(([name, each]) => fieldProblem(`factors.${name}`, each)),
    ],
    read: ({ baseDir }) =>
      readFiles('conllu', options, options.file, baseDir, async (path) =>
        examplesOf(await readLines(path, baseDir), path, options),
      ),
  }),
})

/** Columns that hold lists: their values are separated. */
const listColumns: readonly string[] = ['FEATS', 'DEPS', 'MISC'] satisfies ConlluColumn[]

function factorsOf(factors: NonNullable<Options['factors']>) {
  return Object.fromEntries(
    Object.entries(factors).map(([name, each]) => [name, listColumns.includes(each) ? { separator: '|' } : {}]),
  )
}

function examplesOf(lines: readonly string[], path: string, { source, target, factors }: Options): RawExample[] {
  const { sentences, leftOut } = conlluSentences(lines, path)
  const examples = sentences.map(({ words, line }) => ({
    source: words.map((word) => fieldOf(word, source)),
    target: words.map((word) => fieldOf(word, target)),
    ...(factors && { factors: fieldsOf(words, factors) }),
    where: `${path}:${line}`,
  }))
  return [...examples, ...leftOut.map(({ line, why }) => leftOutExample(`${path}:${line}`, why))]
}

function leftOutExample(where: string, why: string): RawExample {
  return { source: '', target: '', where, leftOut: why }
}

/** A column that there is not; only FEATS and MISC have features. */
function fieldProblem(path: string, field: string): Problem[] {
  const [column = '', feature] = field.split('.')
  if (!columnNames.some((name) => name === column)) {
    const message = `there is no column \`${column}\`${didYouMean(column, columnNames)}`
    return [{ path, message, expected: oneOf(columnNames), received: column }]
  }
  if (feature === undefined || column === 'FEATS' || column === 'MISC') return []
  const message = `the column \`${column}\` has no features`
  return [{ path, message, expected: '`FEATS.` or `MISC.` and a name' }]
}
