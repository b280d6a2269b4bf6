import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { command, type Ran } from '../support/command.js'
import { withExportedForm } from '../support/exported-model.js'

// Golden models of every task; where a pipe is the subject, the built program (`npm test` builds first).
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const models = new Map<string, string>()

beforeAll(async () => {
  for (const task of ['transduce', 'generate', 'tag', 'classify', 'forecast', 'language-model'])
    models.set(task, await withExportedForm(task))
})
afterAll(() => {
  for (const folder of models.values()) rmSync(folder, { recursive: true })
})

async function ended(child: ChildProcess): Promise<Ran> {
  const [out, err]: [Buffer[], Buffer[]] = [[], []]
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk))
  const [code] = await once(child, 'close')
  return { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }
}

function start(task: string, options: readonly string[]): ChildProcess {
  const args = [program, 'predict', models.get(task) ?? task, ...options]
  return spawn(process.execPath, args, { env: { ...process.env, NO_COLOR: '1' } })
}

function predict(task: string, input: string | Buffer, ...options: readonly string[]): Promise<Ran> {
  return command(['predict', models.get(task) ?? task, ...options], { input })
}

/** Lines of the symbols that a model knows. */
function lines(task: string, count: number): string[] {
  const { vocabularies, spec } = JSON.parse(readFileSync(join(models.get(task) ?? '', 'model.json'), 'utf8'))
  const symbols: string[] = vocabularies.source.symbols.slice(4)
  const joiner = spec.data.sourceTokens?.type === 'characters' ? '' : ' '
  return Array.from({ length: count }, (_, line) =>
    Array.from({ length: 1 + (line % 7) }, (_, at) => symbols[(line * (at + 3) + at) % symbols.length]).join(joiner),
  )
}

describe('a line does not depend on its neighbours', () => {
  it.each(['transduce', 'tag', 'classify'])('%s: at batch sizes 1, 2, 7 and 64', async (task) => {
    const input = `${lines(task, 40).join('\n')}\n`
    const ran: Ran[] = []
    for (const size of ['1', '2', '7', '64'])
      ran.push(await predict(task, input, '--output', 'tsv', '--batch-size', size))
    const [first] = ran
    const numbers = first?.stdout
      .split('\n')
      .slice(1, -1)
      .map((row) => Number(row.split('\t')[0]))
    expect([...new Set(numbers)]).toEqual(Array.from({ length: 40 }, (_, at) => at + 1))
    for (const each of ran) expect(each).toEqual({ code: 0, stdout: first?.stdout, stderr: '' })
  })

  it('in a pipe that gives a line now and then, as each comes', async () => {
    const input = lines('transduce', 4)
    const whole = await predict('transduce', `${input.join('\n')}\n`)
    const child = start('transduce', [])
    const ran = ended(child)
    for (const line of input) {
      child.stdin?.write(`${line}\n`)
      // The next line is written when the output of this one is there: a batch does not wait for more.
      await once(child.stdout ?? child, 'data')
    }
    child.stdin?.end()
    expect(await ran).toEqual(whole)
  })
})

describe('formats', () => {
  it('text: exactly one line a source', async () => {
    const { stdout } = await predict('transduce', `${lines('transduce', 9).join('\n')}\n`)
    expect(stdout.split('\n')).toHaveLength(10)
  })

  it('tsv: a line a candidate, by rank; jsonl: an object a source, with what was asked for', async () => {
    const [line = ''] = lines('transduce', 1)
    const tsv = await predict('transduce', line, '--beam', '4', '--nbest', '3', '--output', 'tsv')
    const rows = tsv.stdout
      .trimEnd()
      .split('\n')
      .map((row) => row.split('\t'))
    expect(rows.map(([number, rank]) => [number, rank])).toEqual([
      ['line', 'rank'],
      ['1', '1'],
      ['1', '2'],
      ['1', '3'],
    ])
    const scores = rows.slice(1).map(([, , score]) => Number(score))
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    const options = ['--beam', '4', '--nbest', '3', '--output', 'jsonl', '--alignments']
    const parsed = JSON.parse((await predict('transduce', line, ...options)).stdout)
    expect(parsed.candidates.map((each: { score: number }) => each.score)).toEqual(scores)
    expect(parsed.candidates[0].text).toBe(parsed.output)
    expect(parsed.alignment[0]).toHaveLength(parsed.source.length)
    const json = await predict('transduce', JSON.stringify({ source: line, id: 7 }), '--input', 'jsonl')
    expect(json.stdout).toBe(`${parsed.output}\n`)
  })

  it.each([
    [['--nbest', '2'], '--nbest has no place in --output text'],
    [['--alignments'], '--alignments has no place in --output text'],
    [['--alignments', '--output', 'tsv'], '--alignments has no place in --output tsv'],
    [['--beam', '2', '--nbest', '3', '--output', 'tsv'], 'a beam of 2 has no 3 best'],
    [['--sample', '--beam', '2'], '--sample draws one output'],
    [['--temperature', '2'], '--temperature goes with --sample'],
    [['--top-p', '0.5'], '--top-p goes with --sample'],
    [['--scores'], '--scores has no place in --output text'],
    [['--scores', '--output', 'jsonl'], '--scores: the task transduce has no labels'],
    [['--prompt', 'a'], '--prompt: a model of the task transduce writes no text of its own'],
    [['--lines', '2'], '--lines: it goes with --prompt'],
    [['--min-length', '9', '--max-length', '4'], '--min-length 9: an output has at most 4 symbols'],
  ])('%j is refused', async (options, message) => {
    const { code, stdout, stderr } = await predict('transduce', 'a\n', ...options)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
  })

  it('a search is refused where the task has none', async () => {
    expect((await predict('tag', 'a\n', '--beam', '3')).stderr).toContain('--beam: the task tag does not search')
  })
})

