import { execFileSync } from 'node:child_process'
import { appendFileSync, cpSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../src/core/package.js'
import type { Plan } from '../../src/spec/types.js'
import { readStudy } from '../../src/store/index.js'
import { tinyPlan } from '../runner/support/plan.js'
import { bundleCoordinator, type Findings, folder, type Start, start } from './harness.js'

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
    code: { change: { root: await changedCode() }, diff: /1 difference.*\n {2}code: [0-9a-f]{16} -> [0-9a-f]{16}/ },
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
async function changedCode(): Promise<string> {
  const copy = folder('code')
  for (const name of ['src', 'scripts', 'package.json', 'tsconfig.json'])
    cpSync(join(packageRoot, name), join(copy, name), { recursive: true })
  symlinkSync(join(packageRoot, 'node_modules'), join(copy, 'node_modules'))
  appendFileSync(join(copy, 'src', 'train', 'loop', 'train-loop.ts'), '\n// changed\n')
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/build/main.ts'], { cwd: copy, stdio: 'ignore' })
  await bundleCoordinator(copy)
  return copy
}
