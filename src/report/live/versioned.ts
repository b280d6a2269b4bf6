/** Values that know when they last changed. */
export interface Versioned<Value> {
  /** Whether this is another value than before. */
  set(key: string, value: Value, version: number): boolean
  get(key: string): Value | undefined
  delete(key: string): void
  keys(): string[]
  /** Those that changed after a version. */
  since(version: number): Value[]
}

export function versioned<Value>(): Versioned<Value> {
  const entries = new Map<string, { readonly value: Value; readonly text: string; readonly version: number }>()
  return {
    set: (key, value, version) => {
      const text = JSON.stringify(value)
      if (entries.get(key)?.text === text) return false
      entries.set(key, { value, text, version })
      return true
    },
    get: (key) => entries.get(key)?.value,
    delete: (key) => void entries.delete(key),
    keys: () => [...entries.keys()],
    since: (version) => [...entries.values()].filter((entry) => entry.version > version).map(({ value }) => value),
  }
}