describe('what each task gives', () => {
  const rowsOf = ({ stdout }: Ran) =>
    stdout
      .trimEnd()
      .split('\n')
      .map((row) => row.split('\t'))

  it('tag: a token a line, and with --scores every tag with its probability', async () => {
    const rows = rowsOf(await predict('tag', 'a b c\n', '--output', 'tsv'))
    expect(rows[0]).toEqual(['line', 'rank', 'score', 'output', 'probability', 'token'])
    expect(rows.slice(1).map((row) => row[5])).toEqual(['a', 'b', 'c'])
    for (const [, , score, , probability] of rows.slice(1)) expect(Math.exp(Number(score))).toBe(Number(probability))
    const [object = ''] = (await predict('tag', 'a b c\n', '--output', 'jsonl', '--scores')).stdout.split('\n')
    const { tokens, probabilities } = JSON.parse(object)
    expect(tokens).toEqual(rows.slice(1).map((row) => row[3]))
    for (const { low, high } of probabilities) expect(low + high).toBeCloseTo(1, 5)
  })

  it('classify: the label with its probability, and with --scores every label in order', async () => {
    const [, ...rows] = rowsOf(await predict('classify', 'abc\n', '--output', 'tsv', '--scores'))
    expect(rows.map(([line, rank]) => [line, rank])).toEqual([
      ['1', '1'],
      ['1', '2'],
    ])
    expect(Number(rows[0]?.[4])).toBeGreaterThan(Number(rows[1]?.[4]))
    const { output, probability } = JSON.parse((await predict('classify', 'abc\n', '--output', 'jsonl')).stdout)
    expect([output, probability]).toEqual([rows[0]?.[3], expect.closeTo(Number(rows[0]?.[4]), 6)])
  })

  it('language-model: the log probability of a line, of each token with --scores; and text that goes on', async () => {
    const { stdout } = await predict('language-model', 'abc\n')
    const [, ...rows] = rowsOf(await predict('language-model', 'abc\n', '--output', 'tsv', '--scores'))
    expect(rows.map((row) => row[3])).toEqual(['a', 'b', 'c', '<eos>'])
    expect(rows.reduce((sum, row) => sum + Number(row[2]), 0)).toBeCloseTo(Number(stdout), 9)
    const write = (...more: string[]) => predict('language-model', '', '--prompt', 'ba', '--lines', '5', ...more)
    const [all, again] = [await write('--seed', '2'), await write('--seed', '2', '--batch-size', '2')]
    expect(all.stdout.split('\n').slice(0, -1)).toHaveLength(5)
    expect(
      all.stdout
        .split('\n')
        .slice(0, -1)
        .every((line) => line.startsWith('ba')),
    ).toBe(true)
    expect(again).toEqual(all)
  })

  it('forecast: what follows the last window of a CSV, by the names of its columns', async () => {
    const steps = Array.from({ length: 9 }, (_, t) => [10 + 3 * Math.sin(t / 2), t % 4] as const)
    const csv = (rows: typeof steps) => ['x,series 2,series 1', ...rows.map(([a, b]) => `0,${b},${a}`)].join('\n')
    const whole = await predict('forecast', csv(steps))
    expect(
      whole.stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => line.split(',').length),
    ).toEqual([2, 2])
    expect((await predict('forecast', csv(steps.slice(-5)))).stdout).toBe(whole.stdout)
    const window = JSON.stringify({ source: steps.slice(-5) })
    const { values } = JSON.parse((await predict('forecast', window, '--input', 'jsonl', '--output', 'jsonl')).stdout)
    expect(values.map((step: number[]) => step.join(',')).join('\n')).toBe(whole.stdout.trimEnd())
  })

  it.each([
    ['x,y\n1,2\n', 'there is no column "series 1"'],
    ['series 1,series 2\n1,2\n3,x\n', 'this is not a number'],
    ['series 1,series 2\n1,2\n', 'The model forecasts from 5 steps: expected that many, received 1 in stdin'],
    ['series 1,series 2\n1,2\n3\n', 'the line has a wrong number of columns'],
    ['series 1,series 2\n1,2\n\n3,4\n', 'the line is blank, and every line of a series is a step'],
    ['series 1,series 2\n1,2\n\n', 'The model forecasts from 5 steps: expected that many, received 1 in stdin'],
    ['', 'The model forecasts from 5 steps'],
  ])('forecast refuses %j', async (csv, message) => {
    const { code, stdout, stderr } = await predict('forecast', csv)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
  })

  it('one clear sentence for what is no file of lines', async () => {
    const folder = models.get('tag') ?? ''
    const refused = await predict('tag', '', folder)
    expect(refused.stderr).toBe(`error: Cannot read ${folder}: it is a folder\n    hint Name a file in it.\n`)
    expect(refused.code).toBe(2)
    const bytes = await predict('tag', Buffer.from([0xff, 0x0a]))
    expect(bytes).toEqual({ code: 2, stdout: '', stderr: 'error: stdin:1: this line is not valid UTF-8\n' })
    const long = await predict('forecast', `${'x'.repeat(1e6)}\n`)
    expect(long.stderr.length).toBeLessThan(4000)
    expect(long.code).toBe(2)
  })

  it('an ensemble with --with: of a model and itself what the model gives; of another task a refusal', async () => {
    const source = lines('transduce', 3).join('\n')
    const alone = await predict('transduce', source, '--output', 'tsv')
    expect(await predict('transduce', source, '--output', 'tsv', '--with', models.get('transduce') ?? '')).toEqual(
      alone,
    )
    const { code, stderr } = await predict('transduce', source, '--with', models.get('tag') ?? '')
    expect(code).toBe(2)
    expect(stderr).toContain('its task is tag, not transduce')
  })

  it('what needs alignments is refused where the model does not attend', async () => {
    expect((await predict('generate', 'b\n', '--replace-unknown')).stderr).toContain('needs alignments')
    expect((await predict('generate', 'b\n', '--coverage-penalty', '1')).stderr).toContain('needs alignments')
  })
})

