import { isUndefined } from '../../src/core/measured.js'
import type { GroupPlayground } from '../../src/report/analysis/comparison/playgrounds.js'
import { count } from '../../src/report/format/numbers.js'
import { resultText, significant } from '../../src/report/format/values.js'
import { groupData, playgroundBody } from '../../src/report/render/comparison/playground.js'
import { table } from '../../src/report/render/page/figure.js'
import { type Html, html, trusted } from '../../src/report/render/page/html.js'
import { page } from '../../src/report/render/page/page.js'
import { claimText } from './claims.js'
import { pictureFigure } from './drawn.js'
import { inline } from './inline.js'
import { groupName, shortLabel } from './names.js'
import { pictureOf } from './pictures.js'
import { claimAt, durationText, fillOf, pairOf, seedCount, shareText } from './placeholders.js'
import type { RecordedGroup, StudyRecord } from './record.js'
import { type Block, filled, type StudyText } from './texts.js'
import { type Language, measureName, words } from './words.js'

export interface PageParts {
  readonly record: StudyRecord
  readonly text: StudyText
  readonly language: Language
  readonly playground: GroupPlayground | undefined
  /** The playground's program, as it was built. */
  readonly script: string
  /** Those that have a page. */
  readonly studies: readonly string[]
  /** Whether the study's file is not the one that was run. */
  readonly isChanged: boolean
}

/** The page of a study in one language. Throws SeqlabError 'spec' where its text asks for what the record has not. */
export function studyPage(parts: PageParts): string {
  const { record, text, language, playground, script } = parts
  const { tag, other, themes, index, footer } = words[language]
  const suffix = (of: Language) => (of === 'en' ? '' : `.${of}`)
  const links = parts.studies.map((name) =>
    name === record.study ? html`<b>${name}</b> ` : html`<a href="${name}${suffix(language)}.html">${name}</a>`,
  )
  return page({
    title: text.title,
    subtitle: html`<a class="small" lang="${words[other.language].tag}" href="${record.study}${suffix(other.language)}.html">${other.name}</a>`,
    nav: html`<span class="quiet">${index.others}: </span>${links}`,
    body: html`${textBody(parts)}${valuesSection(record, language)}${playgroundSection(parts)}${madeSection(parts)}`,
    footer: html`<p>${footer}</p>`,
    scripts: playground === undefined ? [] : [...groupData(playground, playgroundId), playgroundScript(script)],
    language: { tag, themes },
  })
}

const playgroundId = 'g1-playground'

/** Marked, so that a comparison of pages can leave out what is built. */
function playgroundScript(script: string): Html {
  return html`<script data-built>${trusted(script)}</script>`
}

/** A page without the program that is built into it. */
export function withoutProgram(text: string): string {
  return text.replace(/<script data-built>[\s\S]*?<\/script>/, '')
}

function textBody({ record, text, language }: PageParts): Html {
  const fill = fillOf(record, language, text.file)
  return html`${text.blocks.map((block, at) => blockHtml(block, at, record, language, (written) => filled(written, fill)))}`
}

function blockHtml(
  block: Block,
  at: number,
  record: StudyRecord,
  language: Language,
  fill: (text: string) => string,
): Html {
  if (block.kind === 'heading') return html`<h2>${inline(fill(block.text))}</h2>`
  if (!('placeholder' in block)) return html`<p class="${at === 0 ? 'lead' : ''}">${inline(fill(block.text))}</p>`
  const said = fill(block.text)
  if (block.kind === 'picture')
    return pictureFigure(pictureOf(record, block.placeholder, language), said, `picture-${at}`)
  const { verdict, word, statement, evidence } = claimText(
    record,
    claimAt(record, block.placeholder.argument),
    language,
  )
  const kind = { supported: 'good', contradicted: 'bad', undecided: 'quiet' }[verdict]
  return html`<ul class="plain"><li><p><span class="badge ${kind}">${word}</span> <b>${statement}</b></p><p>${inline(said)}</p><p class="quiet small">${evidence}</p></li></ul>`
}

