import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'

/** Where the declarations of built-in libraries begin. */
const libraries: Readonly<Record<string, string>> = {
  typebox: 'node_modules/typebox/build/index.d.mts',
  '@tensorflow/tfjs-core': 'node_modules/@tensorflow/tfjs-core/dist/index.d.ts',
}

/** Copies a declaration file, and all that it reaches, to a folder; imports become relative ones with their endings. */
export function copyReachable(entry: string, target: string): void {
  const placeOf = places(dirname(entry), target)
  const waiting = [entry]
  for (const known = new Set(waiting); waiting.length > 0; ) {
    const file = waiting.shift() ?? ''
    const reach = (specifier: string) => {
      const reached = resolved(file, specifier)
      if (reached === undefined) return specifier
      if (!known.has(reached)) waiting.push(reached)
      known.add(reached)
      return specifierOf(placeOf(file), placeOf(reached))
    }
    const place = placeOf(file)
    const text = withSpecifiers(readFileSync(file, 'utf8'), reach)
    mkdirSync(dirname(place), { recursive: true })
    writeFileSync(place, place.startsWith(join(target, 'libraries')) ? unchecked(text) : text)
  }
}

/** Where a file goes: this package's own as they are, a library's into a folder of its own. */
function places(root: string, target: string): (file: string) => string {
  const roots = Object.entries(libraries).map(([name, entry]) => [dirname(resolve(entry)), name] as const)
  return (file) => {
    const [from, name] = roots.find(([folder]) => file.startsWith(folder + sep)) ?? [undefined, '']
    if (from === undefined) return join(target, relative(root, file))
    return join(target, 'libraries', name.replace('@', '').replace('/', '-'), relative(from, file))
  }
}

/** Undefined for modules of Node's. Throws RangeError for a library that has no declarations here. */
function resolved(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('node:')) return undefined
  // TF.js's own name for its files.
  const [, inner] = /^(?:@tensorflow\/tfjs-core)\/dist\/(.*)$/.exec(specifier) ?? []
  const core = dirname(libraries['@tensorflow/tfjs-core'] ?? '')
  const entry = libraries[specifier]
  if (entry !== undefined) return resolve(entry)
  if (inner === undefined && !specifier.startsWith('.')) throw new RangeError(`${file} imports ${specifier}`)
  return declarationOf(inner === undefined ? join(dirname(file), specifier) : resolve(core, inner))
}

function declarationOf(path: string): string {
  const plain = path.replace(/\.(m?)js$/, '')
  const candidates = [`${plain}.d.ts`, `${plain}.d.mts`, join(plain, 'index.d.ts')]
  const found = candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile())
  if (found === undefined) throw new RangeError(`There is no declaration of ${path}`)
  return found
}

/** `./tensor.js` for tensor.d.ts. */
function specifierOf(from: string, to: string): string {
  const path = relative(dirname(from), to).split(sep).join('/')
  const ended = path.replace(/\.d\.(m?)ts$/, '.$1js')
  return ended.startsWith('.') ? ended : `./${ended}`
}

/** Of a library: not checked for its users, who may lack types that it refers to (of browsers, of packages of its own). */
function unchecked(text: string): string {
  return `// @ts-nocheck\n${text.replace(/^\/\/\/ <reference .*\n/gm, '')}`
}

const specifiers = /((?:\bfrom|\bimport)\s*\(?\s*)(['"])([\w@./:-]+)\2/g

/** Specifiers outside of comments. */
function withSpecifiers(text: string, change: (specifier: string) => string): string {
  return text
    .split(/(\/\*[\s\S]*?\*\/)/)
    .map((piece) =>
      piece.startsWith('/*')
        ? piece
        : piece.replace(specifiers, (_, before: string, quote: string, specifier: string) => {
            return `${before}${quote}${change(specifier)}${quote}`
          }),
    )
    .join('')
}
