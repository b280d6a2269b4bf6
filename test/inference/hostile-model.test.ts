import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SeqlabError } from '../../src/core/errors.js'
import { sha256 } from '../../src/core/hash.js'
import { ownTextRules } from '../../src/data/tokenizers/subwords/state.js'
import { openModel } from '../../src/inference/open-model.js'
import { digestOf } from '../../src/store/files.js'
import { sealJson } from '../../src/store/sealed-json.js'

const golden = fileURLToPath(new URL('../goldens/models/tag', import.meta.url))
let folder = ''
const description = () => join(folder, 'model.json')
const parameters = () => join(folder, 'model.safetensors')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'seqlab-hostile-'))
  cpSync(golden, folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

/** One sentence, whatever the folder holds; nothing else is thrown, and no model comes out of it. */
async function refusal(): Promise<string> {
  const error = await openModel(folder).then(
    async (model) => {
      await model.dispose()
      return new Error('it was opened')
    },
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(SeqlabError)
  const { code, message } = error as SeqlabError
  expect(code).toBe('run')
  expect(message.split('\n')).toHaveLength(1)
  expect(message).toContain(folder)
  return message
}

type Json = Record<string, unknown>

/** As someone would who knows the format: the checksums fit. */
function describeAs(change: (value: Json) => Json): void {
  const { seal: _, ...value } = JSON.parse(readFileSync(description(), 'utf8'))
  writeFileSync(description(), sealJson(change(value)))
}

function storeParameters(bytes: Buffer): void {
  writeFileSync(parameters(), bytes)
  describeAs((value) => ({ ...value, parameters: { ...(value.parameters as Json), file: digestOf(bytes) } }))
}

function withHeader(header: string, body: Buffer, length = BigInt(Buffer.byteLength(header))): Buffer {
  const prefix = Buffer.alloc(8)
  prefix.writeBigUInt64LE(length)
  return Buffer.concat([prefix, Buffer.from(header), body])
}

function parts() {
  const bytes = readFileSync(parameters())
  const length = Number(bytes.readBigUInt64LE(0))
  const header: Record<string, Json> = JSON.parse(bytes.toString('utf8', 8, 8 + length))
  return { header, body: bytes.subarray(8 + length) }
}

function changeHeader(change: (header: Record<string, Json>) => Json): void {
  const { header, body } = parts()
  storeParameters(withHeader(JSON.stringify(change(header)), body))
}

const table = 'source/table'
const reversedShape = (about: Json = {}) => [...(about.shape as number[])].reverse()
const changeTable = (more: Json) => changeHeader((header) => ({ ...header, [table]: { ...header[table], ...more } }))

describe('model.safetensors', () => {
  it('opens where nothing is changed', async () => {
    changeHeader((header) => header)
    const model = await openModel(folder)
    await model.dispose()
  })

  it.each<[string, () => void, string]>([
    [
      'a header of 2^63 bytes',
      () => storeParameters(withHeader('{}', Buffer.alloc(0), 2n ** 63n)),
      'its header is said to have 9223372036854775808 bytes, of 2 in the file',
    ],
    [
      'a header beyond the file',
      () => storeParameters(withHeader('{}', Buffer.alloc(0), 3n)),
      'its header is said to have 3 bytes, of 2 in the file',
    ],
    ['no header at all', () => storeParameters(Buffer.from('abc')), 'it has 3 bytes, too few for a header'],
    ['a header that is no JSON', () => storeParameters(withHeader('{"a":', Buffer.alloc(0))), 'it is not whole JSON'],
    ['a header that is a list', () => storeParameters(withHeader('[]', Buffer.alloc(0))), 'it is not a map'],
    [
      'a header 100 levels deep',
      () => storeParameters(withHeader(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`, Buffer.alloc(0))),
      'nested more than 8 levels',
    ],
    [
      'the same tensor twice',
      () => storeParameters(withHeader('{"a":{},"\\u0061":{}}', Buffer.alloc(0))),
      'it has the key "a" twice',
    ],
    [
      'a tensor called __proto__',
      () => storeParameters(withHeader('{"__proto__":{"dtype":"F32"}}', Buffer.alloc(0))),
      'it has a key "__proto__"',
    ],
    [
      'overlapping offsets',
      () =>
        changeHeader((header) =>
          Object.fromEntries(
            Object.entries(header).map(([name, about]) => [
              name,
              'shape' in about
                ? { ...about, data_offsets: [0, 4 * (about.shape as number[]).reduce((a, b) => a * b, 1)] }
                : about,
            ]),
          ),
        ),
      'begins at byte 0 of the tensors, not at',
    ],
    [
      'offsets beyond the file',
      () => changeTable({ shape: [2 ** 40, 4], data_offsets: [0, 2 ** 44] }),
      'begins at byte',
    ],
    [
      'offsets that do not fit the shape',
      () => changeTable({ shape: [2 ** 52, 2 ** 52] }),
      'of shape [4503599627370496',
    ],
    ['negative offsets', () => changeTable({ data_offsets: [-16, 0] }), 'has no two offsets'],
    ['a fractional shape', () => changeTable({ shape: [1.5, 4] }), 'has no shape of whole numbers'],
    ['an unknown dtype', () => changeTable({ dtype: 'F8_E5M2' }), 'has the dtype "F8_E5M2", not F32'],
    [
      'bytes after the tensors',
      () => storeParameters(withHeader(JSON.stringify(parts().header), Buffer.concat([parts().body, Buffer.alloc(4)]))),
      'follow the header',
    ],
    [
      'a shape that the model does not have',
      () =>
        changeHeader((header) => ({ ...header, [table]: { ...header[table], shape: reversedShape(header[table]) } })),
      `${table} has the shape`,
    ],
    [
      'a missing tensor',
      () => changeHeader(({ [table]: about, ...others }) => ({ ...others, 'source/other': about })),
      `the parameter ${table} is missing`,
    ],
    [
      'numbers that are not finite',
      () => {
        const { header, body } = parts()
        const odd = Buffer.from(body)
        odd.writeFloatLE(Number.NaN, 4)
        storeParameters(withHeader(JSON.stringify(header), odd))
      },
      'has NaN at place 1',
    ],
  ])('refuses %s', async (_, change, reason) => {
    change()
    expect(await refusal()).toContain(reason)
  })

  it('refuses a tensor that the model does not have', async () => {
    const { header, body } = parts()
    const extra = { dtype: 'F32', shape: [1], data_offsets: [body.length, body.length + 4] }
    storeParameters(withHeader(JSON.stringify({ ...header, extra }), Buffer.concat([body, Buffer.alloc(4)])))
    expect(await refusal()).toContain('the model has no parameter "extra"')
  })

  it('refuses a damaged, a shorter and a missing file', async () => {
    const whole = readFileSync(parameters())
    const changed = Buffer.from(whole)
    changed[changed.length - 1] = (changed[changed.length - 1] ?? 0) ^ 1
    writeFileSync(parameters(), changed)
    expect(await refusal()).toContain('its checksum does not match')
    truncateSync(parameters(), 20)
    expect(await refusal()).toContain(`it has 20 bytes, not ${whole.length}`)
    rmSync(parameters())
    expect(await refusal()).toContain('model.safetensors is missing')
  })
})

describe('model.json', () => {
  const change = (more: Json) => () => describeAs((value) => ({ ...value, ...more }))
  const specWith = (more: (spec: Json) => Json) => () =>
    describeAs((value) => ({ ...value, spec: more(value.spec as Json) }))
  const symbols = ['<pad>', '<bos>', '<eos>', '<unk>']
  const vocabularies = (of: readonly string[]) =>
    change({ vocabularies: { source: { symbols: of, specials: true }, target: { symbols: ['x'], specials: false } } })
  const learnedState = {
    ...{ algorithm: 'bpe', pieces: ['a', 'b', 'ab'], merges: [[0, 1]], byteFallback: false, fuseUnknown: false },
    text: ownTextRules,
  }
  const seal = (text: string) => `${text.slice(0, -2)},\n "seal": "${sha256(text)}"\n}\n`

  it.each<[string, () => void, string]>([
    ['no JSON', () => writeFileSync(description(), '{'), 'it is not whole JSON'],
    [
      'JSON 100 levels deep',
      change({ variant: JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`) }),
      'nested more than 64 levels',
    ],
    [
      'JSON 100,000 levels deep',
      () => writeFileSync(description(), `{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`),
      'nested more than 64 levels',
    ],
    [
      'the same key twice',
      () => writeFileSync(description(), seal('{\n "schemaVersion": 2,\n "schemaVersion": 2\n}\n')),
      'it has the key "schemaVersion" twice',
    ],
    [
      'a key __proto__',
      () => writeFileSync(description(), seal('{\n "__proto__": {\n  "schemaVersion": 2\n }\n}\n')),
      'it has a key "__proto__"',
    ],
    ['another version', change({ schemaVersion: 3 }), 'has schema version 3; this version of seqlab reads version 2'],
    ['an earlier version', change({ schemaVersion: 1 }), 'was written by an earlier version of seqlab'],
    ['a missing key', () => describeAs(({ vocabularies: _, ...value }) => value), 'has unexpected content'],
    [
      'a scale that no number has',
      () => writeFileSync(description(), readFileSync(description(), 'utf8').replace('"seed": 1', '"seed": 1e999')),
      'has unexpected content',
    ],
    [
      'another seal',
      () =>
        writeFileSync(description(), readFileSync(description(), 'utf8').replace('"label": "tag"', '"label": "tug"')),
      'its checksum does not match',
    ],
    [
      'a huge vocabulary',
      vocabularies([...symbols, ...Array.from({ length: 200_000 }, (_, id) => `${id}`)]),
      `${table} has the shape`,
    ],
    [
      'a huge width',
      change({
        sizes: { longestSource: 1, longestTarget: 1, widths: { source: Number.MAX_SAFE_INTEGER }, vectors: {} },
      }),
      'cannot be built',
    ],
    ...(
      [
        ['a piece twice', { pieces: ['a', 'b', 'a'] }, 'its source tokenizer has the piece "a" twice'],
        [
          'a merge of no pieces',
          {
            merges: [
              [0, 1],
              [0, 9],
            ],
          },
          'has a merge of pieces that it does not have (step 2)',
        ],
        ['a merge into no piece', { merges: [[1, 0]] }, 'has a merge of pieces that it does not have (step 1)'],
        ['too few scores', { scores: [-1] }, 'has 1 scores for 3 pieces'],
        ['no scores', { algorithm: 'unigram' }, 'has no scores of its pieces'],
        [
          'rules that are none',
          { text: { ...ownTextRules, steps: [{ charsmap: 'AAAA' }] } },
          'has normalisation rules',
        ],
        ['another algorithm', { algorithm: 'wordpiece' }, 'has unexpected content'],
        ['an empty piece', { pieces: [''] }, 'has unexpected content'],
      ] as const
    ).map(([name, more, reason]): [string, () => void, string] => [
      `a tokenizer with ${name}`,
      change({ learned: { source: { ...learnedState, ...more } } }),
      reason,
    ]),
    [
      'no pieces of a tokenizer that has some',
      specWith((spec) => ({
        ...spec,
        task: { type: 'classify' },
        data: {
          source: { type: 'inline', examples: [['a', 'x']] },
          sourceTokens: { type: 'bpe', vocabularySize: 20 },
        },
        model: {
          source: { representation: { type: 'embedding', size: 4 } },
          encoder: { cell: { type: 'gru' }, hidden: 4 },
          context: { from: 'last-state' },
        },
        train: { optimizer: 'adam', steps: 1, validate: { every: 1 } },
        metrics: ['accuracy'],
      })),
      'it has no pieces of its source tokenizer, bpe',
    ],
    ['a symbol twice', vocabularies([...symbols, 'a', 'a']), 'its source vocabulary has "a" twice'],
    ['a vocabulary without its special symbols', vocabularies(['a', 'b']), 'does not begin with <pad>'],
    [
      'no labels',
      () => describeAs((value) => ({ ...value, vocabularies: { source: (value.vocabularies as Json).source } })),
      'it has no target vocabulary',
    ],
    [
      'a cell that does not exist',
      specWith((spec) => ({
        ...spec,
        model: {
          source: { representation: { type: 'embedding', size: 4 } },
          encoder: { cell: { type: 'toString' }, hidden: 4 },
        },
      })),
      'has a spec that this version of seqlab does not accept: model.encoder.cell',
    ],
    [
      'a size beyond what specs may have',
      specWith((spec) => ({
        ...spec,
        model: {
          source: { representation: { type: 'embedding', size: 4 } },
          encoder: { cell: { type: 'elman' }, hidden: 1e9 },
        },
      })),
      'model.encoder.hidden is too large',
    ],
    [
      'more layers than the parameters have',
      specWith((spec) => ({
        ...spec,
        model: {
          source: { representation: { type: 'embedding', size: 4 } },
          encoder: { cell: { type: 'elman' }, hidden: 4, layers: 64 },
        },
      })),
      'is missing',
    ],
    [
      'a task that does not exist',
      specWith((spec) => ({ ...spec, task: { type: 'constructor' } })),
      'has a spec that this version of seqlab does not accept',
    ],
    [
      'unknown keys',
      specWith((spec) => ({ ...spec, require: 'fs' })),
      'has a spec that this version of seqlab does not accept',
    ],
  ])('is refused with %s', async (_, damage, reason) => {
    damage()
    expect(await refusal()).toContain(reason)
  })

  it('is refused with any bit changed', async () => {
    const whole = readFileSync(description())
    for (let at = 0; at < whole.length; at += 97) {
      const changed = Buffer.from(whole)
      changed[at] = (changed[at] ?? 0) ^ 4
      writeFileSync(description(), changed)
      await refusal()
    }
  })

  it('is named where a folder has none', async () => {
    rmSync(description())
    expect(await refusal()).toContain('has no model: there is no model.json in it')
  })
})
