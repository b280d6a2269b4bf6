import { describe, expect, it } from 'vitest'
import { copyIdsOf, symbolsOf } from '../../../src/task/batches/copies.js'

const specials = ['<pad>', '<bos>', '<eos>', '<unk>']
const known = { source: { symbols: [...specials, 'a', 'q', 'b'] }, target: { symbols: [...specials, 'b', 'a'] } }
const copyIds = copyIdsOf({
  source: { vocabulary: 7 },
  target: { vocabulary: 6 },
  longestSource: 4,
  longestTarget: 2,
  known,
})

describe('source symbols as target symbols', () => {
  // a q b q, then b; the target has no q: 6 target symbols, and q comes first at step 1.
  const column = { kind: 'ids', data: Int32Array.of(4, 5, 6, 5, 6), offsets: Int32Array.of(0, 4, 5) } as const

  it('have the id of the symbol written alike, and beyond the vocabulary the step where they come first', () => {
    const { data, shape } = copyIds.sources({ source: column }, [1, 0], [3, 5])
    expect(shape).toEqual([3, 5])
    expect([...data]).toEqual([4, 0, 0, 0, 0, 5, 6 + 1, 4, 6 + 1, 0, 0, 0, 0, 0, 0])
  })

  it('may be unknown to both vocabularies: then the token as written counts', () => {
    // a Q b Q -> Q b R Q: Q is in neither vocabulary, and R is not in the source.
    const split = {
      size: 1,
      source: { kind: 'ids', data: Int32Array.of(4, 3, 6, 3), offsets: Int32Array.of(0, 4) },
      target: { kind: 'ids', data: Int32Array.of(3, 4, 3, 3), offsets: Int32Array.of(0, 4) },
      unknown: {
        source: new Map([1, 3].map((at) => [at, 'Q'])),
        target: new Map([
          [0, 'Q'],
          [2, 'R'],
          [3, 'Q'],
        ]),
      },
    } as const
    expect([...copyIds.sources(split, [0], [1, 4]).data]).toEqual([5, 6 + 1, 4, 6 + 1])
    const ids = { dtype: 'int32', shape: [1, 5], data: Int32Array.of(1, 3, 4, 3, 3) } as const
    expect([...copyIds.targets(ids, split, [0], 1).data]).toEqual([1, 6 + 1, 4, 3, 6 + 1])
  })

  it('are never the specials: those that a source has are copied as symbols of their own', () => {
    const unknown = { ...column, data: Int32Array.of(3, 4, 3, 0, 6) }
    expect([...copyIds.sources({ source: unknown }, [0], [1, 4]).data]).toEqual([6, 5, 6, 6 + 3])
  })

  it('are read back by the same rule', () => {
    expect(symbolsOf([5, 6 + 1, 4], known.target.symbols, ['a', 'q', 'b', 'q'])).toEqual(['a', 'q', 'b'])
  })
})
