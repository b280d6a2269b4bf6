import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProgressEvent } from '../../src/library/progress-events.js'
import { command } from '../support/command.js'
import { tinyRuns, trainTiny } from '../support/trained-runs.js'

let folder = ''
beforeAll(async () => {
  folder = await trainTiny('classify')
})
afterAll(() => rmSync(folder, { recursive: true }))

const schema: object = JSON.parse(readFileSync('schema/events.schema.json', 'utf8'))
const isEvent = new Ajv({ strict: false }).compile(schema)

function eventsIn(text: string): ProgressEvent[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const event: ProgressEvent = JSON.parse(line)
      expect(isEvent(event), `${line} ${JSON.stringify(isEvent.errors)}`).toBe(true)
      return event
    })
}

describe('--events', () => {
  it('writes what happens to a file, line by line as the schema says; --live says first where its pages are', async () => {
    const grid = { name: 'two', ...tinyRuns.classify?.spec, seeds: 2 }
    writeFileSync(join(folder, 'study.yaml'), JSON.stringify(grid))
    const args = ['sweep', 'study.yaml', '--workers', '1', '--events', 'events.jsonl', '--live', '--json']
    const { code, stdout, stderr } = await command(args, { cwd: folder })
    expect(code).toBe(0)
    expect(stderr.split('\n')[0]).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{24}\/$/)
    expect(stdout.trimEnd().split('\n')).toHaveLength(2)
    const events = eventsIn(readFileSync(join(folder, 'events.jsonl'), 'utf8'))
    expect(events[0]).toMatchObject({ event: 'run-started', study: 'two', trials: 2, finishedBefore: 0 })
    expect(events.at(-1)).toMatchObject({ event: 'run-ended', status: 'completed' })
    const kinds = new Set(events.map(({ event }) => event))
    for (const kind of ['trial-started', 'phase', 'train', 'validation', 'trial-finished'])
      expect(kinds, kind).toContain(kind)
    const finished = events.filter((event) => event.event === 'trial-finished')
    expect(finished.map(({ seed, status }) => [seed, status])).toEqual([
      [1, 'completed'],
      [2, 'completed'],
    ])
  })

  it('- writes them to stdout, and nothing else', async () => {
    const { code, stdout } = await command(['run', 'classify.yaml', '--events', '-'], { cwd: folder })
    expect(code).toBe(0)
    expect(eventsIn(stdout).map(({ event }) => event)).toEqual(['run-started', 'run-ended'])
  })

  it('- and --json exclude each other; a file that cannot be written is said before anything runs', async () => {
    const both = await command(['run', 'classify.yaml', '--events', '-', '--json'], { cwd: folder })
    expect([both.code, both.stderr.split('\n')[0]]).toEqual([2, 'error: --json and --events - both write to stdout'])
    const { code, stderr } = await command(['run', 'classify.yaml', '--events', 'missing/e.jsonl'], { cwd: folder })
    expect(code).toBe(2)
    expect(stderr).toContain('--events')
  })
})
