import { defineConfig } from 'vitest/config'

// Every study made short, by the real command: apart from the others, because all together take minutes.
export default defineConfig({
  test: {
    globalSetup: 'test/support/temporary-folder.ts',
    include: ['test/studies/**/*.studies.ts'],
    testTimeout: 600_000,
    hookTimeout: 120_000,
  },
})
