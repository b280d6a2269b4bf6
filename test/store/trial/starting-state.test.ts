import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readStartingState } from '../../../src/store/trial/starting-state.js'

const folder = mkdtempSync(join(tmpdir(), 'seqlab-start-'))
afterAll(() => rmSync(folder, { recursive: true }))

const path = (...names: string[]) => join(folder, ...names)
mkdirSync(path('tagger', 'trial', 'checkpoint'), { recursive: true })
mkdirSync(path('empty'))
writeFileSync(path('tagger', 'trial', 'checkpoint', 'state.bin'), 'torn')
writeFileSync(path('file'), '')
symlinkSync(path('gone'), path('link'))

test.each([
  ['a folder that is not there', path('zzzzzzzz'), `${path('zzzzzzzz')} does not exist`],
  [
    'a study that is misspelt',
    path('taggr', 'trial'),
    `${path('taggr', 'trial')} does not exist; did you mean \`tagger\`?`,
  ],
  ['a folder of something else', path('empty'), `${path('empty')} has no checkpoint`],
  ['a file', path('file'), `${path('file')} is a file, not a folder`],
  [
    'a link that leads nowhere',
    path('link', 'trial'),
    `${path('link')} is a link to ${path('gone')}, which does not exist`,
  ],
])('nothing to start from: %s', async (_, from, message) => {
  await expect(readStartingState(from)).rejects.toMatchObject({
    code: 'run',
    message: `train.init.from: ${message}`,
    problems: [{ path: 'train.init.from', message, expected: "a trial's folder, `runs/<study>/<trial id>`" }],
  })
})

test('the trials of a study are named where one of them is misspelt', async () => {
  await expect(readStartingState(path('tagger', 'trail'))).rejects.toMatchObject({
    message: `train.init.from: ${path('tagger', 'trail')} does not exist; did you mean \`trial\`?`,
    hint: `In ${path('tagger')} there are: trial.`,
  })
})

test('a damaged checkpoint is that of the other run', async () => {
  const from = path('tagger', 'trial')
  await expect(readStartingState(from)).rejects.toMatchObject({
    message: expect.stringContaining(`${join(from, 'checkpoint', 'state.bin')} is damaged`),
    hint: `Train the run in ${from} again (its own command with --fresh), restore its files, or start from another run.`,
  })
})
