import Type, { type Static } from 'typebox'
import type { Problem } from '../../core/errors.js'
import { didYouMean, listed, oneOf } from '../../core/suggest.js'
import {
  type ConlluColumn,
  columnAndFeature,
  columnNames,
  conlluSentences,
  featureNames,
  fieldOf,
  fieldsOf,
  type Sentence,
} from '../reading/conllu.js'
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
      ...factorNameProblems(options.factors),
      ...fieldsChosen(options).flatMap(([path, field]) => fieldProblem(path, field)),
    ],
    read: async ({ baseDir }) => {
      const features = fieldsChosen(options).map(([path, field]) => ({ path, field, names: new Set<string>() }))
      const sets = await readFiles('conllu', options, options.file, baseDir, async (path) => {
        const { sentences, leftOut } = conlluSentences(await readLines(path, baseDir), path)
        for (const { field, names } of features) noteFeatures(sentences, field, names)
        return [
          ...sentences.map((sentence) => exampleOf(sentence, path, options)),
          ...leftOut.map(({ line, why }) => leftOutExample(`${path}:${line}`, why)),
        ]
      })
      const absent = features.flatMap(({ path, field, names }) => absentProblem(path, field, [...names]))
      return absent.length === 0 ? sets : { ...sets, absent }
    },
  }),
})

/** What of the words is read, by the option that chooses it. */
function fieldsChosen({ source, target, factors = {} }: Options): (readonly [path: string, field: string])[] {
  const chosen = Object.entries(factors).map(([name, field]) => [`factors.${name}`, field] as const)
  return [['source', source], ['target', target], ...chosen]
}

/** Columns that hold lists: their values are separated. */
const listColumns: readonly string[] = ['FEATS', 'DEPS', 'MISC'] satisfies ConlluColumn[]

function factorsOf(factors: NonNullable<Options['factors']>) {
  return Object.fromEntries(
    Object.entries(factors).map(([name, each]) => [name, listColumns.includes(each) ? { separator: '|' } : {}]),
  )
}

function exampleOf({ words, line }: Sentence, path: string, { source, target, factors }: Options): RawExample {
  return {
    source: words.map((word) => fieldOf(word, source)),
    target: words.map((word) => fieldOf(word, target)),
    ...(factors && { factors: fieldsOf(words, factors) }),
    where: `${path}:${line}`,
  }
}

function leftOutExample(where: string, why: string): RawExample {
  return { source: '', target: '', where, leftOut: why }
}

/** A column that there is not; only FEATS and MISC have features. */
function fieldProblem(path: string, field: string): Problem[] {
  const [column, feature] = columnAndFeature(field)
  if (!columnNames.some((name) => name === column)) {
    const message = `there is no column \`${column}\`${didYouMean(column, columnNames)}`
    return [{ path, message, expected: oneOf(columnNames), received: column }]
  }
  if (feature === undefined) return []
  if (column !== 'FEATS' && column !== 'MISC') {
    const message = `the column \`${column}\` has no features`
    return [{ path, message, expected: '`FEATS.` or `MISC.` and a name' }]
  }
  if (feature !== '') return []
  return [{ path, message: 'no feature is named', expected: `\`${column}.\` and a name`, received: field }]
}

/** Adds the names of the features in the column of which a feature is chosen. */
function noteFeatures(sentences: readonly Sentence[], field: string, names: Set<string>): void {
  const [column, feature] = columnAndFeature(field)
  if (feature === undefined) return
  for (const { words } of sentences)
    for (const word of words) for (const name of featureNames(word, column)) names.add(name)
}

/** A feature that no word has: all that is read of it would be `_`. */
function absentProblem(path: string, field: string, names: readonly string[]): Problem[] {
  const [column, feature] = columnAndFeature(field)
  if (feature === undefined || names.includes(feature)) return []
  const message = `no token has the feature \`${feature}\` in ${column}${didYouMean(feature, names)}`
  const expected = names.length === 0 ? `a column: no token has any feature in ${column}` : listed(names)
  return [{ path: `data.source.${path}`, message, expected }]
}
