import type { Plugin } from 'rolldown'

/** What a script that runs exported forms alone has in the place of modules that it imports and never uses. */
const empty: Readonly<Record<string, string>> = {
  // Functions that it is given are never traced.
  '/core/tf.js': 'export const tf = {}',
  // Schemas are read by what reads specs.
  typebox: 'const schema = () => ({ properties: {} })\nexport default new Proxy({}, { get: () => schema })',
}

export const exportedAlone: Plugin = {
  name: 'exported-alone',
  resolveId: (id, importer) => {
    const path =
      id === './tf.js' && importer?.includes('/core/') ? '/core/tf.js' : id.replace(/^.*(\/core\/tf\.js)$/, '$1')
    return Object.hasOwn(empty, path) ? `\0${path}` : null
  },
  load: (id) => (id.startsWith('\0') ? (empty[id.slice(1)] ?? null) : null),
}
