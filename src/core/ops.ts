// TF.js's operations with the types that they really have: ranks follow from ranks, so that the parts need no casts. The
// operations themselves are those of TF.js; float32 unless stated otherwise. A binary operation's result has the rank of its
// first tensor: the second is broadcast to it.
import { type Scalar, type Tensor, type Tensor1D, type Tensor2D, type Tensor3D, type Tensor4D, tf } from './tf.js'
import { leaf, type Tree } from './tree.js'

export type Shape = readonly number[]

/** The tensor type of a shape's length: `readonly [number, number]` -> Tensor2D. */
export type TensorOf<S extends readonly unknown[]> = number extends S['length']
  ? Tensor
  : S['length'] extends 0
    ? Scalar
    : S['length'] extends 1
      ? Tensor1D
      : S['length'] extends 2
        ? Tensor2D
        : S['length'] extends 3
          ? Tensor3D
          : S['length'] extends 4
            ? Tensor4D
            : Tensor

/** One rank less: what is left when an axis is summed or cut away. */
export type Lower<T extends Tensor> = T extends Tensor4D
  ? Tensor3D
  : T extends Tensor3D
    ? Tensor2D
    : T extends Tensor2D
      ? Tensor1D
      : T extends Tensor1D
        ? Scalar
        : Tensor

/** One rank more. */
export type Higher<T extends Tensor> = T extends Tensor3D
  ? Tensor4D
  : T extends Tensor2D
    ? Tensor3D
    : T extends Tensor1D
      ? Tensor2D
      : Tensor

/** A tensor that is broadcast to the other one, or a number. */
export type Operand = Tensor | number

// ---- out of trees ------------------------------------------------------------------------------------------------

/** The vector called `name`; throws RangeError where there is none, or where it has another rank. */
export function vector(tree: Tree<Tensor>, name: string): Tensor1D {
  const tensor = leaf(tree, name)
  if (isVector(tensor)) return tensor
  throw wrongRank(name, tensor, 1)
}

/** The matrix called `name`; throws as `vector` does. */
export function matrix(tree: Tree<Tensor>, name: string): Tensor2D {
  const tensor = leaf(tree, name)
  if (isMatrix(tensor)) return tensor
  throw wrongRank(name, tensor, 2)
}

/** The tensor of three axes called `name`; throws as `vector` does. */
export function cube(tree: Tree<Tensor>, name: string): Tensor3D {
  const tensor = leaf(tree, name)
  if (isCube(tensor)) return tensor
  throw wrongRank(name, tensor, 3)
}

export const isVector = (x: Tensor): x is Tensor1D => x.rank === 1
export const isMatrix = (x: Tensor): x is Tensor2D => x.rank === 2
const isCube = (x: Tensor): x is Tensor3D => x.rank === 3

function wrongRank(name: string, { shape }: Tensor, rank: number): RangeError {
  return new RangeError(`${name} has shape [${shape}], not ${rank} axes`)
}

// ---- element by element ------------------------------------------------------------------------------------------

interface Binary {
  <T extends Tensor>(a: number | Scalar, b: T): T
  <T extends Tensor>(a: T, b: Operand): T
}

/** a + b. */
export const add: Binary = binary((a, b) => tf.add(a, b))
/** a − b. */
export const sub: Binary = binary((a, b) => tf.sub(a, b))
/** a ⊙ b. */
export const mul: Binary = binary((a, b) => tf.mul(a, b))
/** a / b. */
export const div: Binary = binary((a, b) => tf.div(a, b))
export const maximum: Binary = binary((a, b) => tf.maximum(a, b))
export const minimum: Binary = binary((a, b) => tf.minimum(a, b))

/** 1 where a > b (bool). */
export const greater: Binary = binary((a, b) => tf.greater(a, b))
export const greaterEqual: Binary = binary((a, b) => tf.greaterEqual(a, b))
export const less: Binary = binary((a, b) => tf.less(a, b))
export const equal: Binary = binary((a, b) => tf.equal(a, b))

function binary(operation: (a: Operand, b: Operand) => Tensor): Binary {
  return <T extends Tensor>(a: Operand, b: Operand): T => {
    if (rankOf(b) > rankOf(a) && rankOf(a) !== 0) {
      throw new RangeError(`The second operand (rank ${rankOf(b)}) is broadcast to the first (rank ${rankOf(a)})`)
    }
    return operation(a, b) as T
  }
}

function rankOf(x: Operand): number {
  return typeof x === 'number' ? 0 : x.rank
}