describe('lines that cannot be read', () => {
  const [known = ''] = ['']
  const bad = () => {
    const [one = known, two = ''] = lines('transduce', 2)
    return Buffer.concat([Buffer.from(`${one}\n`), Buffer.from([0xff, 0xfe, 10]), Buffer.from(`\n${two}\n`)])
  }

  it('end it, after the outputs of the lines before them', async () => {
    const { code, stdout, stderr } = await predict('transduce', bad())
    expect({ code, lines: stdout.split('\n').length }).toEqual({ code: 2, lines: 2 })
    expect(stderr).toContain('stdin:2')
    expect(stderr).toContain('not valid UTF-8')
  })

  it('are skipped where that is asked for, each with its reason', async () => {
    const { code, stdout, stderr } = await predict('transduce', bad(), '--on-error', 'skip', '--output', 'tsv')
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((row) => row.split('\t'))
    expect(code).toBe(0)
    expect(rows.map(([number, rank]) => `${number} ${rank}`)).toEqual(['line rank', '1 1', '2 0', '3 0', '4 1'])
    expect(rows[3]?.[3]).toContain('at least one token')
    expect(stderr.split('\n').filter((line) => line.startsWith('skipped: '))).toHaveLength(2)
  })

  it('of no known symbol are predicted, and that is said', async () => {
    const { code, stderr } = await predict('transduce', 'ΩΩ\n')
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'stdin:1: the model knows none of its symbols\n' })
  })

  it('longer than sources were to be in training are cut, and that is said', async () => {
    const { code, stdout, stderr } = await predict('transduce', `${'a'.repeat(1_000_000)}\n`)
    expect(code).toBe(0)
    expect(stdout.split('\n')).toHaveLength(2)
    expect(stderr).toMatch(/^stdin:1: cut to \d+ of its 1000000 symbols, as sources were in training/)
  })

  it('have no alignments where the model does not attend', async () => {
    const { code, stderr } = await predict('tag', 'a\n', '--output', 'jsonl', '--alignments')
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('does not attend to its source') })
  })

  it('are none: an empty input is an error', async () => {
    const { code, stderr } = await predict('transduce', '')
    expect(code).toBe(2)
    expect(stderr).toContain('stdin has no line')
  })
})

describe('places', () => {
  it('a file that is not there, and a run that is not there', async () => {
    expect((await predict('transduce', '', '/nowhere/words.txt')).stderr).toContain('/nowhere/words.txt')
    expect((await predict('no-such-run', '')).stderr).toContain('No run is called no-such-run')
  })

  it('a reader that closes the pipe ends it quietly, with code 0, whatever comes in', async () => {
    const child = start('transduce', [])
    const ran = ended(child)
    const [line = ''] = lines('transduce', 1)
    child.stdin?.on('error', () => {})
    const feed = setInterval(() => child.stdin?.write(`${line}\n`.repeat(200)), 5)
    await once(child.stdout ?? child, 'data')
    child.stdout?.destroy()
    const [code] = await once(child, 'exit')
    clearInterval(feed)
    child.stdin?.destroy()
    expect({ code, stderr: (await ran).stderr }).toEqual({ code: 0, stderr: '' })
  })
})
