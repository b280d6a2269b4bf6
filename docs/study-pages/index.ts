import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SeqlabError } from '../../src/core/errors.js'
import { builtScript } from '../../src/report/render/script.js'
import { claimText } from './claims.js'
import { pictureFile } from './drawn.js'
import { studyDigest, studyFilesOf } from './make-record.js'
import { studyPage } from './page.js'
import { pictureOf } from './pictures.js'
import { fillOf } from './placeholders.js'
import { readPlayground, readRecord, recordPath, recordsFolder, type StudyRecord } from './record.js'
import { filled, readText, type StudyText } from './texts.js'
import { type Language, languages, words } from './words.js'

/** In the order of the index. */
export const studies: readonly string[] = [
  'unrolling',
  'tickets',
  'representations',
  'shapes',
  'context',
  'scorers',
  'cells',
  'alignment',
  'seeds',
]

const docs = fileURLToPath(new URL('..', import.meta.url))
const experiments = join(docs, '..', 'experiments')
const suffixOf = (language: Language) => (language === 'en' ? '' : `.${language}`)

/** Every generated file of the studies, by its path in docs/, from the records in a folder. */
export function studyFiles(records = recordsFolder, program = builtScript('playground')): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  for (const language of languages) {
    const entries = studies.map((name) => entryOf(name, records, language))
    files.set(`studies${suffixOf(language)}.md`, indexPage(entries, language))
    for (const entry of entries)
      for (const [path, text] of filesOf(entry, records, language, program)) files.set(path, text)
  }
  return files
}

/** Writes them; throws SeqlabError 'run' before `npm run build`, as pages hold the playground's program. */
export function writeStudies(): void {
  for (const [path, text] of studyFiles()) {
    const file = join(docs, path)
    mkdirSync(dirname(file), { recursive: true })
    if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text)
  }
}

interface Entry {
  readonly name: string
  readonly text: StudyText | undefined
  readonly record: StudyRecord | undefined
}

function entryOf(name: string, records: string, language: Language): Entry {
  const [text, record] = [readText(name, language), readRecord(records, name)]
  if (record !== undefined && text === undefined)
    throw new SeqlabError('spec', `the study ${name} has a record and no text in ${language}`, {
      hint: `Write docs/studies/texts/${name}.${language}.md.`,
    })
  return { name, text, record }
}

function filesOf(
  { name, text, record }: Entry,
  records: string,
  language: Language,
  script: string | undefined,
): [string, string][] {
  if (text === undefined || record === undefined) return []
  if (script === undefined)
    throw new SeqlabError('run', 'The playground is not built.', { hint: 'Run `npm run build`.' })
  const pages = studies.filter((each) => existsSync(recordPath(records, each)))
  const isChanged = studyDigest(studyFilesOf(name, experiments)) !== record.studyDigest
  const playground = readPlayground(records, name)
  const pictures = firstPicture(text, record, language)
  return [
    [
      `studies/${name}${suffixOf(language)}.html`,
      studyPage({ record, text, language, playground, script, studies: pages, isChanged }),
    ],
    ...(pictures === undefined ? [] : [[imagePath(name, language), pictures] satisfies [string, string]]),
  ]
}

const imagePath = (name: string, language: Language) => `images/study-${name}${suffixOf(language)}.svg`

/** The first picture of a text is that of the index. */
function firstPicture(text: StudyText, record: StudyRecord, language: Language): string | undefined {
  const [first] = text.blocks.flatMap((block) => (block.kind === 'picture' ? [block.placeholder] : []))
  return first && pictureFile(pictureOf(record, first, language), text.title, `study-${record.study}`)
}

function indexPage(entries: readonly Entry[], language: Language): string {
  const { index, other } = words[language]
  const link = `[${other.name}](studies${suffixOf(other.language)}.md)`
  return `${[`# ${index.title}`, link, index.intro, ...entries.flatMap((entry) => entryText(entry, language))].join('\n\n')}\n`
}

function entryText({ name, text, record }: Entry, language: Language): string[] {
  const { index, notRun } = words[language]
  const title = `## ${text?.title ?? name}`
  const question = text?.blocks.find(({ kind }) => kind === 'paragraph')?.text
  if (text === undefined || record === undefined) {
    const known = question === undefined || question.includes('{') ? [] : [question]
    return [title, ...known, `**${notRun}** ${commandsOf(name)}`]
  }
  const claims = record.claims.map((claim) => claimText(record, claim, language))
  const lines = claims.map(({ word, statement }) => `- **${word}**: ${escaped(statement)}`)
  const hasPicture = text.blocks.some(({ kind }) => kind === 'picture')
  return [
    title,
    ...(question === undefined ? [] : [filled(question, fillOf(record, language, text.file))]),
    ...(lines.length === 0 ? [] : [lines.join('\n')]),
    ...(hasPicture ? [`![${text.title}](${imagePath(name, language)})`] : []),
    `${index.page}: \`docs/studies/${name}${suffixOf(language)}.html\` · ${commandsOf(name)}`,
  ]
}

/** What trains it. */
function commandsOf(name: string): string {
  return studyFilesOf(name, experiments)
    .map((file) => `\`npx seqlab sweep ${relative(join(docs, '..'), file)}\``)
    .join(', ')
}

function escaped(text: string): string {
  return text.replace(/[\\`*_[\]|<]/g, (character) => `\\${character}`)
}
