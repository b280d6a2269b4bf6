/** Markup that is safe to insert into a page unescaped. Only `html` and `trusted` create it. */
export class Html {
  constructor(readonly markup: string) {}
  toString(): string {
    return this.markup
  }
}

export type HtmlValue = Html | string | number | undefined | false | readonly HtmlValue[]

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}

/** A template whose values are escaped unless they are `Html`; arrays are joined, undefined and false are omitted. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(strings.reduce((page, text, at) => page + render(values[at - 1]) + text))
}

/** Declares a string to be safe markup (a chart's SVG, the style sheet); never for text from specs or data. */
export function trusted(markup: string): Html {
  return new Html(markup)
}

/** A name as a part of an element's id: what ids cannot have becomes a hyphen. */
export function idPart(name: string): string {
  return name.replace(/[^\w.-]+/g, '-').replace(/-+$/, '')
}

function render(value: HtmlValue): string {
  if (value === undefined || value === false) return ''
  if (value instanceof Html) return value.markup
  if (Array.isArray(value)) return value.map(render).join('')
  return escapeHtml(String(value))
}

/**
 * JSON that is safe inside a script element: `<` is written as an escape, so that neither `</script>` nor `<!--` can
 * end or open anything. Throws RangeError on numbers that JSON cannot hold: NaN would silently become null.
 */
export function embeddedJson(value: unknown): Html {
  const json = JSON.stringify(value, (key, item: unknown) => {
    if (typeof item === 'number' && !Number.isFinite(item))
      throw new RangeError(`${item} at "${key}" cannot be represented in JSON`)
    return item
  })
  return trusted(
    json
      .replace(/</g, '\\u003c')
      .replace(/\u2028/g, '\\u2028')
      .replace(/\u2029/g, '\\u2029'),
  )
}
