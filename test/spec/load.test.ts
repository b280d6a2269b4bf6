import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { specYaml } from '../../src/spec/document/print.js'
import { readingOnce } from '../../src/spec/document/read.js'
import { loadSpecs } from '../../src/spec/plan/load-specs.js'
import type { Spec } from '../../src/spec/types.js'

const folder = mkdtempSync(join(tmpdir(), 'seqlab-load-'))
afterAll(() => rmSync(folder, { recursive: true }))
const base = resolve('test/spec/broken/base.yaml')

function written(text: string, name = 'child.yaml'): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

function load(text: string, set: readonly string[] = []): Spec {
  const { specs, problems } = loadSpecs([written(`extends: ${base}\n${text}`)], { set })
  expect(problems).toEqual([])
  const [only] = specs
  if (only === undefined) throw new RangeError('no spec was loaded')
  return only.spec
}

function problemsOf(set: readonly string[]): readonly string[] {
  const { problems } = loadSpecs([base], { set })
  return problems.map(({ place, message }) => `${place?.file}: ${message}`)
}

describe('null', () => {
  test('takes away what is inherited, and elsewhere is refused with what to do', () => {
    const file = written(`extends: ${base}\ntrain: { clipNorm: 5 }`, 'clipped.yaml')
    const clipped = (text: string) => loadSpecs([written(`extends: ${file}\n${text}`)])
    expect(clipped('train: { clipNorm: null }').specs[0]?.spec.train.clipNorm).toBeUndefined()
    expect(loadSpecs([written(`extends: ${base}\ntrain: { clipNorm: }`)]).problems).toMatchObject([
      {
        path: 'train.clipNorm',
        message: 'has the wrong type',
        received: 'nothing (null)',
        hint: expect.stringMatching(
          /^give it a value, or leave the key out: `null`, or nothing at all, only takes away what is/,
        ),
      },
    ])
  })
})

test('numbers and truth values of YAML where texts are asked for are refused, with how they are written', () => {
  const file = `extends: ${base}
data: { source: { type: inline, examples: [[a, 1.10], [b, true], [c, "1.10"], [d, yes], [e, 2024-01-01]] } }`
  const hint = 'put it in quotes where it is a text: "1.10", "true"'
  const { problems } = loadSpecs([written(file, 'inline.yaml')])
  const texts = problems.filter(({ path }) => path.startsWith('data.source.examples'))
  expect(texts.map(({ path, hint: to }) => [path, to])).toEqual([
    ['data.source.examples.0.1', hint],
    ['data.source.examples.1.1', hint],
  ])
})

describe('defaults', () => {
  test('bare names become maps with every default filled in', () => {
    const { model, train, metrics, decode, seed, name } = load('')
    expect(model.encoder?.cell).toEqual({ type: 'gru', reset: 'after' })
    expect(model.context).toMatchObject({ from: 'attention', scorer: { type: 'additive', size: 128 } })
    expect(train.optimizer).toMatchObject({ type: 'adam', learningRate: 0.001, beta1: 0.9 })
    expect(metrics.map(({ type }) => type)).toEqual(['ser', 'exact-match'])
    expect(train.validate).toMatchObject({ select: [{ type: 'ser' }], decode: { type: 'greedy' } })
    expect([decode.type, seed, name]).toEqual(['greedy', 1, 'child'])
  })

  test('a bare name and a map with its name mean the same', () => {
    const short = load('model: { encoder: { cell: lstm } }')
    const long = load('model: { encoder: { cell: { type: lstm } } }')
    expect(short).toEqual(long)
  })
})

describe('merging', () => {
  test('maps merge key by key', () => {
    const { model } = load('model: { encoder: { hidden: 24 } }')
    expect(model.encoder).toMatchObject({ hidden: 24, bidirectional: true, cell: { type: 'gru' } })
  })

  test('a bare name replaces the whole part', () => {
    expect(load('model: { context: last-state }').model.context).toEqual({ from: 'last-state' })
  })

  test('a map with the part’s key replaces the whole part', () => {
    const { train } = load('train: { optimizer: { type: adam, beta1: 0.8 } }', ['train.optimizer={type: adam}'])
    expect(train.optimizer).toMatchObject({ type: 'adam', beta1: 0.9 })
  })

  test('a map without the part’s key changes options of the part that is there, also of a bare name', () => {
    const { model, train } = load('model: { context: { scorer: { size: 7 } } }\ntrain: { optimizer: { beta1: 0.5 } }')
    expect(model.context).toMatchObject({ from: 'attention', scorer: { type: 'additive', size: 7 } })
    expect(train.optimizer).toMatchObject({ type: 'adam', beta1: 0.5 })
  })

  test('lists replace', () => {
    const { metrics } = load('metrics: [per]', ['metrics=[wer, per]'])
    expect(metrics.map(({ type }) => type)).toEqual(['wer', 'per'])
  })

  test('null takes an inherited key away', () => {
    const { train } = load('train: { steps: null, epochs: 2 }')
    expect([train.steps, train.epochs]).toEqual([undefined, 2])
  })

  test('a chain of files; the name is not inherited', () => {
    mkdirSync(join(folder, 'deeper'), { recursive: true })
    written(`extends: ${base}\nname: grandparent\nmodel: { encoder: { hidden: 32 } }`, 'grandparent.yaml')
    written('extends: ../grandparent.yaml\nseed: 7', 'deeper/parent.yaml')
    const file = written('extends: deeper/parent.yaml\nmodel: { encoder: { layers: 2 } }', 'grandchild.yaml')
    const [loaded] = loadSpecs([file]).specs
    expect(loaded?.spec.model.encoder).toMatchObject({ hidden: 32, layers: 2 })
    expect([loaded?.spec.seed, loaded?.spec.name]).toEqual([7, 'grandchild'])
  })
})

