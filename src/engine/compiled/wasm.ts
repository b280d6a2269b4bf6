// As much of an assembler for WebAssembly as one function over a memory needs. Opcodes and sections are those of the
// specification (webassembly.github.io/spec/core/binary, with its vector instructions).

export type Code = readonly number[]

/** What is used of JavaScript's own interface, which TypeScript declares for browsers only. */
interface WebAssemblyInterface {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer }
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, (...numbers: number[]) => void>> }
}
declare const WebAssembly: WebAssemblyInterface
export const webAssembly = WebAssembly

/** LEB128, unsigned: groups of seven bits, lowest first. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)]
}

const binary =
  (...opcode: Code) =>
  (a: Code, b: Code): Code => [...a, ...b, ...opcode]
const unary =
  (...opcode: Code) =>
  (a: Code): Code => [...a, ...opcode]
const vector = (opcode: number) => [0xfd, ...unsigned(opcode)]
/** What follows an access to memory: the alignment's exponent (16 bytes) and an offset. */
const aligned = [4, 0]

export const i32 = {
  add: binary(0x6a),
  /** Unsigned. */
  less: binary(0x49),
  /** Below 64: a longer constant would be signed LEB128. */
  constant: (value: number): Code => [0x41, value],
}

export const v128 = {
  load: unary(...vector(0x00), ...aligned),
  store: binary(...vector(0x0b), ...aligned),
}

export const f32x4 = {
  splat: unary(...vector(0x13)),
  sqrt: unary(...vector(0xe3)),
  add: binary(...vector(0xe4)),
  sub: binary(...vector(0xe5)),
  mul: binary(...vector(0xe6)),
  div: binary(...vector(0xe7)),
}

/** A parameter or local variable by its number. */
export function local(index: number) {
  return { get: [0x20, ...unsigned(index)], set: (value: Code): Code => [...value, 0x21, ...unsigned(index)] }
}

/** Runs `body` at least once, and again as long as `again` is not 0. */
export function loop(body: Code, again: Code): Code {
  return [0x03, 0x40, ...body, ...again, 0x0d, 0, 0x0b]
}

const types = { i32: 0x7f, f32: 0x7d, v128: 0x7b }
export type Counted = readonly (readonly [type: keyof typeof types, count: number])[]

/** A function without a result. Locals are numbered after the parameters. */
export interface Func {
  readonly parameters: Counted
  readonly locals: Counted
  readonly body: Code
}

/** A module of one exported function over one imported memory. */
export function moduleWithMemory(from: string, memory: string, name: string, func: Func): Uint8Array {
  const parameters = func.parameters.flatMap(([type, count]) => Array<number>(count).fill(types[type]))
  const locals = func.locals.map(([type, count]) => [...unsigned(count), types[type]])
  const code = [...list(locals), ...func.body, 0x0b]
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [[0x60, ...sized(parameters), 0]]),
    ...section(2, [[...text(from), ...text(memory), 0x02, 0x00, 1]]),
    ...section(3, [[0]]),
    ...section(7, [[...text(name), 0x00, 0]]),
    ...section(10, [sized(code)]),
  ])
}

function section(id: number, items: readonly Code[]): number[] {
  return [id, ...sized(list(items))]
}

function list(items: readonly Code[]): number[] {
  return [...unsigned(items.length), ...items.flat()]
}

function sized(content: Code): number[] {
  return [...unsigned(content.length), ...content]
}

function text(content: string): number[] {
  return sized([...Buffer.from(content, 'utf8')])
}
