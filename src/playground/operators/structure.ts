import { around, axisOf, countOf, expanded, ints, strided, stridesOf, type Value, zerosLike } from '../tensor.js'
import { input, listOf, numberIn, type Operator } from './operator.js'

/** 0 keeps an axis, -1 follows from the others. */
const reshape: Operator = (inputs) => {
  const x = input(inputs)
  const wanted = listOf(inputs[1]).map((size, axis) => (size === 0 ? (x.shape[axis] ?? 0) : size))
  const known = countOf(wanted.filter((size) => size !== -1))
  return [{ shape: wanted.map((size) => (size === -1 ? x.data.length / known : size)), data: x.data }]
}

const transpose: Operator = (inputs, { perm }) => {
  const x = input(inputs)
  const axes = typeof perm === 'object' ? perm : x.shape.map((_, axis) => x.shape.length - 1 - axis)
  const pick = (numbers: readonly number[]) => axes.map((axis) => numbers[axis] ?? 1)
  return [strided(x.data, pick(x.shape), pick(stridesOf(x.shape)))]
}

const concat: Operator = (inputs, attributes) => {
  const first = input(inputs)
  const axis = axisOf(numberIn(attributes, 'axis', 0), first)
  const sizes = inputs.map((each) => each.shape[axis] ?? 0)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const [outer, , inner] = around(first, axis)
  const data = zerosLike(first.data, outer * total * inner)
  for (let block = 0, at = 0; block < outer; block++) {
    inputs.forEach((each, index) => {
      const length = (sizes[index] ?? 0) * inner
      data.set(each.data.subarray(block * length, (block + 1) * length), at)
      at += length
    })
  }
  return [{ shape: first.shape.map((size, at) => (at === axis ? total : size)), data }]
}

const split: Operator = (inputs, attributes) => {
  const x = input(inputs)
  const axis = axisOf(numberIn(attributes, 'axis', 0), x)
  const [outer, total, inner] = around(x, axis)
  let from = 0
  return listOf(inputs[1]).map((size) => {
    const shape = x.shape.map((each, at) => (at === axis ? size : each))
    const start = from * inner
    from += size
    if (outer === 1) return { shape, data: x.data.subarray(start, start + size * inner) }
    return { shape, data: strided(x.data, [outer, size * inner], [total * inner, 1], start).data }
  })
}

/** Inputs: x, starts, ends, axes, steps; a place before the front of an axis is its first for steps backwards. */
const slice: Operator = (inputs) => {
  const x = input(inputs)
  const [starts, ends] = [listOf(inputs[1]), listOf(inputs[2])]
  const axes = inputs[3] === undefined ? starts.map((_, axis) => axis) : listOf(inputs[3])
  const steps = listOf(inputs[4])
  const [shape, strides] = [[...x.shape], stridesOf(x.shape)]
  let offset = 0
  for (const [index, given] of axes.entries()) {
    const axis = axisOf(given, x)
    const [size, step] = [x.shape[axis] ?? 0, steps[index] ?? 1]
    const [lowest, highest] = step > 0 ? [0, size] : [-1, size - 1]
    const within = (place: number) => Math.min(highest, Math.max(lowest, place < 0 ? place + size : place))
    const [start, end] = [within(starts[index] ?? 0), within(ends[index] ?? 0)]
    shape[axis] = Math.max(0, Math.ceil((end - start) / step))
    offset += start * (strides[axis] ?? 0)
    strides[axis] = (strides[axis] ?? 0) * step
  }
  return [strided(x.data, shape, strides, offset)]
}

/** Inputs: x, places before each axis and after each, the value there. */
const pad: Operator = (inputs) => {
  const x = input(inputs)
  const [places, rank] = [listOf(inputs[1]), x.shape.length]
  const shape = x.shape.map((size, axis) => size + (places[axis] ?? 0) + (places[rank + axis] ?? 0))
  const data = zerosLike(x.data, countOf(shape)).fill(inputs[2]?.data[0] ?? 0)
  const [own, wide] = [stridesOf(x.shape), stridesOf(shape)]
  x.data.forEach((value: number, at: number) => {
    const to = wide.reduce((sum, stride, axis) => {
      const index = Math.floor(at / (own[axis] ?? 1)) % (x.shape[axis] ?? 1)
      return sum + (index + (places[axis] ?? 0)) * stride
    }, 0)
    data[to] = value
  })
  return [{ shape, data }]
}

/** Every axis becomes two, of which the first is stretched. */
const tile: Operator = (inputs) => {
  const x = input(inputs)
  const times = listOf(inputs[1])
  const own = stridesOf(x.shape)
  const shape = x.shape.flatMap((size, axis) => [times[axis] ?? 1, size])
  const { data } = strided(
    x.data,
    shape,
    own.flatMap((stride) => [0, stride]),
  )
  return [{ shape: x.shape.map((size, axis) => size * (times[axis] ?? 1)), data }]
}

/** An index from the end where it is negative. */
const within = (index: number, size: number) => (index < 0 ? index + size : index)

