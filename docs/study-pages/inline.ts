import { type Html, html } from '../../src/report/render/page/html.js'

/** Text with `code` in it. */
export function inline(text: string): Html {
  return html`${text.split('`').map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : part))}`
}
