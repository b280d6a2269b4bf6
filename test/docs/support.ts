import { readdirSync, readFileSync } from 'node:fs'

/** A fenced block of a page: its language, the words after it, its text and the line it starts on. */
export interface Snippet {
  readonly page: string
  readonly line: number
  readonly language: string
  readonly mark: string
  readonly text: string
}

export const pages: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs')
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
]

export function snippetsOf(page: string): readonly Snippet[] {
  const text = readFileSync(page, 'utf8')
  return [...text.matchAll(/^```(\w+)(?: (.+))?\n([\s\S]*?)^```$/gm)].map((match) => ({
    page,
    line: text.slice(0, match.index).split('\n').length,
    language: match[1] ?? '',
    mark: match[2] ?? '',
    text: match[3] ?? '',
  }))
}

export const snippets: readonly Snippet[] = pages.flatMap(snippetsOf)

/** `docs/guide.md:12`, for the names of tests. */
export function whereOf({ page, line }: Snippet): string {
  return `${page}:${line}`
}
