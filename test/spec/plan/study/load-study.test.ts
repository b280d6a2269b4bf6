import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createValidate } from '../../../../src/spec/document/validate.js'
import { loadStudy } from '../../../../src/spec/plan/study/load-study.js'
import { taggerText } from '../loaded.js'

const folder = mkdtempSync(join(tmpdir(), 'seqlab-load-study-'))
afterAll(() => rmSync(folder, { recursive: true }))
writeFileSync(join(folder, 'base.yaml'), taggerText)
const file = join(folder, 'my study.yaml')
const validate = createValidate()

function load(text: string, set: readonly string[] = [], whole = `extends: base.yaml\n${text}\n`) {
  writeFileSync(file, whole)
  return loadStudy(file, { set, validate })
}

const problemsOf = (text: string, set: readonly string[] = []) => load(text, set).problems

const grid = 'grid: { model.encoder.hidden: [3, 4] }\n'

describe('a study', () => {
  test('of its base alone', () => {
    const { specs, ...study } = load('')
    expect(study).toEqual({ name: 'my-study', problems: [], notes: [], budget: {}, claims: [], others: [] })
    expect(specs.map(({ label, variant, file, baseDir }) => [label, variant, file, baseDir])).toEqual([
      ['my-study', {}, file, folder],
    ])
    expect(loadStudy(file, { dataDir: 'data' }).specs[0]?.baseDir).toBe(resolve('data'))
  })

  test('has variants under its own name', () => {
    const { name, specs } = load(`name: mine\n${grid}`)
    expect(name).toBe('mine')
    expect(specs.map(({ spec, label }) => [spec.name, spec.model.encoder?.hidden, label])).toEqual([
      ['mine', 3, 'hidden=3'],
      ['mine', 4, 'hidden=4'],
    ])
  })

  test('has seeds: a number of them, or a list', () => {
    expect(load('seeds: 3').seeds).toEqual([1, 2, 3])
    expect(load('seeds: [7, 5]').seeds).toEqual([7, 5])
    expect(load('')).not.toHaveProperty('seeds')
  })

  test('is made short by its own quick, under a name of its own', () => {
    const text = `${grid}seeds: 3\nquick: { train.steps: 2, seeds: 1 }`
    writeFileSync(file, `extends: base.yaml\n${text}\n`)
    const long = loadStudy(file, { validate })
    const short = loadStudy(file, { validate, quick: true })
    expect([long.name, long.seeds, short.name, short.seeds]).toEqual(['my-study', [1, 2, 3], 'my-study-quick', [1]])
    expect(short.specs.map(({ spec, label }) => [spec.train.steps, label])).toEqual([
      [2, 'hidden=3'],
      [2, 'hidden=4'],
    ])
    expect(long.specs[0]?.spec.train.steps).not.toBe(2)
  })

  test('is not made short where it does not say how, or where it varies what would be', () => {
    load(grid)
    expect(loadStudy(file, { validate, quick: true }).problems[0]?.message).toContain('has no `quick`')
    expect(problemsOf(`${grid}quick: { model.encoder.hidden: 2 }`)).toEqual([
      expect.objectContaining({
        path: 'quick',
        message: expect.stringContaining('the study varies model.encoder.hidden'),
      }),
    ])
    const two = 'grid: { model.encoder.hidden: [3, 4], train.batchSize: [2, 3] }\n'
    expect(
      problemsOf(`${two}quick: { train.steps: 2, model.encoder.hidden: 2 }`).map(({ message }) => message),
    ).toEqual(['the study varies model.encoder.hidden, and `quick` would give every variant the same'])
  })

  test('is made short with a number of seeds, or with its own', () => {
    for (const seeds of ['many', '0', '-1', '1.5', "'2'", '[1]'])
      expect(problemsOf(`quick: { seeds: ${seeds} }`)).toEqual([
        {
          path: 'quick.seeds',
          message: 'quick has a number of seeds',
          expected: '1 or more',
          place: { file, line: 2, column: 8 },
        },
      ])
    for (const seeds of [1, 2]) expect(problemsOf(`quick: { seeds: ${seeds} }`)).toEqual([])
    load('seeds: [7, 5]\nquick: { train.steps: 2 }')
    expect(loadStudy(file, { validate, quick: true }).seeds).toEqual([7, 5])
  })

  test('is told without --quick what would be wrong with it', () => {
    const told = (text: string, set: readonly string[] = []) =>
      problemsOf(text, set).map(({ path, message, place }) => [path, message, place?.line])
    expect(told(`${grid}quick: { train.stepz: 4 }`)).toEqual([
      ['train.stepz', expect.stringContaining('with --quick: `stepz` is not a key of train'), 3],
    ])
    const warm = 'train: { warmup: 5 }\n'
    const message = 'with --quick: the warm-up of 5 steps would not end: training ends after 4'
    expect(told(`${grid}${warm}quick: { train.steps: 4 }`)).toEqual([['train.warmup', message, 3]])
    expect(told(`${grid}${warm}quick: { train.steps: 4, train.warmup: 2 }`)).toEqual([])
    expect(told('train: { warmup: 5 }\nquick: { train.steps: 4 }', ['train.warmup=2'])).toEqual([
      ['train.warmup', message, 2],
    ])
    // What is wrong without it is told once, as it is.
    expect(told('train: { warmup: 500 }\nquick: { train.batchSize: 4 }')).toEqual([
      ['train.warmup', 'the warm-up of 500 steps would not end: training ends after 100', 2],
    ])
    // With it, it is the study.
    expect(loadStudy(file, { validate, quick: true }).problems[0]?.message).toMatch(/^the warm-up of 500/)
    // What `--set` rights is not wrong with it alone.
    const righted = ['train.warmup=2']
    expect(told('train: { warmup: 500 }\nquick: { train.batchSize: 4 }', righted)).toEqual([])
    expect(told('train: { warmup: 500 }\nquick: { train.warmup: 2 }', righted)).toEqual([])
    // Where something else is wrong, that comes first.
    expect(told('grid: { model.encoder.hidden: [3, 0] }\nquick: { train.stepz: 4 }')).toEqual([
      ['model.encoder.hidden', 'is too small', 2],
    ])
  })

  test('has sizes to solve for', () => {
    const whole = { file, line: 2, column: 1 }
    expect(load('match: parameters').match).toEqual({
      parameters: 'first',
      by: ['model.encoder.hidden', 'model.decoder.hidden'],
      places: [whole, whole],
    })
    expect(load('match: { parameters: 90, by: [model.encoder.hidden] }').match).toEqual({
      parameters: 90,
      by: ['model.encoder.hidden'],
      places: [{ file, line: 2, column: 31 }],
    })
    expect(load('')).not.toHaveProperty('match')
  })

  test('has what it asks and what it may take', () => {
    const claim = '{ left: hidden=3, right: hidden=4, metric: token-accuracy, relation: better }'
    const { claims, compare, budget, specs, problems } = load(
      `${grid}claims: [${claim}]\ncompare: { metric: token-accuracy, by: [model.encoder.hidden] }\nbudget: { steps: 7, minutes: 2 }`,
    )
    expect(problems).toEqual([])
    expect(claims).toEqual([{ left: 'hidden=3', right: 'hidden=4', metric: 'token-accuracy', relation: 'better' }])
    expect(compare).toEqual({ metric: 'token-accuracy', by: ['model.encoder.hidden'] })
    expect(budget).toEqual({ steps: 7, minutes: 2 })
    expect(specs.map(({ spec }) => spec.train.steps)).toEqual([7, 7])
    for (const key of ['compare', 'published']) expect(load('')).not.toHaveProperty(key)
  })

  test('has published figures', () => {
    const figures = '{ source: a paper, figures: [{ metric: token-accuracy, value: 0.9 }] }'
    const { published, problems } = load(`published: ${figures}`)
    expect(problems).toEqual([])
    expect(published).toEqual({ source: 'a paper', figures: [{ metric: 'token-accuracy', value: 0.9 }] })
  })

  test('has what --set lays over it, and several values multiply its variants', () => {
    const { specs } = load(grid, ['train.steps=7', 'seed=1,2'])
    expect(specs.map(({ label, variant, spec }) => [label, variant, spec.train.steps])).toEqual([
      ['hidden=3, seed=1', { 'model.encoder.hidden': 3, seed: 1 }, 7],
      ['hidden=3, seed=2', { 'model.encoder.hidden': 3, seed: 2 }, 7],
      ['hidden=4, seed=1', { 'model.encoder.hidden': 4, seed: 1 }, 7],
      ['hidden=4, seed=2', { 'model.encoder.hidden': 4, seed: 2 }, 7],
    ])
  })
})

