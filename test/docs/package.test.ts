import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

/** Files of the package, as npm would pack it now. */
function packed(): ReadonlySet<string> {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error']
  const [found]: { files: { path: string }[] }[] = JSON.parse(execFileSync('npm', args, { encoding: 'utf8' }))
  return new Set(found?.files.map(({ path }) => path))
}

test('the package ships what its README links to, and what those pages link to', () => {
  const files = packed()
  const pages = ['README.md']
  const missing: string[] = []
  for (const page of pages) {
    const links = [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
    for (const link of links.map(([, target = '']) => join(dirname(page), target))) {
      if (!files.has(link)) missing.push(`${page}: ${link}`)
      else if (link.endsWith('.md') && !pages.includes(link)) pages.push(link)
    }
  }
  expect(pages.length).toBeGreaterThan(5)
  expect(missing).toEqual([])
})
