import { SeqlabError } from '../core/errors.js'
import type { DataDescription } from '../data/description.js'
import type { DataOptions } from '../data/options.js'
import type { DecodeOptions } from '../decode/index.js'
import type { RunPure } from '../decode/types.js'
import { interpreted, type Ports, runFunctions } from './functions.js'
import type { Look } from './interpret.js'
import type { WeightsAt } from './onnx.js'

/** All that a page knows of a trained model, but for its numbers. */
export interface PlaygroundModel {
  readonly task: string
  /** The run's final search. */
  readonly decode: DecodeOptions
  /** Symbols of an output at most. */
  readonly maxLength: number
  readonly vocabularies: DataDescription['vocabularies']
  readonly joiners: DataDescription['joiners']
  readonly learned?: NonNullable<DataDescription['learned']>['source']
  readonly scaling?: DataDescription['scaling']
  readonly sizes: {
    readonly longestSource: number
    readonly longestTarget: number
    readonly longestFeatures?: number | undefined
    readonly longestAttributes?: Readonly<Record<string, number>> | undefined
  }
  readonly data: Pick<DataOptions, 'sourceTokens' | 'features' | 'characters'>
  /** Whether features are positions of the source. */
  readonly joined: boolean
  /** Equations of the cells, by the part of the model that they are in (`encoder`). */
  readonly equations?: Readonly<Record<string, readonly string[]>>
  /** Of a language model that reads a text in pieces: tokens of one. */
  readonly chunk?: number
  readonly functions: Readonly<Record<string, PageFunction>>
  /** The first byte of the parameters in the file that the functions name, and bytes of a number in the page. */
  readonly parameters: { readonly start: number; readonly width: 2 | 4 }
}

/** An exported function in a page: its ONNX model in base64. */
export interface PageFunction extends Ports {
  readonly model: string
  readonly inputs: readonly { readonly name: string; readonly shape: readonly (number | string)[] }[]
}

/** A model that is ready to predict. */
export interface Opened {
  readonly model: PlaygroundModel
  readonly run: RunPure
  /** The same, which shows what cells compute. */
  watched(look: Look): RunPure
}

/** `parameters`: the model's numbers, one after the other, as the page has them: float32 or float16, little endian. */
export function openPlayground(model: PlaygroundModel, parameters: Uint8Array): Opened {
  const { start, width } = model.parameters
  const view = new DataView(parameters.buffer, parameters.byteOffset, parameters.byteLength)
  const known = new Map<number, Float32Array>()
  const weights: WeightsAt = (offset, length) => {
    const found = known.get(offset) ?? numbersAt(view, ((offset - start) / 4) * width, length / 4, width)
    known.set(offset, found)
    return found
  }
  const functions = new Map(Object.entries(model.functions))
  const { run, watched } = runFunctions(functions, (_, each) => interpreted(bytesOf(each.model), weights))
  return { model, run, watched }
}

function numbersAt(view: DataView, from: number, count: number, width: 2 | 4): Float32Array {
  const numbers = new Float32Array(count)
  for (let at = 0; at < count; at++) {
    const place = from + width * at
    numbers[at] = width === 4 ? view.getFloat32(place, true) : halfToNumber(view.getUint16(place, true))
  }
  return numbers
}

/** IEEE 754 binary16: a sign, 5 bits of exponent, 10 of the significand. */
export function halfToNumber(half: number): number {
  const [sign, exponent, fraction] = [half >> 15 === 0 ? 1 : -1, (half >> 10) & 31, half & 1023]
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (exponent === 0 ? fraction : 1024 + fraction) * (powers[exponent] ?? 0)
}

/** Of the last place of a significand, by exponent: 0 has that of 1. */
const powers = Array.from({ length: 31 }, (_, exponent) => 2 ** (Math.max(1, exponent) - 25))

/** The nearest binary16, ties to even; what is too large is infinite. */
export function numberToHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const size = Math.abs(value)
  if (Number.isNaN(value)) return 0x7e00
  if (size >= 65520) return sign | 0x7c00
  // Of numbers below 2^-14 the exponent stays; rounding up to the next power of 2 carries into it.
  const exponent = Math.max(-14, Math.floor(Math.log2(size === 0 ? 1e-30 : size)))
  const scaled = size * 2 ** (10 - exponent)
  const below = Math.floor(scaled)
  const up = scaled - below > 0.5 || (scaled - below === 0.5 && below % 2 === 1)
  return sign | (((exponent + 14) << 10) + below + Number(up))
}

export function bytesOf(base64: string): Uint8Array {
  const text = atob(base64)
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at)
  return bytes
}

/** Steps that a text of so many is padded to. Throws SeqlabError 'data' where the model has weights for fewer. */
export function stepsFor(model: PlaygroundModel, length: number): number {
  const steps = fixedSteps(model) ?? Math.max(1, length)
  if (length <= steps) return steps
  throw new SeqlabError('data', `The model has weights for ${steps} steps, and the source has ${length}`)
}

/** Steps that sources must have, where the model has weights for so many and no more. */
function fixedSteps({ functions }: PlaygroundModel): number | undefined {
  for (const { inputs } of Object.values(functions)) {
    const port = inputs.find(({ name }) => /^(?:source\.|batch\.source\.)?(?:ids|values)$/.test(name))
    const steps = port?.shape[1]
    if (typeof steps === 'number') return steps
  }
  return undefined
}

export function hasFunction({ functions }: PlaygroundModel, name: string): boolean {
  return Object.hasOwn(functions, name)
}