describe('what cannot be read', () => {
  test('is a study without variants', () => {
    const { problems, ...study } = loadStudy(join(folder, 'gone.yaml'))
    expect(study).toEqual({ name: 'gone', specs: [], budget: {}, claims: [], notes: [] })
    expect(problems.map(({ message }) => message)).toEqual(['does not exist'])
  })

  test('is no map', () => {
    expect(load('', [], '- 1\n').problems).toEqual([
      { path: '', message: 'a study is a map of keys and values', place: { file, line: 1, column: 1 } },
    ])
  })

  test('has wrong keys, a wrong base and wrong options, reported in one round', () => {
    const { problems, specs } = load('', ['steps'], 'extends: gone.yaml\ngird: 1\nseeds: 0\n')
    expect(specs).toEqual([])
    expect(problems.map(({ path, place }) => [path, place?.line])).toEqual([
      ['gird', 2],
      ['extends', 1],
      ['seeds', 3],
      ['', undefined],
    ])
    expect(problems[0]).toMatchObject({
      code: 'unknown-key',
      message: '`gird` is not a key of a study; did you mean `grid`?',
      expected: expect.stringMatching(/^`extends`, `name`, `task`, .*`metrics`, `seed`, `grid`, .* or `quick`$/),
      place: { file, line: 2, column: 1 },
    })
  })
})