export const neg = <T extends Tensor>(x: T): T => tf.neg(x)
export const abs = <T extends Tensor>(x: T): T => tf.abs(x)
export const square = <T extends Tensor>(x: T): T => tf.square(x)
export const sqrt = <T extends Tensor>(x: T): T => tf.sqrt(x)
export const exp = <T extends Tensor>(x: T): T => tf.exp(x)
export const log = <T extends Tensor>(x: T): T => tf.log(x)
export const tanh = <T extends Tensor>(x: T): T => tf.tanh(x)
/** The logistic function σ. */
export const sigmoid = <T extends Tensor>(x: T): T => tf.sigmoid(x)
/** log(1 + e^x). */
export const softplus = <T extends Tensor>(x: T): T => tf.softplus(x)
export const relu = <T extends Tensor>(x: T): T => tf.relu(x)
/** 1 where x > 0, else 0: the slope of relu. */
export const step = <T extends Tensor>(x: T): T => tf.step(x)
export const cast = <T extends Tensor>(x: T, dtype: 'float32' | 'int32' | 'bool'): T => tf.cast(x, dtype)
export const clone = <T extends Tensor>(x: T): T => tf.clone(x)
/** `a` where the condition holds, else `b`; all of one shape. */
export const where = <T extends Tensor>(condition: Tensor, a: T, b: T): T => tf.where(condition, a, b)

/** The sum of tensors of one shape. */
export const addN = <T extends Tensor>(xs: readonly T[]): T => tf.addN([...xs])

// ---- products ----------------------------------------------------------------------------------------------------

/** a b, each transposed where asked; [N,I] [I,O] -> [N,O], or a batch of them [B,N,I] [B,I,O] -> [B,N,O]. */
export function matMul<T extends Tensor2D | Tensor3D>(a: T, b: T, transposeA = false, transposeB = false): T {
  return tf.matMul(a, b, transposeA, transposeB)
}

// ---- over an axis ------------------------------------------------------------------------------------------------

interface Reduction {
  <T extends Tensor>(x: T, axis: number, keepDims: true): T
  <T extends Tensor>(x: T, axis: number): Lower<T>
}

export const sum: Reduction = reduction((x, axis, keep) => tf.sum(x, axis, keep))
export const mean: Reduction = reduction((x, axis, keep) => tf.mean(x, axis, keep))
/** The largest value. */
export const max: Reduction = reduction((x, axis, keep) => tf.max(x, axis, keep))

function reduction(operation: (x: Tensor, axis: number, keep: boolean) => Tensor): Reduction {
  return <T extends Tensor>(x: Tensor, axis: number, keep = false): T => operation(x, axis, keep) as T
}

/** The sum of all numbers. */
export function sumAll(x: Tensor): Scalar {
  return tf.sum(x)
}

/** The place of the largest value, int32. */
export function argMax<T extends Tensor>(x: T, axis: number): Lower<T> {
  return tf.argMax(x, axis) as Lower<T>
}

/** Over the last axis. */
export const softmax = <T extends Tensor>(x: T): T => tf.softmax(x)
/** Over the last axis. */
export const logSoftmax = <T extends Tensor>(x: T): T => tf.logSoftmax(x)

// ---- form --------------------------------------------------------------------------------------------------------

/** The same numbers in row-major order under another shape; one size may be -1. */
export function reshape<const S extends Shape>(x: Tensor, shape: S): TensorOf<S> {
  return tf.reshape(x, [...shape]) as TensorOf<S>
}

export function transpose<T extends Tensor>(x: T, order?: readonly number[]): T {
  return tf.transpose(x, order === undefined ? undefined : [...order])
}

/** A new axis of size 1. */
export function expandDims<T extends Tensor>(x: T, axis: number): Higher<T> {
  return tf.expandDims(x, axis) as Higher<T>
}

/** Without an axis of size 1. */
export function squeeze<T extends Tensor>(x: T, axis: number): Lower<T> {
  return tf.squeeze(x, [axis]) as Lower<T>
}

/** Tensors end to end along an axis. */
export function concat<T extends Tensor>(xs: readonly T[], axis: number): T {
  return tf.concat([...xs], axis)
}

/** Tensors of one shape along a new axis. */
export function stack<T extends Tensor>(xs: readonly T[], axis: number): Higher<T> {
  return tf.stack([...xs], axis) as Higher<T>
}

/**
 * The slices of `x` along `axis`. TF.js's gradient of unstack fails where there is only one slice (it is handed a tensor
 * where it expects a list), so that one is a reshape.
 */
export function unstack<T extends Tensor>(x: T, axis: number): Lower<T>[] {
  return (x.shape[axis] === 1 ? [tf.squeeze(x, [axis])] : tf.unstack(x, axis)) as Lower<T>[]
}

type Repeat<T, N extends number, Result extends readonly T[] = []> = number extends N
  ? readonly T[]
  : Result['length'] extends N
    ? Result
    : Repeat<T, N, readonly [...Result, T]>

/** `count` equal pieces along an axis. A count that is written out gives a tuple. */
export function split<T extends Tensor, const N extends number>(x: T, count: N, axis: number): Repeat<T, N> {
  return tf.split(x, count, axis) as readonly T[] as Repeat<T, N>
}