const gather: Operator = (inputs, attributes) => {
  const [x, indices] = [input(inputs), input(inputs, 1)]
  const axis = axisOf(numberIn(attributes, 'axis', 0), x)
  const [outer, size, inner] = around(x, axis)
  const data = zerosLike(x.data, outer * indices.data.length * inner)
  for (let block = 0, at = 0; block < outer; block++) {
    for (const index of indices.data) {
      const start = (block * size + within(index, size)) * inner
      data.set(x.data.subarray(start, start + inner), at)
      at += inner
    }
  }
  return [{ shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], data }]
}

/** The place in `shape` that each row of the last axis of `indices` names; `first`: which axes they count from. */
function placesOf(indices: Value, shape: readonly number[], first = 0): number[] {
  const depth = indices.shape.at(-1) ?? 1
  const strides = stridesOf(shape).slice(first, first + depth)
  return Array.from({ length: indices.data.length / depth }, (_, row) =>
    strides.reduce((sum, stride, axis) => {
      const index = within(indices.data[row * depth + axis] ?? 0, shape[first + axis] ?? 1)
      return sum + index * stride
    }, 0),
  )
}

const gatherNd: Operator = (inputs, attributes) => {
  const [x, indices] = [input(inputs), input(inputs, 1)]
  const batch = numberIn(attributes, 'batch_dims', 0)
  const depth = indices.shape.at(-1) ?? 1
  const after = x.shape.slice(batch + depth)
  const [length, places] = [countOf(after), placesOf(indices, x.shape, batch)]
  const each = places.length / countOf(x.shape.slice(0, batch))
  const data = zerosLike(x.data, places.length * length)
  for (const [at, place] of places.entries()) {
    const start = Math.floor(at / each) * countOf(x.shape.slice(batch)) + place
    data.set(x.data.subarray(start, start + length), at * length)
  }
  return [{ shape: [...indices.shape.slice(0, -1), ...after], data }]
}

const scatterNd: Operator = (inputs, { reduction }) => {
  const [x, indices, updates] = [input(inputs), input(inputs, 1), input(inputs, 2)]
  const length = countOf(x.shape.slice(indices.shape.at(-1) ?? 1))
  const data = x.data.slice()
  for (const [row, place] of placesOf(indices, x.shape).entries()) {
    for (let n = 0; n < length; n++) {
      data[place + n] = (updates.data[row * length + n] ?? 0) + (reduction === 'add' ? (data[place + n] ?? 0) : 0)
    }
  }
  return [{ shape: x.shape, data }]
}

const scatterElements: Operator = (inputs, attributes) => {
  const [x, indices, updates] = [input(inputs), input(inputs, 1), input(inputs, 2)]
  const axis = axisOf(numberIn(attributes, 'axis', 0), x)
  const [own, strides] = [stridesOf(indices.shape), stridesOf(x.shape)]
  const data = x.data.slice()
  indices.data.forEach((index: number, at: number) => {
    const to = strides.reduce((sum, stride, each) => {
      const place =
        each === axis
          ? within(index, x.shape[axis] ?? 1)
          : Math.floor(at / (own[each] ?? 1)) % (indices.shape[each] ?? 1)
      return sum + place * stride
    }, 0)
    data[to] = (updates.data[at] ?? 0) + (attributes.reduction === 'add' ? (data[to] ?? 0) : 0)
  })
  return [{ shape: x.shape, data }]
}

/** Inputs: indices, depth, [off, on]; the new axis is the last. */
const oneHot: Operator = (inputs) => {
  const [indices, depth, values] = [input(inputs), listOf(inputs[1])[0] ?? 1, input(inputs, 2)]
  const data = zerosLike(values.data, indices.data.length * depth).fill(values.data[0] ?? 0)
  indices.data.forEach((index: number, row: number) => {
    const place = within(index, depth)
    if (place >= 0 && place < depth) data[row * depth + place] = values.data[1] ?? 1
  })
  return [{ shape: [...indices.shape, depth], data }]
}

const range: Operator = (inputs) => {
  const [start = 0, limit = 0, step = 1] = inputs.map(({ data }) => data[0])
  const count = Math.max(0, Math.ceil((limit - start) / step))
  const data = zerosLike(input(inputs).data, count)
  return [{ shape: [count], data: data.map((_: number, at: number) => start + at * step) }]
}

export const structural: Readonly<Record<string, Operator>> = {
  Reshape: reshape,
  Transpose: transpose,
  Concat: concat,
  Split: split,
  Slice: slice,
  Pad: pad,
  Tile: tile,
  Gather: gather,
  GatherND: gatherNd,
  ScatterND: scatterNd,
  ScatterElements: scatterElements,
  OneHot: oneHot,
  Range: range,
  Expand: (inputs) => {
    const x = input(inputs)
    const shape = listOf(inputs[1])
    const before = shape.length - x.shape.length
    return [
      expanded(
        x,
        before < 0 ? x.shape : shape.map((size, axis) => (size === 1 ? (x.shape[axis - before] ?? 1) : size)),
      ),
    ]
  },
  Shape: (inputs, attributes) => {
    const { shape } = input(inputs)
    return [ints(shape.slice(numberIn(attributes, 'start', 0), numberIn(attributes, 'end', shape.length)))]
  },
}