test('a key that is wrong is reported alone, too', () => {
  const { problems, specs } = load(`${grid}gird: 1`)
  expect([problems.map(({ path }) => path), specs]).toEqual([['gird'], []])
})

describe('what is wrong with a study itself', () => {
  const claim = (more: string) => `  - { left: hidden=3, right: hidden=4, ${more} }\n`
  const twoClaims = (relation: string) =>
    `claims:\n${claim(`metric: token-accuracy, relation: "${relation}"`)}${claim('metric: acuracy, relation: better')}`
  const pathsOf = (text: string) => problemsOf(text).map(({ path }) => path)

  test('does not hide other claims, the rest of the study, or its variants', () => {
    expect(pathsOf(`${grid}${twoClaims('>')}`)).toEqual(['claims.0.relation', 'claims.1.metric'])
    expect(pathsOf(`${grid}${twoClaims('>')}seeds: x\ncompare: { metric: cer }`)).toEqual([
      ...['seeds', 'claims.0.relation', 'claims.1.metric', 'compare.metric'],
    ])
    expect(pathsOf(`${grid}${twoClaims('>')}train: { batchSize: 0 }`)).toEqual(['claims.0.relation', 'train.batchSize'])
  })

  test('does not hide what is wrong with a claim by itself, whatever the variants are', () => {
    const wrong =
      'claims: [{ left: x, right: y, relation: better }, { left: x, right: y, relation: better, metric: z }]'
    expect(pathsOf(`grid: { model.encoder.hidden: 3 }\n${wrong}`)).toEqual(['grid.model.encoder.hidden', 'claims.0'])
    expect(pathsOf(`grid: { model.encoder.hidden: [0] }\n${wrong}`)).toEqual(['model.encoder.hidden', 'claims.0'])
  })

  test('explains what else a misspelt key would be: that it is missing', () => {
    const claims = 'claims: [{ left: hidden=3, right: hidden=4, relation: better, metrc: token-accuracy }]'
    expect(pathsOf(`${grid}${claims}`)).toEqual(['claims.0.metrc'])
  })

  test('is none of its options', () => {
    const { claims, seeds } = load(`${grid}${twoClaims('>')}seeds: x`)
    expect([claims, seeds]).toEqual([[], undefined])
  })

  test('a key that is no misspelt grid does not hide them either', () => {
    expect(pathsOf(`${grid}fooo: 1\ntrain: { batchSize: 0 }`)).toEqual(['fooo', 'train.batchSize'])
    // Which metrics there are is not known then.
    const comparing = 'fooo: 1\ntrain: { batchSize: 0 }\ncompare: { metric: cer }'
    expect(pathsOf(comparing)).toEqual(['fooo', 'train.batchSize'])
  })
})

