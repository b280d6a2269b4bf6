import { colourStyles } from './colours.js'

const rules = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main,header.top,nav,footer{max-width:1120px;margin:0 auto;padding:0 16px}
header.top{display:flex;flex-wrap:wrap;gap:8px 16px;align-items:baseline;padding-top:20px}
header.top h1{margin:0;font-size:1.6rem;line-height:1.2;overflow-wrap:anywhere}
header.top .push{margin-left:auto}
nav{margin-top:8px}nav a{display:inline-block;margin-right:14px;padding:2px 0}
h2{margin:40px 0 8px;font-size:1.2rem;line-height:1.3}
h3{margin:20px 0 6px;font-size:1rem}
p{margin:8px 0;max-width:78ch}
a{color:var(--accent)}
button,select,input{font:inherit;color:inherit;background:var(--panel);border:1px solid var(--quiet);border-radius:6px;padding:4px 10px;min-height:32px}
button{cursor:pointer}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.quiet{color:var(--quiet)}.whole{white-space:nowrap}
.small{font-size:.875rem}
.lead{font-size:1.15rem}
.badge{display:inline-block;border:1px solid currentColor;border-radius:999px;padding:0 10px;font-size:.875rem}
.good{color:var(--good)}.bad{color:var(--bad)}
.notice{background:var(--warnFill);border-left:4px solid var(--s5);padding:8px 12px;border-radius:4px;margin:12px 0}
.failure{background:var(--badFill);border-left:4px solid var(--bad);padding:8px 12px;border-radius:4px;margin:12px 0}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(125px,1fr));gap:12px;margin:16px 0}
.card{background:var(--panel);border-radius:10px;padding:12px 14px}
.card b{display:block;font-size:clamp(1.15rem,5vw,1.6rem);line-height:1.2;font-variant-numeric:tabular-nums}
.columns{display:grid;grid-template-columns:1fr;gap:0 32px}
.columns>*{min-width:0}
@media(min-width:860px){.columns{grid-template-columns:1fr 1fr}}
.scroll{overflow-x:auto}
.tall{max-height:75vh;overflow-y:auto}.tall thead th{position:sticky;top:0;background:var(--page)}
.stacked td{overflow-wrap:anywhere}.columns>section:not(:first-child)>h2:first-child{margin-top:12px}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:8px 0}
caption{text-align:left;color:var(--quiet);padding:4px 0;position:sticky;left:0;width:min(100%,100vw - 32px)}
th,td{padding:5px 14px 5px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
th{font-weight:600}
th,td{min-width:8ch}td.some{min-width:14ch}td.long{min-width:28ch}
td.number,th.number{text-align:right;white-space:nowrap;min-width:0}
th button{font-weight:600;padding:2px 8px;background:none;border-color:var(--line)}
th[aria-sort=ascending] button::after{content:' ▲'}th[aria-sort=descending] button::after{content:' ▼'}
fieldset{border:1px solid var(--line);border-radius:8px;display:flex;flex-wrap:wrap;gap:4px 16px;padding:8px 12px}
.card,.lead{overflow-wrap:anywhere}
code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono",monospace;font-size:.875rem}
pre{background:var(--panel);border-radius:8px;padding:12px 14px;overflow-x:auto;margin:8px 0}
code{overflow-wrap:anywhere}
summary{cursor:pointer;padding:4px 0}
figure{margin:12px 0}
figcaption{font-weight:600;margin-bottom:2px}
figcaption .quiet{font-weight:400;display:block}
svg{max-width:100%;height:auto;display:block}
.legend{list-style:none;margin:4px 0 0;padding:0;display:flex;flex-wrap:wrap;gap:2px 16px}
.legend li{display:flex;align-items:baseline;gap:6px;min-width:0;overflow-wrap:anywhere}
.legend svg{flex:none;align-self:center}
.example:not(:has(figure:not([hidden]))){display:none}.lines .tip svg{display:inline-block;vertical-align:middle;margin-right:6px}input[type=checkbox]{min-height:0;width:16px;height:16px;vertical-align:-3px;margin:0 2px 0 0}
.plain{list-style:none;padding:0}.plain li{padding:6px 0;border-bottom:1px solid var(--line);max-width:90ch}
td details[open]{max-width:60ch;white-space:normal}td summary{padding:0}
.tiers{padding-left:28px;margin:12px 0}.tiers li{padding:4px 0;max-width:100ch}.tiers b{font-size:1.15rem;font-variant-numeric:tabular-nums}.tiers .members{overflow-wrap:anywhere}.tiers .member{display:inline-block;border:1px solid var(--line);border-radius:6px;padding:0 8px;margin:2px 2px 2px 0}
.hero{background:var(--panel);border-radius:12px;padding:12px 18px;margin:16px 0}.hero .big{font-size:1.4rem;margin:0}.hero .big b{font-size:3rem;line-height:1.1;font-variant-numeric:tabular-nums}
@media screen and (max-width:480px){.stacked thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.stacked table,.stacked tbody,.stacked tr,.stacked td,.stacked caption{display:block}.stacked td{border:0;padding:1px 0;overflow-wrap:anywhere}.stacked td:empty{display:none}.stacked td::before{content:attr(data-name) ': ';color:var(--quiet)}.stacked tr{border-bottom:1px solid var(--line);padding:6px 0}}
.pages a{display:block}
.narrow{display:none}
@media(max-width:640px){.wide{display:none}.narrow{display:block}}
.visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.pairs{display:flex;flex-wrap:wrap;gap:4px 3px}
.pair{display:inline-grid;grid-template-rows:auto auto;text-align:center;border-radius:4px;padding:0 3px;min-width:1.2em}
.pair>span{min-height:1.5em;overflow-wrap:anywhere}
.pair.wrong{background:var(--badFill);color:var(--ink)}
.pair.wrong>.predicted{text-decoration:underline 2px var(--bad)}
.samples{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:1fr;gap:0 32px}
.samples>*{min-width:0}
@media(min-width:860px){.samples{grid-template-columns:1fr 1fr}}
.samples li{border-bottom:1px solid var(--line);padding:8px 0}
.samples .source{font-weight:600;overflow-wrap:anywhere}
.symbols{white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.7}.symbols span{border-radius:2px}.symbols .here{outline:2px solid var(--ink)}.surprisal{margin:8px 0}.written{list-style:none;padding:0}.written li{border-bottom:1px solid var(--line);padding:8px 0}
.keys{display:grid;grid-template-columns:fit-content(16em) minmax(12ch,1fr);gap:2px 16px;margin:8px 0}
@media(max-width:640px){.keys{display:block}.keys dd+dt{margin-top:8px}}
.keys dt{color:var(--quiet)}.keys dd{margin:0;overflow-wrap:anywhere;min-width:0}
.maps{display:flex;flex-wrap:wrap;gap:8px 28px;align-items:flex-start}
.maps figure{margin:8px 0;max-width:100%}
.fields{display:flex;flex-wrap:wrap;gap:8px 16px;margin:8px 0 12px}.field{display:grid;gap:2px;min-width:0;flex:0 1 auto}
.field input,.field select,.field textarea{max-width:min(36ch,100vw - 32px);width:100%}
.playground .field:has(>input:not([type])){flex:1 1 18em;max-width:60ch}.playground .field input:not([type]){max-width:none}
textarea{font:inherit;color:inherit;background:var(--panel);border:1px solid var(--quiet);border-radius:6px;padding:4px 10px;min-height:5em;width:36ch;max-width:100%}
.playground .lead{font-weight:600}.playground li{overflow-wrap:anywhere}
.steps th,.steps td{min-width:0;padding:3px 8px 3px 0;vertical-align:middle}.steps .weight{text-align:center;padding:3px 4px;min-width:2.4em}.steps th:nth-child(n+4){text-align:center;padding:3px 4px}.series{width:100%;max-width:640px;overflow:visible}
.steps td:not(.weight){white-space:nowrap}.choices button{margin-right:6px;padding:1px 8px}.choices [aria-current]{border-width:2px;border-color:var(--accent)}
.tags{display:flex;flex-wrap:wrap;gap:4px 6px;margin:8px 0}.tagged{display:inline-grid;text-align:center;padding:2px 6px;border-radius:4px;overflow-wrap:anywhere}
.tagged small{color:var(--ink)}.bar{display:block;height:.8em;background:var(--s1);border-radius:2px}
.compared{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(250px,100%),1fr));gap:8px 24px;align-items:start}.compared>section{min-width:0;margin:0}.compared select{max-width:100%}.compared .weights{font-size:.8rem}.compared .weights :is(th,td){min-width:1.9em;padding:1px 2px}.compared .field{display:block}
.strips{overflow-x:auto;margin:4px 0}.strip{display:flex;align-items:center;gap:1px}.strip b{flex:0 0 3em;font-weight:400;color:var(--quiet)}
.strip span{flex:0 0 var(--cell,18px);height:12px;outline:1px solid var(--line);outline-offset:-1px}.strip.head{font-size:.7rem;color:var(--quiet)}.strip.head span{height:auto;outline:0;text-align:center;overflow:hidden;white-space:nowrap}
footer{padding-top:32px;padding-bottom:48px;color:var(--quiet);font-size:.875rem}
.readable,.lines{position:relative}.lines{touch-action:pan-y;user-select:none}.readable>.tip{position:absolute;top:8px;z-index:2;background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:4px 8px;font-size:.8rem;pointer-events:none;max-width:90%;overflow-wrap:anywhere}.crosshair{position:absolute;top:0;width:1px;background:var(--quiet);pointer-events:none}.brush{position:absolute;top:28px;bottom:44px;background:var(--accent);opacity:.15;pointer-events:none}.said{min-height:1.5em;margin:2px 0}.cell-mark{position:absolute;outline:2px solid var(--ink);pointer-events:none}
.downloads button,p.controls select,p.controls button{padding:0 8px;min-height:26px}p.controls{display:flex;flex-wrap:wrap;gap:4px 12px;align-items:center}p.controls[hidden],p.controls [hidden]{display:none}.downloads{display:inline-flex;gap:6px}.short{width:6em}form.controls{display:flex;flex-wrap:wrap;gap:6px 14px;align-items:center}
.forming .fields{align-items:end}.forming .fields label:nth-child(2){flex:1 1 16em}.forming input[type=range]{width:100%;max-width:none;height:32px;margin:0;padding:0;vertical-align:bottom;border:0;background:none;accent-color:var(--accent)}.forming .lead{font-weight:600;margin:4px 0;font-variant-numeric:tabular-nums}.formed .source{margin:4px 0;max-width:none;overflow-wrap:anywhere}.pair>small{color:var(--ink)}.weights .outlined{outline:2px solid var(--ink);outline-offset:-2px}
.weights th,.weights td{min-width:2.2em;padding:1px 3px;text-align:center;border:0}
@media print{[data-switch],.controls,.downloads,.fields,.try,nav,details:not([open]),button{display:none!important}th button{display:inline!important;border:0;padding:0;text-align:inherit}summary{list-style:none}body{font-size:10pt}.scroll{overflow:visible;max-height:none}.tall thead th{position:static}table,table .small{font-size:8pt}td,th,td.number,th.number{white-space:normal;padding-right:8px;min-width:0;overflow-wrap:break-word}td:not(.number){overflow-wrap:anywhere;min-width:9ch}h2,h3,figcaption,caption{break-after:avoid}figure,li,tr,.hero,.card{break-inside:avoid}main,header.top,nav,footer{max-width:none}.cards{grid-template-columns:repeat(4,1fr)}.pair.wrong,.symbols span,.tagged,.weights td,.steps td,.bar,.strip span,.stack span,.hero,.card,.notice,.failure{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`

/** The style sheet of every page. */
export function pageStyles(): string {
  return `${colourStyles()}${rules}`
}
