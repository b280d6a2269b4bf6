// A dataset as bytes, for machines that do not have its files: a JSON header, then the numbers of its columns in the order in
// which the header names them. Equal datasets are equal bytes.
import { checked, damaged } from '../core/checked-json.js'
import { jsonLine, parseJson } from '../core/json.js'
import type { Link, TrueAlignment } from './alignment.js'
import { datasetDigests } from './encoding/digest.js'
import { type PackedColumn, type PackedSplit, packedDatasetSchema } from './packed-schema.js'
import { type Column, type Dataset, type ExactNumbers, type Split, sameDigests, type WordVectors } from './types.js'

type Numbers = Int32Array | Float32Array | Float64Array

/** The bytes of a dataset, in pieces that follow each other. */
export function packDataset(dataset: Dataset): Uint8Array[] {
  const numbers: Numbers[] = []
  const { train, dev, test, vectors, ...plain } = dataset
  const [packedTrain, packedDev, packedTest] = [train, dev, test].map((split) => packSplit(split, numbers))
  const header = {
    schemaVersion: 1,
    ...plain,
    ...{ train: packedTrain, dev: packedDev, test: packedTest },
    ...(vectors && { vectors: packVectors(vectors, numbers) }),
  }
  const json = Buffer.from(jsonLine(header))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(json.length)
  const padding = Buffer.alloc(-json.length & 3, ' ')
  return [
    length,
    json,
    padding,
    ...numbers.map((array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength)),
  ]
}

/**
 * The dataset in such bytes. Throws SeqlabError 'run', naming the file, where they are anything else, or where the numbers
 * are not those that its digests are of.
 */
export function unpackDataset(bytes: Uint8Array, file: string): Dataset {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = buffer.length < 4 ? Number.POSITIVE_INFINITY : buffer.readUInt32LE()
  if (length > buffer.length - 4) throw damaged(file, 'it is too short')
  const header = checked(packedDatasetSchema, parseJson(buffer.toString('utf8', 4, 4 + length)), file)
  const next = reader(buffer.subarray(4 + length + (-length & 3)), file)
  const { schemaVersion: _, digests, train, dev, test, vectors, ...plain } = header
  const splits = { train: unpackSplit(train, next), dev: unpackSplit(dev, next), test: unpackSplit(test, next) }
  const read = { ...plain, ...splits, ...(vectors && { vectors: unpackVectors(vectors, next) }) }
  next.end()
  if (!sameDigests(datasetDigests(read), digests)) throw damaged(file, 'its contents have other digests')
  return { digests, ...read }
}

function packSplit(split: Split, numbers: Numbers[]): PackedSplit {
  const { source, target, features, ahead, exact, attributes, references, alignments, unknown, ...plain } = split
  const column = (packed: Column) => packColumn(packed, numbers)
  return {
    ...plain,
    source: column(source),
    ...(target !== source && { target: column(target) }),
    ...(features && { features: column(features) }),
    ...(ahead && { ahead: column(ahead) }),
    ...(exact && { exact: packExact(exact, numbers) }),
    ...(attributes && { attributes: mapValues(attributes, column) }),
    ...(references && { references: { texts: references.texts, offsets: put(references.offsets, numbers) } }),
    ...(alignments && { alignments: alignments.map(packLinks) }),
    ...(unknown && { unknown: { source: [...unknown.source], target: [...unknown.target] } }),
  }
}

function packExact({ reference, naive }: ExactNumbers, numbers: Numbers[]): NonNullable<PackedSplit['exact']> {
  return { reference: put(reference, numbers), ...(naive && { naive: put(naive, numbers) }) }
}

function packLinks(alignment: TrueAlignment | undefined): NonNullable<PackedSplit['alignments']>[number] {
  if (alignment === undefined) return null
  const pairs = (links: readonly Link[]) => links.map(([source, target]): [number, number] => [source, target])
  return { sure: pairs(alignment.sure), possible: pairs(alignment.possible) }
}

function packColumn(column: Column, numbers: Numbers[]): PackedColumn {
  const width = column.kind === 'values' ? { width: column.width } : {}
  return { kind: column.kind, numbers: put(column.data, numbers), offsets: put(column.offsets, numbers), ...width }
}

function packVectors(vectors: NonNullable<Dataset['vectors']>, numbers: Numbers[]) {
  const pack = ({ width, data, missing }: WordVectors) => ({ width, numbers: put(data, numbers), missing })
  const { source, target } = vectors
  return { ...(source && { source: pack(source) }), ...(target && { target: pack(target) }) }
}

function put(array: Numbers, numbers: Numbers[]): number {
  numbers.push(array)
  return array.length
}

interface Reader {
  ints(length: number): Int32Array
  floats(length: number): Float32Array
  doubles(length: number): Float64Array
  /** Throws where something is left. */
  end(): void
}

function reader(numbers: Buffer, file: string): Reader {
  let at = 0
  const next = (length: number): ArrayBuffer => {
    const end = at + 4 * length
    if (end > numbers.length) throw damaged(file, 'it has fewer numbers than it says')
    // A copy: the bytes may begin anywhere.
    const copy = new ArrayBuffer(4 * length)
    new Uint8Array(copy).set(numbers.subarray(at, end))
    at = end
    return copy
  }
  return {
    ints: (length) => new Int32Array(next(length)),
    floats: (length) => new Float32Array(next(length)),
    doubles: (length) => new Float64Array(next(2 * length)),
    end: () => {
      if (at !== numbers.length) throw damaged(file, 'it has more numbers than it says')
    },
  }
}

function unpackSplit(split: PackedSplit, next: Reader): Split {
  const { source, target, features, ahead, exact, attributes, references, alignments, unknown, ...plain } = split
  const column = (packed: PackedColumn) => unpackColumn(packed, next)
  const own = column(source)
  return {
    ...plain,
    source: own,
    target: target === undefined ? own : column(target),
    ...(features && { features: column(features) }),
    ...(ahead && { ahead: column(ahead) }),
    ...(exact && { exact: unpackExact(exact, next) }),
    ...(attributes && { attributes: mapValues(attributes, column) }),
    ...(references && { references: { texts: references.texts, offsets: next.ints(references.offsets) } }),
    ...(alignments && { alignments: alignments.map((links) => links ?? undefined) }),
    ...(unknown && { unknown: { source: new Map(unknown.source), target: new Map(unknown.target) } }),
  }
}

function unpackExact({ reference, naive }: NonNullable<PackedSplit['exact']>, next: Reader): ExactNumbers {
  return { reference: next.doubles(reference), ...(naive !== undefined && { naive: next.doubles(naive) }) }
}

function unpackColumn({ kind, numbers, offsets, width = 0 }: PackedColumn, next: Reader): Column {
  if (kind === 'ids') return { kind, data: next.ints(numbers), offsets: next.ints(offsets) }
  return { kind, data: next.floats(numbers), offsets: next.ints(offsets), width }
}

function unpackVectors(vectors: { source?: Packed | undefined; target?: Packed | undefined }, next: Reader) {
  const unpack = ({ width, numbers, missing }: Packed): WordVectors => ({ width, data: next.floats(numbers), missing })
  const { source, target } = vectors
  return { ...(source && { source: unpack(source) }), ...(target && { target: unpack(target) }) }
}

interface Packed {
  readonly width: number
  readonly numbers: number
  readonly missing: number
}

function mapValues<In, Out>(record: Readonly<Record<string, In>>, change: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}
