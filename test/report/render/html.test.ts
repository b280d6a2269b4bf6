import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { embeddedJson, escapeHtml, html, trusted } from '../../../src/report/render/page/html.js'

describe('html', () => {
  it('escapes every value and leaves markup of its own alone', () => {
    const inner = html`<b>${'<script>'}</b>`
    expect(html`<p title="${'"x" & \'y\''}">${inner}${[1, 'a<b']}${undefined}${false}</p>`.markup).toBe(
      '<p title="&quot;x&quot; &amp; &#39;y&#39;"><b>&lt;script&gt;</b>1a&lt;b</p>',
    )
    expect(html`${trusted('<svg/>')}`.markup).toBe('<svg/>')
  })

  it('leaves nothing in any text that markup could begin with', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"']/)
      }),
      { seed: 1 },
    )
  })
})

describe('embeddedJson', () => {
  it('cannot end or open a script element and reads back the same', () => {
    const value = { text: '</script><!-- <script> \u2028', list: [1, 2.5] }
    const { markup } = embeddedJson(value)
    expect(markup).not.toMatch(/[<\u2028]/)
    expect(JSON.parse(markup)).toEqual(value)
  })

  it('refuses numbers that would silently become null', () => {
    expect(() => embeddedJson({ loss: Number.NaN })).toThrow(/NaN at "loss"/)
  })
})
