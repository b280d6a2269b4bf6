import { defineConfig } from 'vitest/config'

// The program as others get it: packed and installed, and built from sources with a part more. Apart from the others, as
// each packs, installs or builds all of it.
export default defineConfig({
  test: {
    globalSetup: 'test/support/temporary-folder.ts',
    include: ['test/package/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
