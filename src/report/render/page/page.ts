import { type Html, html, trusted } from './html.js'
import { pageStyles } from './style.js'

/** Switches between light and dark; remembered where the browser has storage for files. */
export const themeScript = `
(() => {
  const root = document.documentElement
  const dark = () => root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
  const show = () => { for (const button of document.querySelectorAll('[data-switch=theme]')) {
    button.textContent = dark() ? button.dataset.light : button.dataset.dark
  } }
  try { const stored = localStorage.getItem('seqlab-theme'); if (stored) root.dataset.theme = stored } catch {}
  addEventListener('DOMContentLoaded', () => {
    for (const button of document.querySelectorAll('[data-switch=theme]')) {
      button.hidden = false
      button.addEventListener('click', () => {
        root.dataset.theme = dark() ? 'light' : 'dark'
        try { localStorage.setItem('seqlab-theme', root.dataset.theme) } catch {}
        show()
        dispatchEvent(new Event('themechange'))
      })
    }
    show()
  })
})()
`

interface PageParts {
  readonly title: string
  /** Next to the title (a badge). */
  readonly subtitle?: Html
  /** Links to other pages and to parts of this one. */
  readonly nav?: Html
  readonly body: Html
  readonly footer: Html
  /** Script elements after the body. */
  readonly scripts?: readonly Html[]
  /** Whether its scripts ask the server that it comes from for more. */
  readonly asksItsServer?: boolean
  /** Where it is not English: its tag (BCP 47), and what the switch of themes says. */
  readonly language?: PageLanguage
}

interface PageLanguage {
  readonly tag: string
  readonly themes: { readonly light: string; readonly dark: string }
}

/** The switch; what it says is for the script. */
export function themeSwitch({ themes }: Pick<PageLanguage, 'themes'> = english): Html {
  return html`<button type="button" data-switch="theme" data-light="${themes.light}" data-dark="${themes.dark}" hidden></button>`
}

const english: PageLanguage = { tag: 'en', themes: { light: 'Light theme', dark: 'Dark theme' } }

/** A self-contained page. Its content security policy forbids all requests, but those to its server where it has one. */
export function page({
  title,
  subtitle,
  nav,
  body,
  footer,
  scripts = [],
  asksItsServer = false,
  language = english,
}: PageParts): string {
  const alone = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
  const policy = asksItsServer ? `${alone}; connect-src 'self'` : alone
  return html`<!doctype html>
<html lang="${language.tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${trusted(pageStyles())}</style>
<script>${trusted(themeScript)}</script>
</head>
<body>
<header class="top"><h1>${title}</h1>${subtitle}<span class="push">${themeSwitch(language)}</span></header>
${nav !== undefined && html`<nav class="small" aria-label="Contents">${nav}</nav>`}
<main>
${body}
</main>
<footer>${footer}</footer>
${scripts.map((script) => html`${script}\n`)}
</body>
</html>
`.markup
}
