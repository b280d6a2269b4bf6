import Type, { type Static } from 'typebox'
import type { Problem } from '../../core/errors.js'
import { dataError } from '../data-error.js'
import { readLines } from '../reading/files.js'
import { taggedSentences } from '../reading/token-columns.js'
import type { Sides } from '../types.js'
import { factorNameProblems, factorsSchema, noSeparators } from './factor-options.js'
import { brings, givenSets, pathsSchema, readFiles, setProblems } from './given-sets.js'
import { defineExampleSource, type RawExample } from './types.js'

const options = Type.Object({
  file: Type.Optional(pathsSchema('One set, split by seed.')),
  ...givenSets(pathsSchema),
  format: Type.Union([Type.Literal('columns'), Type.Literal('atis')], {
    default: 'columns',
    description:
      'File format: one token per line with its tag in the last column or another one (columns separated by tabs where a line has tabs, else by spaces) and a blank line after each sentence, or the ATIS format, one sentence per line (`BOS words EOS`, a tab, a tag for BOS and each word, then the intent).',
  }),
  tokenColumn: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      description: 'Column of the token, from 1 (format columns only). Default: 1.',
    }),
  ),
  tagColumn: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      description: 'Column of the tag, from 1 (format columns only). Default: the last.',
    }),
  ),
  factors: factorsSchema(
    Type.Integer({ minimum: 1, maximum: 1000 }),
    'A column of each, from 1 (format columns only).',
  ),
  target: Type.Union([Type.Literal('tags'), Type.Literal('intent')], {
    default: 'tags',
    description: 'Target: the tags, or the intent of the whole sentence (format atis only).',
  }),
})
type Options = Static<typeof options>

export const tagged = defineExampleSource({
  name: 'tagged',
  summary: 'Sentences with a tag for each token (IOB files).',
  equations: [],
  source: {
    paper: 'Ramshaw & Marcus 1995 (IOB); Hemphill et al. 1990 (ATIS)',
    url: 'https://www.clips.uantwerpen.be/conll2000/chunking/',
  },
  options,
  gives: 'pairs',
  build: (options) => ({
    brings: brings(options),
    ...(options.factors && { factors: noSeparators(options.factors) }),
    problems: (sides) => [
      ...setProblems(options, 'file', options.file),
      ...targetProblems(options, sides),
      ...factorNameProblems(options.factors),
    ],
    read: ({ baseDir }) =>
      readFiles(
        'tagged',
        options,
        options.file,
        baseDir,
        async (path) => {
          const lines = await readLines(path, baseDir)
          return options.format === 'columns'
            ? taggedSentences(lines, path, options)
            : lines.map(atisLine(path, options.target))
        },
        options.format === 'columns' ? { perByte: 40 } : {},
      ),
  }),
})

function targetProblems({ target, format, tokenColumn, tagColumn, factors }: Options, sides: Sides): Problem[] {
  const problems: Problem[] = []
  const columns = [
    tokenColumn === undefined ? undefined : 'tokenColumn',
    tagColumn === undefined ? undefined : 'tagColumn',
    factors === undefined ? undefined : 'factors',
  ]
  for (const path of columns) {
    if (path === undefined || format === 'columns') continue
    problems.push({ path, message: 'the format atis has no columns to choose from', hint: 'set format: columns' })
  }
  if (target === 'intent' && format !== 'atis') {
    problems.push({ path: 'target', message: 'only the format atis has intents', hint: 'set format: atis' })
  }
  const [expected, received] = target === 'tags' ? ['`intent`', '`tags`'] : ['`tags`', '`intent`']
  if (target === 'tags' && sides.target === 'label') {
    problems.push({ path: 'target', message: 'this task has one label per sentence', expected, received })
  }
  if (target === 'intent' && sides.target === 'labels') {
    problems.push({ path: 'target', message: 'this task has a tag for each token', expected, received })
  }
  return problems
}

/** `BOS words EOS<TAB>O tags... intent`; without BOS and EOS in what comes out. */
function atisLine(path: string, target: Options['target']) {
  return (line: string, index: number): RawExample => {
    const where = `${path}:${index + 1}`
    if (line.trim() === '') return { source: '', target: '', where }
    const place = { file: path, line: index + 1 }
    const [words = [], tags = [], ...more] = line
      .split('\t')
      .map((part) => part.split(' ').filter((word) => word !== ''))
    if (more.length > 0 || words[0] !== 'BOS' || words.at(-1) !== 'EOS') {
      throw dataError(place, 'the line is not an ATIS sentence', {
        expected: '`BOS words EOS`, a tab, tags and intent',
        received: JSON.stringify(line.slice(0, 60)),
      })
    }
    if (words.length !== tags.length) {
      throw dataError(place, 'tags and words differ in number', {
        expected: `${words.length} (one for each of BOS, words and EOS)`,
        received: `${tags.length}`,
      })
    }
    return { source: words.slice(1, -1), target: target === 'tags' ? tags.slice(1, -1) : (tags.at(-1) ?? ''), where }
  }
}
