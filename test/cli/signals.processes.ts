import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withExportedForm } from '../support/exported-model.js'

// Real signals to the built program.
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
let model = ''
beforeAll(async () => {
  model = await withExportedForm('transduce')
})
afterAll(() => rmSync(model, { recursive: true }))

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Started {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

function start(args: readonly string[]): Started {
  const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, NO_COLOR: '1' } })
  const [out, err]: [Buffer[], Buffer[]] = [[], []]
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
  child.stdin.on('error', () => {})
  const ended = once(child, 'close').then(([code]) => {
    return { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }
  })
  return { child, ended }
}

const pairs = Array.from({ length: 400 }, () => 'a b\tb a\n').join('')
const inputs = { predict: pairs.replaceAll('\tb a', ''), score: pairs }
const stopped = 'stopped; every line that was printed is whole\n'

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  it.each(['predict', 'score'] as const)('%s ends with whole lines and code 130, in mid-work', async (verb) => {
    const { child, ended } = start([verb, model, '--batch-size', '1'])
    const more = setInterval(() => child.stdin?.write(inputs[verb]), 5)
    for (let seen = 0; seen < 3; seen++) if (child.stdout) await once(child.stdout, 'data')
    child.kill(signal)
    const { code, stdout, stderr } = await ended
    clearInterval(more)
    expect({ code, stderr }).toEqual({ code: 130, stderr: stopped })
    expect(stdout).toMatch(/\n$/)
    const lines = stdout.slice(0, -1).split('\n').slice(1)
    const widths = lines.map((line) => line.split('\t').length)
    expect(widths.filter((width) => width !== widths[0])).toEqual([])
  })

  it.each(['predict', 'score'] as const)('%s ends while it waits for input', async (verb) => {
    const { child, ended } = start([verb, model])
    child.stdin?.write(inputs[verb].slice(0, 8))
    if (child.stdout) await once(child.stdout, 'data')
    child.kill(signal)
    expect(await ended).toMatchObject({ code: 130, stderr: stopped })
  })

  it('evaluate leaves nothing', async () => {
    // A pipe with a name: opening it waits until the program opens it too, and reads.
    const file = join(model, `${signal}.tsv`)
    await promisify(execFile)('mkfifo', [file])
    const { child, ended } = start(['evaluate', model, '--test', file, '--into', join(model, 'results')])
    const pipe = await open(file, 'w')
    child.kill(signal)
    if (child.stderr) await once(child.stderr, 'data')
    await pipe.close()
    expect(await ended).toMatchObject({ code: 130, stdout: '', stderr: 'stopped; the evaluation is not written\n' })
    expect(readdirSync(model)).not.toContain('results')
  })
})

it('a reader that reads no more is waited for, until a second signal', async () => {
  const child = spawn(process.execPath, [program, 'predict', model, '--output', 'jsonl'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.on('error', () => {})
  child.stdin.write(inputs.predict.repeat(10))
  await once(child.stdout, 'readable')
  await new Promise((done) => setTimeout(done, 500))
  child.kill('SIGINT')
  const [text] = await once(child.stderr, 'data')
  expect(String(text)).toBe(stopped)
  const ended = once(child, 'exit')
  child.kill('SIGINT')
  expect(await ended).toEqual([130, null])
})
