import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { SeqlabError } from '../../src/core/errors.js'
import type { Language } from './words.js'

// The prose of a page: blocks between empty lines. `# ` is the title, `## ` a heading; a block that begins with `{claim 2}` or with
// the name of a picture (`{curve validation-loss}`) is that claim or picture, and what follows is said of it. All other figures are
// placeholders within the text: `{value accuracy: gru}`.

export interface Placeholder {
  readonly name: string
  /** What follows the name, before the colon. */
  readonly argument: string
  /** What follows the colon. */
  readonly rest: string
}

export type Block =
  | { readonly kind: 'heading' | 'paragraph'; readonly text: string }
  | { readonly kind: 'claim' | 'picture'; readonly placeholder: Placeholder; readonly text: string }

export interface StudyText {
  readonly file: string
  readonly title: string
  readonly blocks: readonly Block[]
}

export const pictureNames = ['curve', 'values', 'lengths', 'attention', 'spread', 'wrong']

const folder = fileURLToPath(new URL('../studies/texts', import.meta.url))

/** Undefined where the study has no text in the language. */
export function readText(name: string, language: Language): StudyText | undefined {
  const file = `${folder}/${name}.${language}.md`
  return existsSync(file)
    ? parseText(readFileSync(file, 'utf8'), `docs/studies/texts/${name}.${language}.md`)
    : undefined
}

/** Throws SeqlabError 'spec' without a title. */
export function parseText(text: string, file: string): StudyText {
  const [first = '', ...others] = text.trim().split(/\n\s*\n/)
  if (!first.startsWith('# ')) throw new SeqlabError('spec', `${file} begins without a title (# ...)`)
  return { file, title: first.slice(2).trim(), blocks: others.map(blockOf) }
}

function blockOf(block: string): Block {
  const text = joined(block)
  if (text.startsWith('## ')) return { kind: 'heading', text: text.slice(3) }
  const [found] = placeholdersIn(text)
  if (found === undefined || !text.startsWith('{')) return { kind: 'paragraph', text }
  const { name } = found.placeholder
  if (name !== 'claim' && !pictureNames.includes(name)) return { kind: 'paragraph', text }
  const rest = text.slice(found.whole.length).trim()
  return { kind: name === 'claim' ? 'claim' : 'picture', placeholder: found.placeholder, text: rest }
}

/** Lines as one: with a space between them, but not between two Chinese characters. */
function joined(block: string): string {
  return block
    .trim()
    .replace(/\s*\n\s*/g, ' ')
    .replace(/(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])/g, '')
}

const pattern = /\{(\w+)(?: ([^:{}]+))?(?:: ([^{}]+))?\}/g

export function placeholdersIn(text: string): { readonly whole: string; readonly placeholder: Placeholder }[] {
  return [...text.matchAll(pattern)].map(([whole, name = '', argument = '', rest = '']) => ({
    whole,
    placeholder: { name, argument, rest },
  }))
}

/** The text with every placeholder's value in its place. */
export function filled(text: string, fill: (placeholder: Placeholder) => string): string {
  return text.replace(pattern, (_, name: string, argument: string | undefined, rest: string | undefined) =>
    fill({ name, argument: argument ?? '', rest: rest ?? '' }),
  )
}
