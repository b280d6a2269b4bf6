import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { versions } from '../src/runner/versions.js'

/** Writes what a bench measured into a file of its own, bench/results/NAME-DATE.json, with the machine, its load and all versions; `others`: of what else it ran. */
export function writeBenchRecord(name: string, measured: object, others: Readonly<Record<string, string>> = {}): void {
  const machine = { model: cpus()[0]?.model, cores: cpus().length, load: loadavg() }
  const date = new Date().toISOString()
  const record = { machine, date, versions: { ...versions(), ...others }, ...measured }
  const results = fileURLToPath(new URL('results/', import.meta.url))
  mkdirSync(results, { recursive: true })
  const file = `${results}${name}-${date.replace(/[:.]/g, '-')}.json`
  writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`)
  process.stdout.write(`${file}\n`)
}