describe('variants that are wrong', () => {
  test('do not hide the others, and their data can be read', () => {
    const { specs, problems, others, claims } = load(
      'grid: { model.encoder.hidden: [3, 0] }\nclaims: [{ left: x, right: y, metric: z, relation: better }]',
    )
    expect(specs.map(({ label }) => label)).toEqual(['hidden=3'])
    // Claims are looked at where there is nothing else.
    expect(problems.map(({ path, place }) => [path, place?.line, place?.column])).toEqual([
      ['model.encoder.hidden', 2, 35],
    ])
    expect(others?.map(({ spec }) => spec.task.type)).toEqual(['tag'])
    expect(claims).toHaveLength(1)
  })

  test('are reported each once', () => {
    const text = 'model: { encoder: { hidden: 0 } }\ngrid: { seed: [1, 2] }'
    expect(problemsOf(text).map(({ path }) => path)).toEqual(['model.encoder.hidden'])
  })
})

describe('what the study varies and something else sets', () => {
  const both = (path: string) => `the study varies ${path}, and a budget of steps would give every variant the same`

  test('is not overwritten by a budget', () => {
    expect(problemsOf('budget: { steps: 7 }\ngrid: { train.steps: [5, 6] }')).toEqual([
      {
        path: 'budget.steps',
        message: both('train.steps'),
        hint: 'Leave one of the two out.',
        place: { file, line: 2, column: 18 },
      },
    ])
    const train = '{ steps: 5, optimizer: sgd, validate: { every: 1 } }'
    const [above] = problemsOf(`budget: { steps: 7 }\ngrid: { train: [${train}] }`)
    expect(above?.message).toBe(both('train'))
    expect(problemsOf('budget: { minutes: 7 }\ngrid: { train.steps: [5, 6] }')).toEqual([])
    expect(problemsOf('budget: { steps: 7 }\ngrid: { train.batchSize: [5, 6] }')).toEqual([])
  })

  test('is not overwritten by --set', () => {
    const problem = (path: string, varied: string) => ({
      path,
      message: `--set ${path} would overwrite what the study varies (${varied})`,
      hint: 'Use --only to run some of the variants, or change the study.',
    })
    const hidden = 'model.encoder.hidden'
    expect(problemsOf(grid, [`${hidden}=3`])[0]).toEqual(problem(hidden, hidden))
    expect(problemsOf('grid: { train.validate: [{ every: 3 }, { every: 4 }] }', ['train.validate.every=5'])[0]).toEqual(
      problem('train.validate.every', 'train.validate'),
    )
    expect(problemsOf(grid, ['model.encoder={ cell: gru, hidden: 3 }'])).toEqual([problem('model.encoder', hidden)])
    expect(problemsOf(grid, ['model.encoder.layers=2'])).toEqual([])
  })
})

