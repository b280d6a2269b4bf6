import { defineConfig } from 'vitest/config'

// Pages in a real browser: apart from the others, because not every machine has one.
export default defineConfig({
  test: {
    globalSetup: 'test/support/temporary-folder.ts',
    include: ['test/browser/**/*.browser.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
