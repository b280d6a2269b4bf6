import { expect, test } from 'vitest'
import { findCasts, returnOnlyFunctions } from '../../scripts/count-casts.js'

const none: ReadonlySet<string> = new Set()
const kindsIn = (text: string, names = none) => findCasts(text, names).map(({ kind }) => kind)

test.each([
  ['const a = b as number', ['as']],
  ['const a = b as unknown as number', ['as', 'as']],
  ['const a = [1] as const', []],
  ['const a = <number>b', ['<T>x']],
  ['const a = <const>[1]', []],
  ['const a = b!.c!', ['!', '!']],
  ['let a!: number', ['!']],
  ['const a: any = 1, b = (x: Map<any, any>) => x', ['any', 'any', 'any']],
  ['const any = 1, text = "x as any", b = !any // as any', []],
  ['import { a as b } from "c"; export { b as d }', []],
  ['const a = { b: 1 } satisfies object', []],
])('%s', (text, kinds) => {
  expect(kindsIn(text)).toEqual(kinds)
})

test.each([
  ['function read<T>(text: string): T { return parse(text) }', 'read'],
  ['const read = <T,>(text: string): Promise<T[]> => parse(text)', 'read'],
  ['interface Reader { read<T>(text: string): T }', 'read'],
  ['class Reader { read<T>(text: string): T { return this.it } }', 'read'],
])('a type parameter of the result alone: %s', (text, name) => {
  expect(kindsIn(text)).toEqual(['return-only'])
  expect(returnOnlyFunctions(text)).toEqual([name])
})

test.each([
  'function same<T>(value: T): T { return value }',
  'function pick<T, K extends keyof T>(from: T, key: K): T[K] { return from[key] }',
  'function map<T, U>(from: T[], by: (item: T) => U): U[] { return from.map(by) }',
  'interface Box<T> { get(): T }',
  'function count<T>(items: T[]): number { return items.length }',
])('a type parameter that something else decides: %s', (text) => {
  expect(kindsIn(text)).toEqual([])
})

test('a type argument given to such a function is a cast by another name', () => {
  const names = new Set(['read'])
  expect(kindsIn('const a = read<number>("1"), b = file.read<number>("1"), c = tf.sum<Scalar>(x)', names)).toEqual([
    'given',
    'given',
    'given',
  ])
  expect(kindsIn('const a: number = read("1"), b = new Map<string, number>(), c = other<number>(x)', names)).toEqual([])
})
