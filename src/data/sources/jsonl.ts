import Type, { type Static } from 'typebox'
import type { Place } from '../../core/errors.js'
import { readLinks } from '../alignment.js'
import { readLines } from '../reading/files.js'
import { objectOf, textAt, textsAt } from '../reading/json-text.js'
import { factorNameProblems, factorsSchema, noSeparators } from './factor-options.js'
import { brings, givenSets, pathsSchema, readFiles, setProblems } from './given-sets.js'
import { defineExampleSource, type RawExample } from './types.js'

const key = (side: string, more = '') =>
  Type.String({
    minLength: 1,
    default: side,
    description: `Key of the ${side}; with dots for maps within maps (\`translation.de\`). Its value is a text, a number (as it is written), true or false, or a list of tokens.${more}`,
  })

const options = Type.Object({
  file: Type.Optional(pathsSchema('One set, split by seed.')),
  ...givenSets(pathsSchema),
  sourceColumn: key('source'),
  targetColumn: key('target', ' A label is one text, or a list of one.'),
  featuresColumn: Type.Optional(
    Type.String({
      minLength: 1,
      description:
        "Key of the features (an inflection's tags), a text or a list; data.features sets how a text's features are separated.",
    }),
  ),
  alignmentColumn: Type.Optional(
    Type.String({
      minLength: 1,
      description:
        'Key of the true alignment, for `aer`: pairs of a source token and a target token, from 0, in a text or a list: `0-0 1-2`; `1p2` is a possible link.',
    }),
  ),
  factors: factorsSchema(
    Type.String({ minLength: 1 }),
    "A key of each: a text for each of the source's tokens, in a list or separated by spaces.",
  ),
})
type Options = Static<typeof options>

export const jsonl = defineExampleSource({
  name: 'jsonl',
  summary: 'A JSON object per line (JSON Lines), its values by their keys. Blank lines are skipped and counted.',
  equations: [],
  source: { paper: 'JSON Lines; RFC 8259', url: 'https://jsonlines.org' },
  options,
  gives: 'pairs',
  build: (options) => ({
    brings: brings(options),
    hasFeatures: options.featuresColumn !== undefined,
    ...(options.factors && { factors: noSeparators(options.factors) }),
    problems: () => [...setProblems(options, 'file', options.file), ...factorNameProblems(options.factors)],
    read: ({ baseDir }) =>
      readFiles('jsonl', options, options.file, baseDir, async (path) =>
        (await readLines(path, baseDir)).map((line, index) =>
          exampleOf(line, { file: path, line: index + 1 }, options),
        ),
      ),
  }),
})

function exampleOf(text: string, place: Place, options: Options): RawExample {
  const { sourceColumn, targetColumn, featuresColumn, alignmentColumn, factors } = options
  const where = `${place.file}:${place.line}`
  if (text.trim() === '') return { source: '', target: '', where }
  const object = objectOf(text, place, [sourceColumn, targetColumn])
  return {
    source: textAt(object, sourceColumn, place),
    target: textAt(object, targetColumn, place),
    ...(featuresColumn !== undefined && { features: textAt(object, featuresColumn, place) }),
    ...(alignmentColumn !== undefined && {
      alignment: readLinks([textAt(object, alignmentColumn, place)].flat().join(' '), place),
    }),
    ...(factors && { factors: textsAt(object, factors, place) }),
    where,
  }
}
