// What mutation testing changes, and which tests must notice.

export interface Area {
  readonly name: string
  /** Folders of src/. */
  readonly folder: string
  /** Patterns of test files; of these, the ones that import the changed file are run. */
  readonly tests: readonly string[]
  /** Slower ones, for what those did not notice, one lot after the other. */
  readonly further: readonly (readonly string[])[]
  /** Of the first, only those that are named after the changed file (cost.test.ts), where there are such. */
  readonly ownFirst?: boolean
}

// Defaults and bounds of options: docs/options.md and the schema files are compared with what the parts declare.
const declarations = ['test/docs/options.test.ts', 'test/spec/schema.test.ts']

export const areas: readonly Area[] = [
  // Without the simulations of thousands of studies, which would take a minute for each change.
  {
    name: 'stats',
    folder: 'src/stats',
    tests: ['test/stats/!(simulation).test.ts'],
    further: [],
  },
  {
    name: 'metrics',
    folder: 'src/metrics',
    tests: ['test/metrics/**/*.test.ts'],
    further: [declarations, ['test/task/**/*.test.ts']],
  },
  {
    name: 'decode',
    folder: 'src/decode',
    tests: ['test/decode/**/*.test.ts'],
    further: [declarations, ['test/train/searches.test.ts']],
  },
  {
    name: 'data',
    folder: 'src/data',
    tests: ['test/data/**/*.test.ts'],
    further: [declarations, ['test/data/**/*.test.ts', 'test/task/**/*.test.ts']],
    ownFirst: true,
  },
  {
    name: 'schedules',
    folder: 'src/train/schedules',
    tests: ['test/train/schedules.test.ts'],
    further: [declarations, ['test/train/rules.test.ts']],
  },
  {
    name: 'optimizers',
    folder: 'src/train/optimizers',
    tests: ['test/train/optimizers.test.ts'],
    further: [declarations, ['test/train/rules.test.ts']],
  },
  // Everything that reads a spec imports a plan's files: with all of those tests, a change would take minutes.
  {
    name: 'plan',
    folder: 'src/spec/plan',
    tests: ['test/spec/plan/**/*.test.ts'],
    further: [],
    ownFirst: true,
  },
  // Those that have studies on disk, and pages, take seconds each: they come last.
  {
    name: 'analysis',
    folder: 'src/report/analysis',
    tests: [
      'test/report/analysis/**/!(copies|curve-claims|settings-claims|evaluations).test.ts',
      'test/report/changes.test.ts',
    ],
    further: [
      ['test/spec/schema.test.ts'],
      [
        'test/report/analysis/{copies,curve-claims,settings-claims,evaluations}.test.ts',
        'test/report/{live,render}/*.test.ts',
        // It changes the working folder, which a thread may not.
        'test/report/!(playground-limit).test.ts',
      ],
    ],
  },
]
