import type { Hash } from 'node:crypto'
import { sha256Stream } from '../../core/hash.js'
import type { Column, DatasetDigests, Encoded, Split } from '../types.js'
import { isMoreThanColumn } from './exact-numbers.js'

/** sha-256 (hex) of what training reads (vocabularies, widths, vectors, scaling, joiners, train, dev) and of what evaluations alone read. */
export function datasetDigests(dataset: Encoded): DatasetDigests {
  return { training: trainingDigest(dataset), test: testDigest(dataset.test, dataset.dev.alignments) }
}

function trainingDigest({ train, dev, test: _, vectors = {}, counts: __, ...plain }: Encoded): string {
  const hash = sha256Stream()
  hash.update(JSON.stringify(plain, sortedKeys))
  for (const split of [train, dev]) hashSplit(hash, split)
  for (const side of ['source', 'target'] as const) {
    const { width = 0, data } = vectors[side] ?? {}
    hash.update(`vectors ${width} `)
    if (data !== undefined) hashNumbers(hash, data)
  }
  return hash.digest('hex')
}

/**
 * Ids mean symbols of the training digest's vocabularies: a trial's evaluation is identified by both. Numbers as their file
 * has them count where their columns do not tell them.
 */
export function testDigest(test: Split, devAlignments?: Split['alignments']): string {
  const hash = sha256Stream()
  hashSplit(hash, test)
  if (test.alignments !== undefined) hash.update(`alignments ${JSON.stringify(test.alignments)}`)
  if (devAlignments !== undefined) hash.update(`alignments of dev ${JSON.stringify(devAlignments)}`)
  if (test.exact !== undefined && isMoreThanColumn(test)) {
    hash.update('exact numbers ')
    hashNumbers(hash, test.exact.reference)
    if (test.exact.naive !== undefined) hashNumbers(hash, test.exact.naive)
  }
  return hash.digest('hex')
}

function hashSplit(hash: Hash, split: Split): void {
  hash.update(`split ${split.size} `)
  hashColumn(hash, split.source)
  hashColumn(hash, split.target)
  if (split.features !== undefined) hashColumn(hash, split.features)
  if (split.ahead !== undefined) hashColumn(hash, split.ahead)
  for (const [name, column] of Object.entries(split.attributes ?? {})) {
    hash.update(`attribute ${name} `)
    hashColumn(hash, column)
  }
  hash.update(JSON.stringify([split.sourceTexts ?? null, split.references?.texts ?? null]))
  if (split.featureTexts !== undefined) hash.update(JSON.stringify(split.featureTexts))
  if (split.references !== undefined) hashNumbers(hash, split.references.offsets)
  else if (hasUnknown(split)) hash.update(JSON.stringify([[...split.unknown.source], [...split.unknown.target]]))
}

type WithUnknown = Split & Required<Pick<Split, 'unknown'>>

function hasUnknown(split: Split): split is WithUnknown {
  const { unknown } = split
  return unknown !== undefined && unknown.source.size + unknown.target.size > 0
}

function hashColumn(hash: Hash, column: Column): void {
  hash.update(`${column.kind} ${column.kind === 'values' ? column.width : ''} `)
  hashNumbers(hash, column.offsets)
  hashNumbers(hash, column.data)
}

/** The bytes as they lie in memory: little-endian on every machine that Node 20 and ONNX Runtime support. */
function hashNumbers(hash: Hash, numbers: Int32Array | Float32Array | Float64Array): void {
  hash.update(`${numbers.length} `)
  hash.update(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength))
}

/** Key order must not matter: objects are written with sorted keys. */
function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
