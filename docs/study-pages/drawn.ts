import { fontFamily } from '../../src/report/render/charts/base/axes.js'
import { drawable } from '../../src/report/render/charts/base/scale.js'
import { drawSvg } from '../../src/report/render/charts/base/svg.js'
import { cellsFigure, drawCells } from '../../src/report/render/charts/cells.js'
import { colour, colourStyles } from '../../src/report/render/page/colours.js'
import { figure } from '../../src/report/render/page/figure.js'
import { escapeHtml, type Html, html } from '../../src/report/render/page/html.js'
import { swatch } from '../../src/report/render/page/legend.js'
import { inline } from './inline.js'
import type { Picture } from './pictures.js'

/** A picture in a page, with what is said of it. */
export function pictureFigure(picture: Picture, caption: string, id: string): Html {
  const { alternative } = picture
  const [, title = caption, note] = /^(.*?(?:[.?](?=\s)|[。?]))\s*(.+)$/s.exec(caption) ?? []
  if ('option' in picture) {
    const { heights, legend, option } = picture
    const shown = html`${inline(title)}${note && html`<span class="quiet small">${inline(note)}</span>`}`
    return figure({ id, title, caption: shown, alternative, heights, legend, option: (size) => option(size) })
  }
  const maps = picture.cells.map(({ name, ...cells }, at) =>
    cellsFigure({
      ...cells,
      id: `${id}-${at}`,
      caption: html`${name}`,
      alternative: `${name}: ${cells.rows.join(' ')}`,
    }),
  )
  return html`<section class="example"><h3>${inline(title)}</h3>${note && html`<p class="quiet small">${inline(note)}</p>`}<div class="maps">${maps}</div></section>`
}

const width = 640
const lineHeight = 22

/** A picture as a file: its legend below it, colours by the reader's light or dark. */
export function pictureFile(picture: Picture, title: string, id: string): string {
  if ('cells' in picture) {
    const drawings = picture.cells.map((cells, at) => ({
      name: cells.name,
      ...sized(drawCells({ ...cells, id: `${id}-${at}` })),
    }))
    return framed(
      drawings.map(({ name, ...drawing }) => ({ ...drawing, above: name })),
      [],
      title,
    )
  }
  const { heights, option, legend } = picture
  const size = { width, height: heights.wide }
  const drawing = sized(drawSvg(() => drawable(option(size)), size, id))
  return framed(
    [drawing],
    legend.length > 1 ? legend.map((entry) => ({ name: entry.name, mark: swatch(entry).markup })) : [],
    title,
  )
}

interface Drawing {
  readonly markup: string
  readonly width: number
  readonly height: number
  readonly above?: string
}

function sized({ markup }: Html): Drawing {
  const number = (name: string) => Number(new RegExp(`<svg[^>]* ${name}="([\\d.]+)"`).exec(markup)?.[1])
  return { markup, width: number('width'), height: number('height') }
}

/** Drawings one below the other, and the lines of a legend. */
function framed(
  drawings: readonly Drawing[],
  legend: readonly { readonly name: string; readonly mark: string }[],
  title: string,
): string {
  let y = 8
  const parts: string[] = []
  for (const { markup, height, above } of drawings) {
    if (above !== undefined) {
      parts.push(textAt(12, y + 15, above, 'font-weight="600"'))
      y += lineHeight
    }
    parts.push(`<g transform="translate(8 ${y})">${markup}</g>`)
    y += height + 8
  }
  for (const { name, mark } of legend) {
    parts.push(`<g transform="translate(12 ${y + 4})">${mark}</g>`, textAt(48, y + 15, name))
    y += lineHeight
  }
  const whole = { width: Math.ceil(Math.max(...drawings.map((drawing) => drawing.width))) + 16, height: y + 8 }
  const style = `${colourStyles()}svg{font-family:${fontFamily};font-size:14px}`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${whole.width}" height="${whole.height}" viewBox="0 0 ${whole.width} ${whole.height}">`,
    `<title>${escapeHtml(title)}</title>`,
    `<style>${style}</style>`,
    `<rect width="100%" height="100%" fill="${colour('page')}"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n')
}

function textAt(x: number, y: number, text: string, more = ''): string {
  return `<text x="${x}" y="${y}" fill="${colour('ink')}" ${more}>${escapeHtml(text)}</text>`
}
