import { appendFileSync, cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { builtRoot } from '../../src/runner/versions.js'
import type { Plan } from '../../src/spec/types.js'
import { readStudy } from '../../src/store/index.js'
import { tinyPlan } from '../runner/support/plan.js'
import { type Findings, folder, type Start, start } from './harness.js'

/** Point 7: resuming under another plan, other data or other code is refused with a diff, or recorded under force. */
export async function changes(): Promise<Findings> {
  const plan = await tinyPlan('changes', { seeds: 2, steps: 4, every: 2 })
  const problems: string[] = []
  const others: Readonly<Record<string, { readonly change: Partial<Start>; readonly diff: RegExp }>> = {
    plan: {
      change: { plan: await tinyPlan('changes', { seeds: 2, steps: 5, every: 2 }) },
      diff: /1 difference.*\n {2}train\.steps: 4 -> 5/,
    },
    data: { change: { plan: await otherData() }, diff: /\n {2}data\.source\.train: .* -> / },
    code: { change: { root: changedCode() }, diff: /1 difference.*\n {2}code: [0-9a-f]{16} -> [0-9a-f]{16}/ },
  }
  for (const [name, { change, diff }] of Object.entries(others)) {
    const outDir = folder('changes')
    const first = await start({ plan, outDir }).ended
    const refused = start({ plan, outDir, ...change })
    const code = await refused.ended
    const message = String(refused.reported.find(({ kind }) => kind === 'error')?.message)
    if (first !== 0 || code !== 3 || !diff.test(message)) problems.push(`changes: ${name}: ${code}: ${message}`)
    const forced = start({ plan, outDir, ...change, options: { force: true } })
    if ((await forced.ended) !== 0)
      problems.push(`changes: ${name} by force: ${JSON.stringify(forced.reported.at(-1))}`)
    const { file } = readStudy(join(outDir, plan.study))
    if (file?.mixed.length !== 1) problems.push(`changes: ${name}: the mix is not recorded`)
  }
  return { counts: { 'changed studies refused and forced': Object.keys(others).length }, problems }
}

function otherData(): Promise<Plan> {
  const pairs = ['ab', 'bc', 'cd', 'da', 'ac', 'bd'].map((word) => [word, word])
  const source = { type: 'inline', train: pairs, dev: pairs.slice(0, 1), test: pairs.slice(1, 2) }
  const data = { source, sourceTokens: 'characters', targetTokens: 'characters' }
  return tinyPlan('changes', { seeds: 2, steps: 4, every: 2, change: { data } })
}

/** A copy of this package whose code differs by a comment. */
function changedCode(): string {
  const copy = folder('code')
  const root = dirname(builtRoot)
  cpSync(builtRoot, join(copy, 'dist'), { recursive: true })
  cpSync(join(root, 'package.json'), join(copy, 'package.json'))
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  mkdirSync(join(copy, 'dist'), { recursive: true })
  appendFileSync(join(copy, 'dist', 'train', 'loop.js'), '\n// changed\n')
  return join(copy, 'dist')
}