function valuesSection(record: StudyRecord, language: Language): Html {
  const { values, interval } = words[language]
  const wrong = record.pair === null ? '' : wrongTable(record, language)
  return html`<h2>${values}</h2><p class="quiet small">${interval}</p>${record.groups.map((group) => valuesTable(group, language))}${wrong}`
}

function valuesTable(group: RecordedGroup, language: Language): Html {
  const { head, test, none } = words[language]
  const metrics = group.metrics.map(({ name, title }) => test(measureName(name, title, language)))
  const rows = group.variants.map(({ id, label, seeds, parameters, perStep }) => [
    shortLabel(group, label),
    ...group.metrics.map(({ unit, values }) => {
      const mean = values.find(({ variant }) => variant === id)?.mean
      if (mean === undefined || isUndefined(mean)) return none
      return localised(resultText(mean, unit), language)
    }),
    String(seeds.length),
    count(parameters),
    perStep.ms === null ? none : significant(perStep.ms),
  ])
  const numbers = Array.from({ length: group.metrics.length + 3 }, (_, at) => at + 1)
  const name = groupName(group)
  return table({
    ...(name !== '' && { caption: name }),
    head: [head.variant, ...metrics, head.seeds, head.parameters, head.perStep],
    rows,
    numbers,
  })
}

/** `80.4 % (69.6 to 91.2)`. */
function localised(result: string, language: Language): string {
  const { to, noInterval } = words[language]
  return result.replace(' to ', to).replace('(no interval)', noInterval)
}

function wrongTable(record: StudyRecord, language: Language): Html {
  const { wrong, none } = words[language]
  const rows = [1, 3, 5].map((k) => {
    const { subsets, wrong: other, supported, wrongSupported } = seedCount(pairOf(record), k)
    const share = (part: number | null) => (part === null ? none : `${count(part)} (${shareText(part, subsets)})`)
    const undecided = supported === null || wrongSupported === null ? null : subsets - supported - wrongSupported
    return [String(k), count(subsets), share(other), share(supported), share(wrongSupported), share(undecided)]
  })
  return table({ head: wrong.head, rows, numbers: [0, 1, 2, 3, 4, 5] })
}

function playgroundSection({ record, playground, language }: PageParts): Html {
  const { tryIt, tryAbout, noModel } = words[language]
  if (playground === undefined)
    return html`<section id="playground" class="try"><h2>${tryIt}</h2><p>${noModel(record.noPlayground ?? '')}</p></section>`
  const about = html`<p class="quiet">${tryAbout(playground.models.length)}</p>`
  return html`<section id="${playgroundId}" class="try"><h2>${tryIt}</h2>${about}<div lang="en">${playgroundBody(playgroundId, words[language].needsScript)}</div></section>`
}

function madeSection({ record, language, isChanged }: PageParts): Html {
  const { howMade, made, minutes, changed } = words[language]
  const { study, files, trainMs, trials, date, machine, versions } = record
  const shown = ['seqlab', 'code', 'node', 'onnxruntime-node'].flatMap((name) =>
    versions[name] === undefined ? [] : [`${name} ${versions[name].join(', ')}`],
  )
  const folder = files.length === 1 ? 'experiments' : `experiments/${study}`
  const commands = files.map((file) => `npx seqlab sweep ${folder}/${file} --workers 2`)
  const rows: [string, Html | string][] = [
    [made.command, html`${commands.map((command) => html`<code>${command}</code><br>`)}`],
    [made.minutes, minutes(durationText(trainMs, language), trials.length)],
    [made.date, date.slice(0, 10)],
    [made.machine, machine],
    [made.versions, shown.join(', ')],
    [made.record, html`<code>experiments/records/${study}.json</code>`],
  ]
  return html`<h2>${howMade}</h2>${isChanged && html`<p class="notice">${changed}</p>`}<dl class="keys">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`
}
