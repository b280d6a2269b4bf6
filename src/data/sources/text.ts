import Type from 'typebox'
import { readLines, splitLines } from '../reading/files.js'
import { brings, givenSets, pathsSchema, readFiles, setProblems } from './given-sets.js'
import { defineExampleSource, type RawExample } from './types.js'

const options = Type.Object({
  text: Type.Optional(Type.String({ minLength: 1, description: 'Inline text, split by seed.' })),
  file: Type.Optional(pathsSchema('One set, split by seed.')),
  ...givenSets(pathsSchema),
  unit: Type.Union([Type.Literal('line'), Type.Literal('paragraph')], {
    default: 'line',
    description:
      'What one sequence is (never divided by the split): a line, or a paragraph between blank lines, with its line ends.',
  }),
})

export const text = defineExampleSource({
  name: 'text',
  summary: 'Running text for a language model: lines or paragraphs, in order.',
  equations: [],
  source: { paper: 'The usual form of language-model corpora' },
  options,
  gives: 'text',
  build: (options) => ({
    brings: brings(options),
    problems: () => {
      if (options.text === undefined || options.file === undefined) {
        return setProblems(options, options.text === undefined ? 'file' : 'text', options.text ?? options.file)
      }
      return [{ path: 'file', message: '`file` and `text` exclude each other', hint: 'remove one of them' }]
    },
    read: async ({ baseDir }) => {
      const unitsOf = options.unit === 'line' ? lines : paragraphs
      if (options.text !== undefined) return { train: unitsOf(splitLines(options.text), 'text') }
      return readFiles('text', options, options.file, baseDir, async (path) =>
        unitsOf(await readLines(path, baseDir), path),
      )
    },
  }),
})

function lines(all: readonly string[], name: string): RawExample[] {
  return all.map((line, index) => ({ source: line, target: '', where: `${name}:${index + 1}` }))
}

function paragraphs(all: readonly string[], name: string): RawExample[] {
  const examples: RawExample[] = []
  let start = 0
  for (let index = 0; index <= all.length; index++) {
    if (index < all.length && all[index]?.trim() !== '') continue
    if (index > start)
      examples.push({ source: all.slice(start, index).join('\n'), target: '', where: `${name}:${start + 1}` })
    start = index + 1
  }
  return examples
}
