import { toPlainError } from '../../core/errors.js'
import type { RunRecord } from '../../store/index.js'

/** Makes the page of a published trial in its folder. */
export type RenderPage = (directory: string, record: RunRecord) => Promise<void>

/** Pages are made while other trials train; one that cannot be made is a warning. */
export interface Pages {
  render(directory: string, record: RunRecord): void
  settled(): Promise<void>
}

export function createPages(renderPage: RenderPage | undefined, warn: (message: string) => void): Pages {
  const pages: Promise<void>[] = []
  const attempt = async (render: RenderPage, directory: string, record: RunRecord) => {
    try {
      await render(directory, record)
    } catch (error) {
      warn(`No page could be made for trial ${record.trialId}: ${toPlainError(error).message}`)
    }
  }
  return {
    render: (directory, record) => {
      if (renderPage !== undefined) pages.push(attempt(renderPage, directory, record))
    },
    settled: async () => {
      await Promise.all(pages)
    },
  }
}
