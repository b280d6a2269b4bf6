/** A number of JSON with all that is written of it: `1.10` is another label than `1.1`, and not every number is a double. */
export class WrittenNumber {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }

  get value(): number {
    return Number(this.#text)
  }
}

/** Strings whole, and numbers outside of them. */
const tokens = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/gs

/** What JSON.parse makes of a text, with a WrittenNumber for each of its numbers. Throws SyntaxError as JSON.parse does. */
export function withWrittenNumbers(text: string): unknown {
  const plain: unknown = JSON.parse(text)
  const written: WrittenNumber[] = []
  // The places of numbers are numbers themselves: nothing else of the text can be taken for one.
  const numbered = text.replace(tokens, (token) =>
    token.startsWith('"') ? token : `${written.push(new WrittenNumber(token)) - 1}`,
  )
  if (written.length === 0) return plain
  return JSON.parse(numbered, (_, value: unknown) => (typeof value === 'number' ? written[value] : value))
}

/** A value of such JSON as it is written, but for the spaces between its parts. */
export function writtenJson(value: unknown): string {
  if (value instanceof WrittenNumber) return `${value}`
  if (Array.isArray(value)) return `[${value.map(writtenJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([key, of]) => `${JSON.stringify(key)}:${writtenJson(of)}`)
    .join(',')}}`
}
