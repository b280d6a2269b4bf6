import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { PlaygroundModel } from '../../../../src/playground/model.js'
import {
  charactersOf,
  type EmbeddedModel,
  megabytes,
  modelIn,
  modelWithin,
  type PlaygroundChoice,
  playgroundOf,
} from '../../../../src/report/analysis/trial/playground.js'
import type { Spec } from '../../../../src/spec/types.js'
import { decoderOptions, encoderOptions } from '../../../support/options.js'
import { madeUpSpec } from '../../made-up.js'
import { longerBy, noPorts, writeModelFolder } from './model-folder.js'

const root = mkdtempSync(join(tmpdir(), 'seqlab-playground-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const newFolder = () => mkdtempSync(join(root, 'trial-'))
const auto: PlaygroundChoice = { playground: 'auto', playgroundWeights: 'float16' }
const everything = Number.POSITIVE_INFINITY

/** A run of an elman network that labels, with other settings than these. */
const specOf = ({ model, ...more }: Partial<Spec> = {}): Spec => ({
  ...madeUpSpec,
  ...{ task: { type: 'tag' }, data: { source: madeUpSpec.data.source } },
  model: { encoder: encoderOptions({ cell: { type: 'elman', activation: 'tanh' } }), ...model },
  ...more,
})
const completed = (spec = specOf()) => ({ spec, status: 'completed' }) as const

/** Throws where the model is not in the page. */
function embedded(found: ReturnType<typeof modelIn>): EmbeddedModel {
  if (found !== undefined && 'model' in found) return found
  throw new Error('the model is in the page')
}

describe('the model in a page', () => {
  test('has what a prediction needs: its symbols, its search, its functions, and where its numbers begin', () => {
    const folder = newFolder()
    const port = { name: 'source.ids', dtype: 'int32', shape: ['B', 4] }
    const start = writeModelFolder(folder, {
      numbers: [1, -2, 0.5, 2, -1],
      functions: {
        encode: {
          ...{ model: 'abc', inputs: [port], empty: ['state'] },
          outputs: [{ name: 'out', dtype: 'float32', shape: [1], path: 'memory' }],
        },
        // For Node alone: a page takes its steps one by one.
        'greedy-steps': { ...noPorts, model: 'never in a page' },
      },
      more: { vocabularies: { source: { symbols: ['a', 'b'], specials: true } } },
    })
    expect(playgroundOf(folder, completed(), auto)).toEqual({
      model: {
        ...{ task: 'tag', decode: { type: 'greedy' } },
        // 2 * 3 + 5 symbols.
        maxLength: 11,
        vocabularies: { source: { symbols: ['a', 'b'], specials: true } },
        joiners: { source: '', target: ' ' },
        sizes: { longestSource: 4, longestTarget: 3, widths: {}, vectors: {} },
        ...{ data: {}, joined: false, equations: { encoder: ["h' = φ(x W + h U + b)"] } },
        functions: {
          encode: {
            // `abc` in base64.
            model: 'YWJj',
            inputs: [{ name: 'source.ids', shape: ['B', 4] }],
            outputs: [{ name: 'out', path: 'memory' }],
            empty: ['state'],
          },
        },
        parameters: { start, width: 2 },
      },
      // The numbers as float16, the low byte first: 3c00, c000, 3800, 4000, bc00.
      parameters: Buffer.from([0, 0x3c, 0, 0xc0, 0, 0x38, 0, 0x40, 0, 0xbc]).toString('base64'),
    })
  })

  test('has numbers of four bytes where they are asked for', () => {
    const folder = newFolder()
    writeModelFolder(folder, { numbers: [1, -2] })
    const { model, parameters } = embedded(modelIn(folder, completed(), 'float32', everything))
    expect(model.parameters.width).toBe(4)
    // 3f800000 and c0000000, the low byte first.
    expect([...Buffer.from(parameters, 'base64')]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0])
  })

  test('has how its text was cut, and what its series were scaled by', () => {
    const folder = newFolder()
    const learned: NonNullable<PlaygroundModel['learned']> = {
      ...{ algorithm: 'bpe' as const, pieces: ['a'], byteFallback: false, fuseUnknown: false },
      text: { spaces: 'kept', prefix: 'never', words: 'marks' },
    }
    const scaling = [{ name: 'load', mean: 1, scale: 2, naiveError: 0.5 }]
    writeModelFolder(folder, { more: { learned: { source: learned }, scaling } })
    const sourceTokens = { type: 'whitespace', lowercase: false, normalise: 'none', minFrequency: 1 } as const
    const features = { separator: '|', minFrequency: 1 }
    const characters = { minFrequency: 1, maxLength: 32 }
    const { source } = madeUpSpec.data
    const spec = specOf({ data: { source, sourceTokens, features, characters } })
    const { model } = embedded(modelIn(folder, completed(spec), 'float16', everything))
    expect(model).toMatchObject({ learned, scaling, data: { sourceTokens, features, characters } })
    // Of a target alone, it is not the source's.
    writeModelFolder(folder, { more: { learned: { target: learned } } })
    expect(embedded(modelIn(folder, completed(), 'float16', everything)).model).not.toHaveProperty('learned')
  })

  test('reads features as positions of the source where they are joined so', () => {
    const folder = newFolder()
    writeModelFolder(folder)
    const representation = { type: 'embedding', size: 2, start: 'random', frozen: false } as const
    const joined = (join: NonNullable<Spec['model']['features']>['join']) => {
      const spec = specOf({ model: { features: { representation, join } } })
      return embedded(modelIn(folder, completed(spec), 'float16', everything)).model.joined
    }
    expect(joined({ type: 'source' })).toBe(true)
    expect(joined({ type: 'context', summary: { from: 'last-state' } })).toBe(false)
  })

  test('has the tokens of a piece of a language model that reads its text in pieces', () => {
    const folder = newFolder()
    writeModelFolder(folder)
    const chunk = (task: Spec['task']) =>
      embedded(modelIn(folder, completed(specOf({ task })), 'float16', everything)).model.chunk
    expect(chunk({ type: 'language-model', chunk: 35 })).toBe(35)
    expect(chunk({ type: 'language-model', chunk: 'all' })).toBeUndefined()
    expect(chunk({ type: 'language-model' })).toBeUndefined()
  })

  test('has the equations of each of its cells, and none of an own one', () => {
    const folder = newFolder()
    writeModelFolder(folder)
    const equations = (model: Spec['model']) =>
      embedded(modelIn(folder, completed(specOf({ model })), 'float16', everything)).model.equations
    const both = equations({ decoder: decoderOptions({ cell: { type: 'elman', activation: 'relu' } }) })
    expect(Object.keys(both ?? {})).toEqual(['encoder', 'decoder'])
    const own = Object.assign(encoderOptions().cell, { type: './own.mjs' })
    expect(equations({ encoder: encoderOptions({ cell: own }) })).toEqual({})
  })
})

describe('a page without a model', () => {
  test('says nothing where none is asked for, none was trained, or it is of an earlier version', () => {
    const folder = newFolder()
    expect(playgroundOf(folder, completed(), auto)).toBeUndefined()
    writeModelFolder(folder)
    expect(playgroundOf(folder, completed(), { ...auto, playground: 'off' })).toBeUndefined()
    expect(playgroundOf(folder, { spec: specOf(), status: 'cancelled' }, auto)).toBeUndefined()
    const earlier = newFolder()
    writeModelFolder(earlier, { functions: 'none' })
    expect(playgroundOf(earlier, completed(), auto)).toBeUndefined()
  })

  test('says what of its files is damaged', () => {
    const folder = newFolder()
    writeModelFolder(folder, { functions: { run: { ...noPorts, model: 'four' } } })
    const path = join(folder, 'model', 'run.onnx')
    writeFileSync(path, 'few')
    const problem = `${path} is damaged: it has 3 bytes, not 4`
    expect(playgroundOf(folder, completed(), auto)).toEqual({
      leftOut: `The model cannot be tried here: ${problem}.`,
    })
    expect(() => modelIn(folder, completed(), 'float16', everything)).toThrow(problem)
  })

  test('names the factors of tokens that it has no fields for', () => {
    const folder = newFolder()
    writeModelFolder(folder)
    const representation = { type: 'embedding', size: 2, start: 'random', frozen: false } as const
    const reading = (...names: readonly string[]) => {
      const factors = Object.fromEntries(names.map((name) => [name, representation]))
      return playgroundOf(folder, completed(specOf({ model: { source: { representation, factors } } })), auto)
    }
    const leftOut = (names: string) =>
      `The model cannot be tried here: it reads ${names} of each token, for which a page has no field.`
    expect(reading('upos')).toEqual({ leftOut: leftOut('upos') })
    expect(reading('upos', 'lemma')).toEqual({ leftOut: leftOut('upos, lemma') })
    expect(embedded(reading()).model.task).toBe('tag')
  })
})

describe('the room for a model', () => {
  test('is two million characters, its numbers and all else together, unless more is asked for', () => {
    const folder = newFolder()
    writeModelFolder(folder, longerBy(0))
    const found = embedded(playgroundOf(folder, completed(), auto))
    const { length } = JSON.stringify(found.model)
    // Three numbers of two bytes: eight characters of base64.
    expect(charactersOf(found)).toBe(8 + length)
    const padding = 2_000_000 - 8 - length
    writeModelFolder(folder, longerBy(padding))
    expect(charactersOf(embedded(playgroundOf(folder, completed(), auto)))).toBe(2_000_000)
    writeModelFolder(folder, longerBy(padding + 1))
    expect(playgroundOf(folder, completed(), auto)).toEqual({
      leftOut: 'The model would add 2.0 MB to this page, more than 2 MB: it was left out. --playground on puts it in.',
    })
    const large = embedded(playgroundOf(folder, completed(), { ...auto, playground: 'on' }))
    expect(charactersOf(large)).toBe(2_000_001)
  })

  test('decides by the numbers alone where these are too many, without reading them', () => {
    const folder = newFolder()
    writeModelFolder(folder, { numbers: [1, 2, 3, 4] })
    const within = (weights: PlaygroundChoice['playgroundWeights'], most: number) =>
      modelWithin(folder, completed(), weights, most)
    // Four numbers of four bytes are 16 bytes, of which base64 makes 16 * 4 / 3 = 21.3 characters; of two bytes 10.7.
    expect(within('float32', 21)).toEqual({ tooLarge: 22 })
    expect(within('float16', 10)).toEqual({ tooLarge: 11 })
    // Where the numbers just fit, all of it is counted: base64 comes in fours, 24 and 12 characters.
    for (const [weights, least, characters] of [['float32', 22, 24] as const, ['float16', 11, 12] as const]) {
      const { model } = embedded(within(weights, everything))
      expect(within(weights, least)).toEqual({ tooLarge: characters + JSON.stringify(model).length })
    }
    writeFileSync(join(folder, 'model', 'model.safetensors'), '')
    expect(within('float16', 10)).toEqual({ tooLarge: 11 })
    expect(within('float16', 11)).toHaveProperty('leftOut')
  })

  test('is said in millions of characters', () => {
    expect(megabytes(2_940_000)).toBe('2.9 MB')
    expect(megabytes(2_750_000)).toBe('2.8 MB')
  })
})
