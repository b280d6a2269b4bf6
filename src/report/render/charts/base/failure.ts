/** What stands in a picture's place; assertions of the chart library have no message. */
export function failureText(error: unknown): string {
  const message = error instanceof Error ? error.message.trim() : String(error)
  return `The figure could not be drawn: ${message === '' ? 'the chart library gave no reason' : message}.`
}
