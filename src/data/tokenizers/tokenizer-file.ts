import Type from 'typebox'
import { wordMark } from '../../core/pieces.js'
import { dataError } from '../data-error.js'
import { readBytes } from '../reading/files.js'
import { sideOptions } from './side.js'
import { subwordTokenizer } from './subwords/encode.js'
import { fromTokenizerJson } from './subwords/from-json.js'
import { fromSentencepiece } from './subwords/from-sentencepiece.js'
import type { SubwordState } from './subwords/state.js'
import { defineTokenizer } from './types.js'

export const tokenizerFile = defineTokenizer({
  name: 'tokenizer-file',
  summary:
    'Pieces of words as a tokenizer.json (BPE or Unigram of Hugging Face) or a sentencepiece model cuts them. Pieces that the training split does not have are unknown.',
  equations: [],
  source: {
    paper: 'Kudo & Richardson 2018, SentencePiece; Hugging Face tokenizers 0.23',
    url: 'https://aclanthology.org/D18-2012/',
  },
  options: Type.Object({
    path: Type.String({ minLength: 1, description: 'The file: a tokenizer.json or a sentencepiece .model.' }),
    ...sideOptions,
  }),
  joiner: wordMark,
  read: async ({ path }, baseDir) => stateIn(await readBytes(path, baseDir), path),
  build: ({ normalise }, state) => subwordTokenizer(state, normalise),
})

/** JSON begins with a brace, and no sentencepiece model does. */
function stateIn(bytes: Uint8Array, path: string): SubwordState {
  const isJson = bytes.find((byte) => byte > 32) === 123
  const state = isJson ? fromTokenizerJson(new TextDecoder().decode(bytes)) : fromSentencepiece(bytes)
  if (typeof state === 'string') throw dataError(path, `the tokenizer's file ${state}`)
  if (state.pieces.length === 0) throw dataError(path, "the tokenizer's file has no pieces")
  return state
}
