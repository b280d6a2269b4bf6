import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import type { PlaygroundChoice } from '../../src/report/analysis/trial/playground.js'
import { writeTrialReport } from '../../src/report/render/trial/write.js'
import { foldersIn, readTrial } from '../../src/store/index.js'
import { watched } from './browsing.js'

export const float32 = { playground: 'on', playgroundWeights: 'float32' } as const
export const float16 = { playground: 'on', playgroundWeights: 'float16' } as const

/** The folders of a study's trials. */
export function trialsIn(study: string): string[] {
  return foldersIn(study)
    .filter((each) => /^[0-9a-f]{16}$/.test(each))
    .map((each) => join(study, each))
}

/** A trial's page, with what is to be found by typing into it. */
export async function openPage(browser: Browser, trial: string, choice: PlaygroundChoice, width = 1280) {
  await writeTrialReport(trial, { playground: choice })
  const { page, complaints } = await watched(browser, pathToFileURL(join(trial, 'report.html')).href, { width })
  const { predictions, record } = await readTrial(trial)
  if (record === undefined) throw new Error(`${trial} has no record`)
  return { page, complaints, record, test: predictions.filter(({ split }) => split === 'test') }
}

/** What an answer says: its text, and the data of its output. */
export type Said = Readonly<Record<string, string>>

/** Types each text, or some texts into as many fields, and gives what the answer in `shown` says then. */
export async function typed(
  page: Page,
  texts: readonly (string | readonly string[])[],
  fields: readonly string[] = ['playground-source'],
  shown = '#playground .answer',
): Promise<readonly Said[]> {
  await page.locator(shown).first().scrollIntoViewIfNeeded()
  await page.waitForSelector(`${shown} > *`)
  const script = `(async () => {
    const fields = ${JSON.stringify(fields)}.map((id) => document.getElementById(id))
    const shown = document.querySelector(${JSON.stringify(shown)})
    const found = []
    for (const texts of ${JSON.stringify(texts.map((each) => [each].flat()))}) {
      const before = shown.firstChild
      texts.forEach((text, at) => { fields[at].value = text })
      fields[0].dispatchEvent(new Event('input', { bubbles: true }))
      while (shown.firstChild === before) await new Promise((done) => setTimeout(done))
      const output = shown.querySelector('output, [data-forecast]')
      found.push({ text: output?.textContent ?? shown.textContent, ...output?.dataset })
    }
    return found
  })()`
  const found: Said[] = await page.evaluate(script)
  return found
}
