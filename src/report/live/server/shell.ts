import { embeddedJson, html } from '../../render/page/html.js'
import { themeSwitch } from '../../render/page/page.js'
import { pageStyles } from '../../render/page/style.js'
import type { PageData } from '../types.js'
import { liveRules } from './style.js'

/** A page that its script fills; what it shows first is in it. */
export function shellPage(data: PageData): string {
  const title = data.trial ?? data.study ?? (data.view === 'runs' ? 'Any runs overlaid' : 'Studies')
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${title} · seqlab</title>
<link rel="stylesheet" href="${data.base}live.css">
<script src="${data.base}theme.js"></script>
<script src="${data.base}live.js" defer></script>
</head>
<body>
<header class="top"><h1 id="title">${title}</h1><span id="subtitle" class="quiet"></span><span class="push"><span id="connection" class="small quiet" role="status"></span> ${themeSwitch()}</span></header>
<main id="main"><noscript><p>This page needs JavaScript: it shows what changes.</p></noscript></main>
<footer>seqlab view</footer>
<script type="application/json" id="state">${embeddedJson(data)}</script>
</body>
</html>
`.markup
}

export function liveStyles(): string {
  return `${pageStyles()}${liveRules}`
}