describe('--set', () => {
  test('is typed by the schema', () => {
    expect(load('', ['name=2024']).name).toBe('2024')
    expect(load('', ['train.clipNorm=1e-1']).train.clipNorm).toBe(0.1)
    expect(load('', ['model.encoder.bidirectional=false']).model.encoder?.bidirectional).toBe(false)
    expect(load('', ['model.encoder.cell={type: gru, reset: before}']).model.encoder?.cell).toEqual({
      type: 'gru',
      reset: 'before',
    })
  })

  test('a wrong path, a wrong value and a wrong form are errors placed at the argument', () => {
    expect(problemsOf(['model.encoder.ceil=lstm'])).toEqual([
      '--set model.encoder.ceil=lstm: `ceil` is not a key of model.encoder; did you mean `cell`?',
    ])
    expect(problemsOf(['train.steps=many'])).toEqual(['--set train.steps=many: has the wrong type'])
    expect(problemsOf(['train.steps'])).toEqual(['--set train.steps: is not of the form path=value'])
    expect(problemsOf(['train.steps='])).toEqual(['--set train.steps=: gives no value'])
    expect(problemsOf(['seed={'])).toEqual(['--set seed={: the value is not valid YAML'])
    expect(problemsOf(['__proto__.x=1'])).toEqual(['--set __proto__.x=1: `__proto__` is not a key of a spec'])
  })

  test('several values make a grid, the last setting changing fastest', () => {
    const { specs } = loadSpecs([base], { set: ['model.encoder.cell=gru,lstm', 'seed=4', 'metrics=[per],[per, wer]'] })
    expect(specs.map(({ label }) => label)).toEqual([
      'base gru, metrics=per',
      'base gru, metrics=per+wer',
      'base lstm, metrics=per',
      'base lstm, metrics=per+wer',
    ])
    expect(specs.map(({ spec }) => spec.seed)).toEqual([4, 4, 4, 4])
    expect(specs[2]?.variant).toEqual({ 'model.encoder.cell': 'lstm', metrics: ['per'] })
  })
})

describe('a value of --set that YAML reserves', () => {
  const csv = 'data: { source: { type: csv, file: words.csv } }'
  const sourceWith = (...set: readonly string[]) => load(csv, set).data.source
  const problemWith = (set: string) => {
    const { problems } = loadSpecs([base], { set: [set] })
    expect(problems).toHaveLength(1)
    return problems[0]
  }

  test.each(['|', '#', ':', '@', '-', ',', '*', '&', '!', '?', '%', '>', '`', '{', '[', ']', '"', "'"])(
    '%s is that character where text is taken',
    (character) => {
      expect(sourceWith(`data.source.separator=${character}`)).toMatchObject({ separator: character })
    },
  )

  test('is text in whole, and in quotes what the quotes hold', () => {
    expect(sourceWith('data.source.file=*.csv')).toMatchObject({ file: '*.csv' })
    expect(sourceWith('data.source.file=-')).toMatchObject({ file: '-' })
    expect(sourceWith('data.source.separator="|"')).toMatchObject({ separator: '|' })
    expect(sourceWith('data.source.separator="\\t"')).toMatchObject({ separator: '\t' })
    // A number, and what looks like a map, where text or a list of texts is taken.
    expect(sourceWith('data.source.file=2024')).toMatchObject({ file: '2024' })
    expect(sourceWith('data.source.file=C: d.csv')).toMatchObject({ file: 'C: d.csv' })
  })

  test('is one of several values between commas', () => {
    const { specs } = loadSpecs([written(`extends: ${base}\n${csv}`)], { set: ['data.source.separator=|,;'] })
    expect(specs.map(({ spec }) => spec.data.source)).toMatchObject([{ separator: '|' }, { separator: ';' }])
  })

  test('is refused where no text is taken, with its quotes where they would help', () => {
    expect(problemWith('train.steps=|')).toMatchObject({
      message: 'the value is not valid YAML',
      expected: 'a whole number, at least 1 and at most 100,000,000',
      received: '|',
    })
    expect(problemWith('train.steps=|')).not.toHaveProperty('hint')
    expect(problemWith('metrics=[-]')?.hint).toBe(`text that YAML reserves is quoted: --set 'metrics=["-"]'`)
    expect(problemWith('model.encoder.cell=@')?.hint).toBe(
      `text that YAML reserves is quoted: --set 'model.encoder.cell="@"'`,
    )
    expect(problemWith('model.encoder={cell: gru')?.hint).toMatch(/^close its brackets; /)
  })
})

