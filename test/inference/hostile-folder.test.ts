import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SeqlabError } from '../../src/core/errors.js'
import { buildTrained } from '../../src/inference/trained-parts.js'
import { readModel } from '../../src/store/index.js'
import { sealJson } from '../../src/store/sealed-json.js'

const goldens = fileURLToPath(new URL('../goldens/models/', import.meta.url))
let folder = ''
const file = (name: 'model.json' | 'model.safetensors') => join(folder, name)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'seqlab-hostile-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const copy = (task: string) => cpSync(join(goldens, task), folder, { recursive: true })
const open = () => buildTrained(readModel(folder))

/** The one sentence that a folder is refused with; undefined where it is opened. */
function refusalOf(read: () => unknown): string | undefined {
  try {
    read()
    return undefined
  } catch (error) {
    if (!(error instanceof SeqlabError)) throw error
    expect([error.code, error.message.split('\n').length]).toEqual(['run', 1])
    expect(error.message).toContain(folder)
    return error.message
  }
}

describe('a flipped bit', () => {
  it.each(['model.json', 'model.safetensors'] as const)('in any region of %s is noticed', (name) => {
    copy('generate')
    const whole = readFileSync(file(name))
    const flips = fc.record({ at: fc.nat(whole.length - 1), bit: fc.nat(7) })
    fc.assert(
      fc.property(flips, ({ at, bit }) => {
        const changed = Buffer.from(whole)
        changed[at] = (changed[at] ?? 0) ^ (1 << bit)
        writeFileSync(file(name), changed)
        expect(refusalOf(() => readModel(folder))).toBeDefined()
      }),
      { numRuns: 200 },
    )
    writeFileSync(file(name), whole)
    expect(refusalOf(open)).toBeUndefined()
  })
})

type Json = Record<string, unknown>
type Place = readonly (string | number)[]

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null

function placesIn(value: unknown, at: Place = []): Place[] {
  if (!isMap(value)) return [at]
  return [at, ...Object.entries(value).flatMap(([key, child]) => placesIn(child, [...at, key]))]
}

function changedAt(value: unknown, [key, ...rest]: Place, put: unknown): unknown {
  if (key === undefined) return put
  if (Array.isArray(value))
    return value.map((child, at) => (String(at) === String(key) ? changedAt(child, rest, put) : child))
  return isMap(value) ? { ...value, [key]: changedAt(value[key], rest, put) } : value
}

const hostile = [null, -1, 0, 1e308, 2 ** 53, '', 'constructor', '../../etc/passwd', [], {}, [null], { symbols: null }]

describe('a description by someone who knows the format', () => {
  it.each(['forecast', 'tag', 'transduce'])('(%s) opens or is refused in one sentence', (task) => {
    copy(task)
    const { seal: _, ...value } = JSON.parse(readFileSync(file('model.json'), 'utf8'))
    const places = placesIn(value).filter((at) => at.length > 0)
    const extra = [
      ['vocabularies', 'other'],
      ['sizes', 'other'],
      ['spec', 'toString'],
      ['tokenizers', 'other'],
    ]
    fc.assert(
      fc.property(fc.constantFrom(...places, ...extra), fc.constantFrom(...hostile), (at, put) => {
        const changed = changedAt(value, at, put)
        if (!isMap(changed)) return
        writeFileSync(file('model.json'), sealJson(changed))
        refusalOf(open)
      }),
      { numRuns: 40 },
    )
  })

  it('may have more than this version reads: that is no side, no file and no code', () => {
    copy('tag')
    const { seal: _, ...value } = JSON.parse(readFileSync(file('model.json'), 'utf8'))
    const vocabularies = { ...value.vocabularies, other: null, more: { symbols: 3 } }
    writeFileSync(file('model.json'), sealJson({ ...value, vocabularies }))
    expect(refusalOf(open)).toBeUndefined()
  })

  it('has scales that divide', () => {
    copy('forecast')
    const { seal: _, ...value } = JSON.parse(readFileSync(file('model.json'), 'utf8'))
    for (const scale of [0, -1]) {
      const [first, ...others] = value.scaling
      writeFileSync(file('model.json'), sealJson({ ...value, scaling: [{ ...first, scale }, ...others] }))
      expect(refusalOf(open)).toContain('has unexpected content: /scaling/0/scale')
    }
  })
})

describe('a folder', () => {
  it('with a file that links to itself, to a device or to nothing has no such file', () => {
    for (const target of [file('model.json'), '/dev/zero', '/dev/stdin', join(folder, 'nothing')]) {
      copy('tag')
      rmSync(file('model.json'))
      symlinkSync(target, file('model.json'))
      expect(refusalOf(open)).toContain('has no model')
      rmSync(file('model.json'))
      copy('tag')
      rmSync(file('model.safetensors'))
      symlinkSync(target.replace('model.json', 'model.safetensors'), file('model.safetensors'))
      expect(refusalOf(open)).toContain('model.safetensors is missing')
      rmSync(file('model.safetensors'))
    }
  })

  it('with links to whole files is opened as those', () => {
    copy('tag')
    mkdirSync(join(folder, 'linked'))
    for (const name of ['model.json', 'model.safetensors'] as const)
      symlinkSync(file(name), join(folder, 'linked', name))
    expect(buildTrained(readModel(join(folder, 'linked'))).task.name).toBe('tag')
  })

  it('with folders in place of files, or a name that no file can have, has no model', () => {
    mkdirSync(file('model.json'))
    expect(refusalOf(open)).toContain('has no model')
    const long = join(folder, 'x'.repeat(5000))
    expect(refusalOf(() => readModel(long))).toContain('has no model')
  })

  it('with a huge file is refused by its size, which nothing is read for', () => {
    copy('tag')
    truncateSync(file('model.safetensors'), 2 ** 40)
    expect(refusalOf(open)).toContain('it has 1099511627776 bytes, not')
    truncateSync(file('model.json'), 2 ** 40)
    expect(refusalOf(open)).toContain('it has 1099511627776 bytes, more than')
  })

  it('runs no code of its own, reads none of the files that its spec names, and is a model under any name', () => {
    const marker = join(folder, 'ran')
    copy('tag')
    const { seal: _, ...value } = JSON.parse(readFileSync(file('model.json'), 'utf8'))
    const script = `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '')`
    for (const name of ['index.js', 'model.js', 'model.cjs', 'seqlab.config.js'])
      writeFileSync(join(folder, name), script)
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ main: 'index.js', exports: './index.js' }))
    const data = {
      ...value.spec.data,
      source: { type: 'tsv', file: join(folder, 'index.js') },
      split: { dev: 1, test: 1 },
    }
    writeFileSync(file('model.json'), sealJson({ ...value, spec: { ...value.spec, data } }))
    const elsewhere = mkdtempSync(join(tmpdir(), 'seqlab model, renamed '))
    cpSync(folder, elsewhere, { recursive: true })
    renameSync(join(folder, 'index.js'), join(folder, 'gone.js'))
    expect(buildTrained(readModel(elsewhere)).spec.data.source.type).toBe('tsv')
    expect(existsSync(marker)).toBe(false)
    rmSync(elsewhere, { recursive: true })
  })
})
