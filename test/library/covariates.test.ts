import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../../src/engine/index.js'
import { train } from '../../src/index.js'
import { exportRun } from '../../src/inference/export.js'
import { forecastSeries } from '../../src/inference/lines/forecast-series.js'
import { readLines } from '../../src/inference/lines/read-lines.js'
import { sourceReader } from '../../src/inference/lines/sources.js'
import { openModel, type TrainedModel } from '../../src/inference/open-model.js'
import { pythonWith } from '../support/python.js'

// A trial runs in a process of the built program (`npm test` builds first).
const folder = mkdtempSync(join(tmpdir(), 'seqlab-covariates-'))
let model: TrainedModel
let directory = ''

beforeAll(async () => {
  const set = ['train.steps=20', 'train.validate.every=20']
  const run = await train('configs/forecast-covariates.yaml', { out: folder, set }).outcome
  directory = join(run.directory, run.records[0]?.trialId ?? '')
  model = await openModel(directory)
})
afterAll(async () => {
  await model.dispose()
  rmSync(folder, { recursive: true })
})

const file = readFileSync('configs/ice-cream.csv', 'utf8').trim().split('\n')
const forecast = async (lines: readonly string[]) => {
  const { values = [] } = await forecastSeries(
    model,
    readLines(Readable.from([Buffer.from(lines.join('\n'))]), 'a.csv'),
    'a.csv',
  )
  return values
}

// The window's last days, and the week after it: targets, inputs, then what is known ahead.
const cells = file.slice(1).map((line) => line.split(',').map(Number))
const window = cells.slice(-35, -7).map(([, weekend = 0, promotion = 0, temperature = 0, sold = 0]) => {
  return [sold, temperature, weekend, promotion]
})
const ahead = cells.slice(-7).map(([, weekend = 0, promotion = 0]) => [weekend, promotion])

describe('a forecast that knows something ahead', () => {
  it('is of the targets alone; the steps at the end of a CSV file are the horizon', async () => {
    const found = await forecast(file)
    expect(found.map((step) => step.length)).toEqual(Array(7).fill(1))
    const [direct] = await model.predict([{ window, ahead }])
    expect(direct?.values).toEqual(found)
    // Further steps are not forecast, and others columns are not read.
    expect(await forecast([...file, '374,0,0,,', '375,1,,,NA'])).toEqual(found)
    const turned = file.map((line) => line.split(',').reverse().join(','))
    expect(await forecast(turned)).toEqual(found)
  })

  it('depends on what is known of each step', async () => {
    const found = await forecast(file)
    const other = await forecast([...file.slice(0, -1), file.at(-1)?.replace(/,[01],,$/, ',7,,') ?? ''])
    expect(other).not.toEqual(found)
  })

  it('in its exported form is what the reference engine gives', async () => {
    const engine = await createEngine('tfjs-cpu', { threads: 1 })
    const traced = await openModel(directory, { engine })
    const [[wanted], [found]] = [await traced.predict([{ window, ahead }]), await model.predict([{ window, ahead }])]
    found?.values?.forEach(([value], step) => {
      expect(value).toBeCloseTo(wanted?.values?.[step]?.[0] ?? Number.NaN, 3)
    })
    await traced.dispose()
    await engine.dispose()
  })

  it('refuses a file or a line without what is known ahead, with a sentence', async () => {
    await expect(forecast(file.slice(0, -1))).rejects.toMatchObject({
      message: expect.stringContaining('expected 7 steps at the end of the file with weekend, promotion, received 6'),
      hint: 'leave sold of these steps empty (or NA)',
    })
    await expect(forecast([...file, '374,0,0,12,9'])).rejects.toThrow(/a.csv:368:5: this is not a number: the cell is/)
    expect(model.refuses(window)).toContain('a window, and what is known ahead (weekend, promotion)')
    expect(model.refuses({ window, ahead: ahead.slice(1) })).toContain('7 steps of what is known ahead, received 6')
    const read = (object: object) => sourceReader('jsonl', model.spec, 'a')({ number: 1, text: JSON.stringify(object) })
    expect(read({ source: window, ahead })).toEqual({ window, ahead })
    expect(() => read({ source: window, ahead: 1 })).toThrow(/"ahead" is no list of steps/)
  })

  const python = pythonWith('numpy, onnxruntime')

  it.skipIf(python === undefined)('predict.py gives the same', async () => {
    const onnx = join(folder, 'onnx')
    await exportRun(directory, onnx)
    const run = (lines: readonly string[]) =>
      spawnSync(python ?? '', [join(onnx, 'predict.py')], { input: lines.join('\n'), encoding: 'utf8' })
    const { stdout, stderr } = run(file)
    expect(stderr).toBe('')
    const found = (await forecast(file)).flat()
    stdout
      .trim()
      .split('\n')
      .forEach((line, step) => {
        expect(Number(line)).toBeCloseTo(found[step] ?? Number.NaN, 3)
      })
    expect(run(file.slice(0, -1)).stderr).toContain('the file ends in 6 steps without targets, expected 7')
  })

  it.skipIf(python === undefined)('predict.py reads decimal commas, thousands, and what is carried', async () => {
    const onnx = join(folder, 'european')
    await exportRun(directory, onnx)
    const path = join(onnx, 'model.json')
    const described = JSON.parse(readFileSync(path, 'utf8'))
    const written = { separator: ';', decimal: ',', thousands: '.', missingValues: 'carry' }
    Object.assign(described.spec.data.source, written)
    writeFileSync(path, JSON.stringify(described))
    // The temperature of the last day before the horizon is that of the day before it.
    const gap = file.length - 8
    const before = file[gap - 1]?.split(',')[3] ?? ''
    const row = (line: string, temperature: string) => line.split(',').with(3, temperature)
    const plain = file.map((line, at) => (at === gap ? row(line, before).join(',') : line))
    // 12.3 is 0.012,3.
    const european = (cell: string) => (/\d\.\d/.test(cell) ? `0.${cell.replace('.', ',').padStart(5, '0')}` : cell)
    const foreign = file.map((line, at) => (at === gap ? row(line, 'NA') : line.split(',')).map(european).join(';'))
    expect(foreign[2]).toMatch(/;0\.0\d\d,\d/)
    const input = foreign.join('\n')
    const { stdout, stderr } = spawnSync(python ?? '', [join(onnx, 'predict.py')], { input, encoding: 'utf8' })
    expect(stderr).toBe('')
    const found = (await forecast(plain)).flat()
    const printed = stdout.trim().split('\n').map(Number)
    expect(printed).toHaveLength(7)
    for (const [step, value] of printed.entries()) expect(value).toBeCloseTo(found[step] ?? Number.NaN, 3)
  })
})
