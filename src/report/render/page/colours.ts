/**
 * Colours by role, for light and dark. Series colours follow Okabe & Ito 2008 (distinguishable with every kind of colour
 * vision), darkened or lightened until each has a contrast of at least 3:1 on its background.
 */
const light = {
  page: '#ffffff',
  panel: '#f5f6f8',
  ink: '#16191f',
  quiet: '#565c68',
  line: '#d5d9e0',
  accent: '#005a9c',
  good: '#00664a',
  bad: '#a5330a',
  badFill: '#fbe3d9',
  warnFill: '#fdf1d0',
  s1: '#0072b2',
  s2: '#c64f00',
  s3: '#00855f',
  s4: '#a6498a',
  s5: '#8a6a00',
  s6: '#2c7fb0',
  s7: '#6b5fd0',
  s8: '#444a55',
}

export type Colour = keyof typeof light

const dark: Record<Colour, string> = {
  page: '#12151a',
  panel: '#1c2027',
  ink: '#eceff4',
  quiet: '#a8b0bd',
  line: '#3a414d',
  accent: '#7cc0f5',
  good: '#5fd3a9',
  bad: '#ffa27a',
  badFill: '#54270f',
  warnFill: '#453a12',
  s1: '#56b4e9',
  s2: '#ff8f4d',
  s3: '#35c799',
  s4: '#e39ac8',
  s5: '#e8c547',
  s6: '#8fd0f5',
  s7: '#b0a6ff',
  s8: '#c8ced8',
}

/** A colour that follows the page's theme, for styles and charts alike. */
export function colour(name: Colour): string {
  return `var(--${name})`
}

const series: readonly Colour[] = ['s1', 's2', 's3', 's4', 's5', 's6', 's7', 's8']

/** The colour of the n-th series; it repeats after eight, so charts also vary dashes and symbols. */
export function seriesColour(index: number): string {
  return colour(series[index % series.length] ?? 's1')
}

export const palettes: Readonly<Record<'light' | 'dark', Readonly<Record<Colour, string>>>> = { light, dark }

function declarations(palette: Readonly<Record<Colour, string>>): string {
  return Object.entries(palette)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';')
}

/** The palettes as custom properties: the system's choice unless the page's switch says otherwise; print is light. */
export function colourStyles(): string {
  return [
    `:root{color-scheme:light;${declarations(light)}}`,
    `@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${declarations(dark)}}}`,
    `@media screen{:root[data-theme=dark]{color-scheme:dark;${declarations(dark)}}}`,
  ].join('\n')
}
