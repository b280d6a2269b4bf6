import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  formatLine,
  historyByTrial,
  type LedgerEntry,
  openLedger,
  parseLedger,
  readLedger,
} from '../../../src/store/study/ledger.js'

const entries: readonly LedgerEntry[] = [
  { kind: 'opened', pid: 7, host: 'here', machine: 'M', command: 'seqlab run a.yaml', cwd: '/home/ada' },
  { kind: 'started', trialId: 'a', attempt: 1 },
  { kind: 'publish', trialId: 'a', attempt: 1, manifest: 'ab' },
  { kind: 'evaluated', trialId: 'a', attempt: 2, evaluations: ['c'] },
]
const whole = Buffer.from(entries.map(formatLine).join(''))

describe('ledger', () => {
  it('reads back what was written', () => {
    expect(parseLedger(whole, 'ledger')).toEqual({ entries, problems: [], wholeBytes: whole.length })
  })

  it('keeps every whole line when it is cut at any length, and names a torn one', () => {
    for (let length = 0; length < whole.length; length++) {
      const { entries: read, problems, wholeBytes } = parseLedger(whole.subarray(0, length), 'ledger')
      expect(read).toEqual(entries.slice(0, read.length))
      expect(problems.length).toBe(wholeBytes < length ? 1 : 0)
    }
  })

  it('detects every flipped bit, and loses the damaged lines alone', () => {
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const flipped = Buffer.from(whole)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const { entries: read, problems } = parseLedger(flipped, 'ledger')
      expect(problems.length).toBeGreaterThan(0)
      expect(read.length).toBeGreaterThanOrEqual(1)
      for (const entry of read) expect(entries).toContainEqual(entry)
    }
  })

  it('cuts a torn tail off before it goes on', () => {
    const study = mkdtempSync(join(tmpdir(), 'ledger-'))
    const path = join(study, 'ledger.jsonl')
    writeFileSync(path, whole.subarray(0, whole.length - 5))
    const ledger = openLedger(study, readLedger(study))
    ledger.append({ kind: 'discarded', trialId: 'a', reason: 'test' })
    ledger.close()
    const { entries: read, problems } = readLedger(study)
    expect(problems).toEqual([])
    expect(read.map(({ kind }) => kind)).toEqual(['opened', 'started', 'publish', 'discarded'])
    expect(readFileSync(path).at(-1)).toBe(10)
  })

  it('has the last attempt and the valid decision', () => {
    expect(historyByTrial(entries).get('a')).toEqual({ lastAttempt: 2, decided: entries[2] })
    const voided = historyByTrial([...entries, { kind: 'discarded', trialId: 'a', reason: 'damaged' }])
    expect(voided.get('a')).toEqual({ lastAttempt: 2 })
  })
})