describe('rules about all variants', () => {
  test('no two labels are equal', () => {
    const twice = 'include: [{ data.sourceTokens: whitespace }, { data.targetTokens: whitespace }]'
    expect(problemsOf(twice)).toEqual([
      {
        path: '',
        message: 'two variants would both be called "whitespace"',
        place: { file, line: 2, column: 67 },
      },
    ])
    // What variants are called is not known where one of them is wrong.
    const wrong = twice.replace('}]', '}, { model.encoder.hidden: 0 }]')
    expect(problemsOf(wrong).map(({ path }) => path)).toEqual(['model.encoder.hidden'])
  })

  test('a comparison is by paths and metrics that there are', () => {
    expect(problemsOf(`${grid}compare: { metric: bleu, by: [model.encoder.hidden, model.encoder.cell] }`)).toEqual([
      {
        path: 'compare.metric',
        message: 'there is no metric `bleu`',
        expected: '`token-accuracy`',
        received: 'bleu',
        place: { file, line: 3, column: 20 },
      },
      {
        path: 'compare.by.1',
        message: 'there is no path of the grid `model.encoder.cell`; did you mean `model.encoder.hidden`?',
        expected: '`model.encoder.hidden`',
        received: 'model.encoder.cell',
        place: { file, line: 3, column: 53 },
      },
    ])
  })

  test('a comparison is by a path of which there is one value', () => {
    expect(problemsOf('grid: { model.encoder.hidden: [3] }\ncompare: { by: [model.encoder.hidden] }')).toEqual([])
  })

  test('claims are about settings that there are, at their keys', () => {
    const claim = '{ left: { model.encoder.hiden: 3 }, right: hidden=4, metric: token-accuracy, relation: better }'
    expect(problemsOf(`${grid}claims: [${claim}]`)).toMatchObject([
      { path: 'claims.0.left.model.encoder.hiden', place: { file, line: 3, column: 20 } },
    ])
  })

  test('a claim is made once, whichever side is named first and however', () => {
    const claim = (left: string, right: string, more: string) => `{ left: ${left}, right: ${right}, ${more} }`
    const better = 'metric: token-accuracy, relation: better'
    const first = claim('hidden=3', 'hidden=4', better)
    const again = (other: string) =>
      problemsOf(`${grid}claims:\n  - ${first}\n  - ${other}`).map(({ path, message, place }) => [
        path,
        message,
        place?.line,
      ])
    const repeated = [['claims.1', 'claims what `claims.0` (line 4) claims already', 5]]
    expect(again(first)).toEqual(repeated)
    expect(again(claim('hidden=4', 'hidden=3', 'metric: token-accuracy, relation: worse'))).toEqual(repeated)
    expect(again(claim('hidden=3', 'hidden=4', 'metric: token-accuracy, relation: higher'))).toEqual(repeated)
    expect(again(claim('{ model.encoder.hidden: 3 }', 'hidden=4', better))).toEqual(repeated)
    expect(again(claim('hidden=3', 'hidden=4', `${better}, effect: 0.1, spread: 0.1`))).toEqual(repeated)
    for (const other of [
      claim('hidden=4', 'hidden=3', better),
      claim('hidden=3', 'hidden=4', `${better}, margin: 0.1`),
      claim('hidden=3', 'hidden=4', 'curve: token-accuracy, relation: better'),
      claim('hidden=3', 'hidden=4', 'curve: validation-loss, relation: better'),
      claim('hidden=3', '0.5', better),
    ])
      expect(again(other)).toEqual([])
  })

  test('claims of one curve are told apart by what it is judged by, and of figures by the figure', () => {
    const told = (one: string, other: string) =>
      problemsOf(`${grid}claims: [{ left: hidden=3, ${one} }, { left: hidden=3, ${other} }]`).map(({ path }) => path)
    const loss = 'right: hidden=4, curve: validation-loss, relation'
    // Lower is better in a loss; the mean is what a curve is judged by.
    expect(told(`${loss}: better`, `${loss}: lower, at: mean`)).toEqual(['claims.1'])
    expect(told(`${loss}: better`, `${loss}: better, at: last`)).toEqual([])
    const figure = 'metric: token-accuracy, relation: worse, right'
    expect(told(`${figure}: 0.5`, `${figure}: 0.5`)).toEqual(['claims.1'])
    expect(told(`${figure}: 0.5`, `${figure}: 0.6`)).toEqual([])
  })

  test('an ensemble is of the seeds of the study, or of those that its variants differ in', () => {
    const ensemble = 'published: { source: s, figures: [{ metric: token-accuracy, value: 0.9, ensemble: true }] }'
    const paths = (text: string) => problemsOf(`${text}\n${ensemble}`).map(({ path }) => path)
    for (const text of [grid, 'seeds: 1', 'seeds: [7]', 'seed: 3'])
      expect(paths(text)).toEqual(['published.figures.0.ensemble'])
    for (const text of ['seeds: 2', 'seeds: [7, 5]', 'grid: { seed: [1, 2] }', 'seeds: 2\nquick: { seeds: 1 }'])
      expect(paths(text)).toEqual([])
  })

  test('a size that is solved for is one that a variant has', () => {
    expect(problemsOf('match: { by: [model.encoder.hidden, model.encoder.hiden] }')).toEqual([
      {
        path: 'match.by.1',
        message: 'there is no size `model.encoder.hiden`; did you mean `model.encoder.hidden`?',
        expected: '`model.source.representation.size`, `model.encoder.hidden` or `model.encoder.layers`',
        received: 'model.encoder.hiden',
        place: { file, line: 2, column: 37 },
      },
    ])
  })

  test('a size is varied or solved for', () => {
    const message = '`model.encoder.hidden` cannot be both varied by the grid and solved for'
    expect(problemsOf(`${grid}match: parameters`)).toEqual([
      { path: 'match', message, place: { file, line: 3, column: 8 } },
    ])
    expect(problemsOf(`${grid}match: { by: [model.decoder.hidden] }`)).toEqual([])
  })
})
