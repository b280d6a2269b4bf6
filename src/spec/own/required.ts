import { SeqlabError } from '../../core/errors.js'
import { shellLine } from '../../core/shell.js'
import { ownFiles } from './given.js'

/** A file of own parts that a trained model needs, as its model.json names it. */
export interface RequiredParts {
  /** The file's name, without its folder. */
  readonly file: string
  readonly digest: string
}

/** Throws SeqlabError 'run' where a model needs own parts that this command was not given, with both digests where another text was. */
export function requireParts(required: readonly RequiredParts[], path: string): void {
  const given = ownFiles()
  const missing = required.find(({ digest }) => given.every((own) => own.digest !== digest))
  if (missing === undefined) return
  const others = given.map((own) => `${own.file} (digest ${short(own.digest)})`)
  const received = others.length === 0 ? 'no --parts was given' : `what was given is ${others.join(' and ')}`
  const { file, digest } = missing
  throw new SeqlabError('run', `${path} was trained with parts of ${file} (digest ${short(digest)}); ${received}`, {
    hint: `Give the file as it was then: --parts ${shellLine([file])}.`,
  })
}

const short = (digest: string) => digest.slice(0, 12)
