import { defineConfig } from 'vitest/config'
import { common } from './test/support/vitest-settings.js'

// What the built program does as processes, each test by several real runs: stopped, killed and gone on with, growing studies,
// own parts. Apart from the others, so that these stay short.
export default defineConfig({
  test: { ...common, include: ['test/**/*.processes.ts'], isolate: false },
})
