/** What the live pages have besides the style of every page. */
export const liveRules = `
nav.path{margin:4px 0 12px;padding:0;font-size:.875rem}
.bar{display:inline-block;width:84px;height:8px;border-radius:4px;background:var(--line);overflow:hidden;vertical-align:middle}
.stack{display:flex;height:100%}
.stack>span{flex:none;background:var(--s1)}.stack>.done{background:var(--good)}.stack>.lost{background:var(--bad)}
td.state{white-space:nowrap}td .why{display:block;max-width:60ch;white-space:normal;overflow-wrap:anywhere}
th.pick,td.pick{min-width:0;white-space:nowrap}td.pick input{min-height:0;width:18px;height:18px;vertical-align:middle}
td.name{min-width:16ch;overflow-wrap:anywhere}@media(max-width:480px){td.name{min-width:9ch}}
.answer p{margin:4px 0}
.live-dot{display:inline-block;width:9px;height:9px;border-radius:50%;background:var(--good);margin-right:6px}
.lost-dot{background:var(--bad)}
figure .lines{min-height:240px}
.picks{max-height:46vh;overflow-y:auto;border-bottom:1px solid var(--line)}@media print{.picks{max-height:none}}.picks thead th{position:sticky;top:0;background:var(--page)}
.toolbar{display:flex;flex-wrap:wrap;gap:8px 16px;align-items:center;margin:8px 0}
`
