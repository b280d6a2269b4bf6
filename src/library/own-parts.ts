import { giveParts } from '../spec/own/given.js'

interface WithParts {
  readonly parts?: string | readonly string[] | undefined
}

/** Reads the files of own parts that a call's options name. */
export async function giveOwnParts({ parts }: WithParts): Promise<void> {
  await giveParts(listOf(parts))
}

/** The same as words of a command line. */
export function partsFlags(parts: WithParts['parts']): readonly string[] {
  return listOf(parts).flatMap((file) => ['--parts', file])
}

function listOf(parts: WithParts['parts'] = []): readonly string[] {
  return typeof parts === 'string' ? [parts] : parts
}
