/** Where a comparison's page may lead. Only what exists is in it: a link to a page that was not written leads nowhere. */
export interface ComparisonLinks {
  /** Names of files beside the page. */
  readonly files: readonly string[]
  /** By a trial's folder, the address of its page. */
  readonly reports: Readonly<Record<string, string>>
  /** Address of the index of all runs. */
  readonly index?: string | undefined
}

export const noLinks: ComparisonLinks = { files: [], reports: {} }