describe('a value of --set in the words of another language', () => {
  const hintsOf = (set: string) => loadSpecs([base], { set: [set] }).problems.map(({ hint }) => hint)

  test('a list without its brackets', () => {
    const hint = "a list is written in brackets: --set 'metrics=[ser, exact-match]'"
    expect(hintsOf('metrics=ser,exact-match')).toEqual([hint, hint])
    expect(hintsOf('metrics=ser')).toEqual(["a list is written in brackets: --set 'metrics=[ser]'"])
  })

  test('None', () => {
    expect(hintsOf('train.clipNorm=None')).toEqual([
      'to leave the option out, give it `null`: --set train.clipNorm=null',
    ])
    expect(hintsOf('decode=none')[0]).toMatch(/; to leave the option out, give it `null`: --set decode=null$/)
    // A name may be that.
    expect(load('', ['name=None']).name).toBe('None')
  })
})

describe('an option of one character', () => {
  const problemOf = (separator: string) => {
    const data = `data: { source: { type: csv, file: words.csv, separator: ${separator} } }`
    return loadSpecs([written(`extends: ${base}\n${data}`)]).problems[0]
  }

  test.each(['\\t', 'tab', 'TAB'])('%s is a tab, which is written in quotes', (separator) => {
    expect(problemOf(separator)).toMatchObject({
      ...{ message: 'is too long', expected: 'one character' },
      hint: 'a tab is written "\\t", in double quotes',
    })
  })

  test('has no more and no less', () => {
    expect(problemOf('";;"')).toMatchObject({ message: 'is too long', expected: 'one character' })
    expect(problemOf('";;"')).not.toHaveProperty('hint')
    expect(problemOf('""')).toMatchObject({ message: 'is empty', expected: 'one character' })
    expect(problemOf('"\\t"')).toBeUndefined()
  })
})

describe('what is no file of a spec', () => {
  const problemOf = (file: string) => loadSpecs([file]).problems[0]

  test('an option as other programs take it', () => {
    expect(problemOf('train.steps=5')).toMatchObject({
      message: 'does not exist',
      hint: 'an option of a spec is given with --set: --set train.steps=5',
    })
    expect(problemOf("+name=it's")?.hint).toBe("an option of a spec is given with --set: --set 'name=it'\\''s'")
    expect(problemOf('rate=5.yaml')).not.toHaveProperty('hint')
    expect(problemOf('rate')).not.toHaveProperty('hint')
  })

  test('a device, standard input', () => {
    const hint = 'write it to a file first: it may be read more than once, and paths in it are relative to its folder'
    expect(problemOf('/dev/null')).toMatchObject({ message: 'is a pipe or a device, not a file', hint })
    expect(problemOf('-')).toMatchObject({ message: 'standard input is read for data alone', hint })
  })
})

describe('a resolved spec', () => {
  test('written as YAML reads back to itself', () => {
    const hidden = fc.integer({ min: 1, max: 65_536 })
    const part = fc.constantFrom('gru', 'lstm', '{type: gru, reset: before}', 'elman')
    fc.assert(
      fc.property(hidden, part, fc.double({ min: 1e-9, max: 10, noNaN: true }), (size, cell, rate) => {
        const spec = load('', [
          `model.decoder.hidden=${size}`,
          `model.encoder.cell=${cell}`,
          `train.optimizer.learningRate=${rate}`,
        ])
        const again = loadSpecs([written(specYaml(spec), 'again.yaml')])
        expect(again.problems).toEqual([])
        expect(again.specs[0]?.spec).toEqual(spec)
        expect(parse(specYaml(spec))).toEqual(spec)
      }),
      { numRuns: 20 },
    )
  })

  test.each(['attention-additive', 'last-state', 'transform'])('configs/%s.yaml is valid', (name) => {
    const { specs, problems } = loadSpecs([`configs/${name}.yaml`])
    expect(problems).toEqual([])
    expect(specs[0]?.spec.name).toBe(name)
  })
})

test('a file is read once, whatever asks for it', () => {
  const file = written(`extends: ${base}\nname: first\n`, 'once.yaml')
  const readFile = readingOnce()
  const names = () => loadSpecs([file], { readFile }).specs.map(({ spec }) => spec.name)
  expect(names()).toEqual(['first'])
  written(`extends: ${base}\nname: second\n`, 'once.yaml')
  expect(names()).toEqual(['first'])
  expect(loadSpecs([file]).specs.map(({ spec }) => spec.name)).toEqual(['second'])
})
