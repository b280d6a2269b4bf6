import { canonicalJson } from '../core/canonical-json.js'
import { sha256 } from '../core/hash.js'
import { ownDigests } from './own/used.js'
import type { Spec } from './types.js'

type Trains = Pick<Spec, 'task' | 'model' | 'train'>

/**
 * sha-256 (hex) of task, model and train: what all seeds of one training share, whatever its data. `start`: digest of what
 * `train.init` takes, which counts in place of where it is found. Own parts that are used count by their files' digests.
 */
export function trainHash({ task, model, train }: Trains, start?: string): string {
  return sha256(canonicalJson([task, model, counted(train, start), ...own({ task, model, train })]))
}

/**
 * The trial's name on disk, of all that trains it and of nothing else: 16 hexadecimal digits of a hash of task, model,
 * train, seed and the digest of what training reads.
 */
export function trialId({ task, model, train }: Trains, seed: number, data: string, start?: string): string {
  const trains = [task, model, counted(train, start), seed, data, ...own({ task, model, train })]
  return sha256(canonicalJson(trains)).slice(0, 16)
}

/** The same model, moved elsewhere or named by other patterns, is the same start; what is kept of a training is not part of it. */
function counted({ init, keepCheckpoint: _, ...train }: Spec['train'], start: string | undefined): object {
  if (init === undefined) return train
  return { ...train, init: start === undefined ? init : { take: init.take, start } }
}

/** What is done with a trained model: 8 hexadecimal digits of a hash of search method, metrics and the test split's digest. */
export function evaluationId({ decode, metrics }: Pick<Spec, 'decode' | 'metrics'>, testDigest: string): string {
  return sha256(canonicalJson([decode, metrics, testDigest, ...own({ decode, metrics })])).slice(0, 8)
}

/** Several trained models that predict together under one evaluation: 8 hexadecimal digits of a hash of their ids and its. */
export function ensembleId(trialIds: readonly string[], evaluation: string): string {
  return sha256(canonicalJson([[...trialIds].sort(), evaluation])).slice(0, 8)
}

/** Nothing where all parts are the program's. */
function own(sections: Partial<Spec>): readonly (readonly string[])[] {
  const digests = ownDigests(sections)
  return digests === undefined ? [] : [digests]
}
