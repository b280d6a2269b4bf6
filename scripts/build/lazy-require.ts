import type { Plugin } from 'rolldown'

/**
 * `createRequire(import.meta.url)('name')` becomes `require('name')`, which the bundler builds in and evaluates at the call:
 * a library that a command rarely needs costs nothing before that.
 */
export const lazyRequire: Plugin = {
  name: 'lazy-require',
  transform: {
    filter: { id: /\/src\/.*\.ts$/, code: 'createRequire(import.meta.url)(' },
    handler: (code) => code.replace(/createRequire\(import\.meta\.url\)\(('[^']+')\)/g, 'require($1)'),
  },
}