/** Pieces of the given sizes along an axis. */
export function splitSizes<T extends Tensor, const S extends Shape>(
  x: T,
  sizes: S,
  axis: number,
): { readonly [K in keyof S]: T } {
  return tf.split(x, [...sizes], axis) as { readonly [K in keyof S]: T }
}

export function slice<T extends Tensor>(x: T, begin: T['shape'], size: T['shape']): T {
  return tf.slice(x, begin, size)
}

/** Zeros before and after along each axis. */
export function pad<T extends Tensor>(x: T, around: readonly (readonly [before: number, after: number])[]): T {
  return tf.pad(
    x,
    around.map(([before, after]): [number, number] => [before, after]),
  )
}

export function tile<T extends Tensor>(x: T, times: readonly number[]): T {
  return tf.tile(x, [...times])
}

// ---- lookups -----------------------------------------------------------------------------------------------------

/** Rows of a table by int32 ids: table [V,E], ids [N] -> [N,E]; ids [N,M] -> [N,M,E]. */
export function lookUp<I extends Tensor1D | Tensor2D>(table: Tensor2D, ids: I): Higher<I> {
  return tf.gather(table, ids) as Tensor as Higher<I>
}

/** Slices along the first axis by int32 indices: x [M,...], rows [N] -> [N,...]. */
export function lookUpRows<T extends Tensor>(x: T, rows: Tensor1D): T {
  return tf.gather(x, rows)
}

/** Numbers of a vector by int32 places [N]. */
export function gather(x: Tensor1D, places: Tensor1D): Tensor1D {
  return tf.gather(x, places)
}

/** 1 at each id, 0 elsewhere, float32: ids [N] -> [N,V], [B,S] -> [B,S,V]. */
export function oneHot<I extends Tensor1D | Tensor2D>(ids: I, depth: number): Higher<I> {
  return tf.oneHot(ids, depth, 1, 0, 'float32') as Tensor as Higher<I>
}

/** A vector of `size` zeros with `updates` [N] added at int32 `places` [N]. */
export function scatter(places: Tensor1D, updates: Tensor1D, size: number): Tensor1D {
  return tf.scatterND(tf.expandDims(places, 1), updates, [size])
}

// ---- constants ---------------------------------------------------------------------------------------------------

/** Given numbers in row-major order, float32. */
export function constant<const S extends Shape>(values: Float32Array, shape: S): TensorOf<S> {
  return tf.tensor(values, [...shape], 'float32') as Tensor as TensorOf<S>
}

export function fill<const S extends Shape>(shape: S, value: number, dtype: 'float32' | 'int32' = 'float32') {
  return tf.fill([...shape], value, dtype) as Tensor as TensorOf<S>
}

export function zeros<const S extends Shape>(shape: S): TensorOf<S> {
  return tf.zeros([...shape]) as Tensor as TensorOf<S>
}

export function ones<const S extends Shape>(shape: S): TensorOf<S> {
  return tf.ones([...shape]) as Tensor as TensorOf<S>
}

export const zerosLike = <T extends Tensor>(x: T): T => tf.zerosLike(x)
export const onesLike = <T extends Tensor>(x: T): T => tf.onesLike(x)

/** start, start + step, ... below stop, int32. */
export function range(start: number, stop: number, step: number): Tensor1D {
  return tf.range(start, stop, step, 'int32')
}

// ---- gradients ---------------------------------------------------------------------------------------------------

/**
 * What `compute` gives, as a constant: no gradient flows through it. TF.js has no operation for that; the inside of a
 * custom gradient is not on the tape, and this one depends on nothing that is trained.
 */
export function withoutGradient<T extends Tensor>(compute: () => T): T {
  const constant = tf.customGrad(() => ({ value: compute(), gradFunc: () => tf.scalar(0) }))
  return constant(tf.scalar(0)) as T
}

/**
 * A function with its gradient written out. `backward` gets the inputs and the residuals of `forward`; nothing else of the
 * forward pass is there any more. All tensors float32.
 */
export function withGradient<T extends Tensor>(
  inputs: readonly Tensor[],
  forward: () => { readonly value: T; readonly residuals: readonly Tensor[] },
  backward: (gradient: T, inputs: readonly Tensor[], residuals: readonly Tensor[]) => readonly Tensor[],
): T {
  const custom = tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as (tensors: Tensor[]) => void
    const { value, residuals } = forward()
    save([...inputs, ...residuals])
    const gradFunc = (dy: Tensor, saved: Tensor[]) => [
      ...backward(dy as T, saved.slice(0, inputs.length), saved.slice(inputs.length)),
    ]
    return { value, gradFunc }
  })
  return custom(...inputs) as T
}
