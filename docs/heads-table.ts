import { searchMethods } from '../src/decode/index.js'
import { contexts } from '../src/model/context/index.js'
import { heads } from '../src/model/heads/index.js'
import type { HeadPart } from '../src/model/heads/types.js'
import { createValidate } from '../src/spec/document/validate.js'
import { readYaml } from '../src/spec/document/yaml.js'
import { resolveSpec } from '../src/spec/plan/resolve.js'
import { specSchema } from '../src/spec/schema.js'
import { tasks } from '../src/task/index.js'
import type { TaskPart } from '../src/task/types.js'

/** One way of using a head, as a spec has it: what is `none` is left out. */
interface Use {
  readonly head: string
  readonly task: TaskPart
  readonly context: string
  readonly search: string
}

const none = 'none'

/** The documentation's table of heads: what each goes with, and where it is refused, by the rules that check a spec. */
export function headsTable(): string {
  const check = checker()
  const taking = Object.values<TaskPart>(tasks.parts).filter(({ sections }) => sections.head !== 'refused')
  const rows = heads.names.flatMap((head) => taking.flatMap((task) => rowsOf(head, task, check)))
  return [
    '## Heads by task, context and search',
    'What works, and what is refused and why, by the rules that check a spec (`-`: the task has no context).',
    ['| Head | Task | Context | Search | Refused |', '|---|---|---|---|---|', ...rows].join('\n'),
    withoutTransducer,
  ].join('\n\n')
}

const withoutTransducer = `The edit transducer of [Makarov & Clematide 2018](https://aclanthology.org/C18-1008/) is not among them. By its static oracle, a step
of training would be that of a decoder whose context is the encoder's state at a pointer known beforehand. But what it writes are
edits (write, copy, delete), of which there are more than symbols of the target: buckets of lengths, losses a symbol, searches,
\`score\` (several edits give one output) and the ids of symbols would all have to know them. \`hard-monotonic-attention\` sums
over all monotonic alignments of the same kind instead.`

/** A row for each context; the searches do not depend on it. */
function rowsOf(head: string, task: TaskPart, check: (use: Use) => readonly string[]): readonly string[] {
  const from = task.sections.context === 'refused' ? [none] : contexts.names
  const alone = from.map((context) => ({ context, reasons: check({ head, task, context, search: none }) }))
  const working = alone.find(({ reasons }) => reasons.length === 0)
  const asked = task.decodes ? searchMethods.names : ['beam']
  const searches = asked.map((search) => {
    return { search, reasons: working === undefined ? [] : check({ head, task, context: working.context, search }) }
  })
  const found = searches.flatMap(({ search, reasons }) => (reasons.length === 0 ? [`\`${search}\``] : []))
  const refused = searches.flatMap(({ search, reasons }) => reasons.map((reason) => `\`${search}\`: ${reason}`))
  return alone.map(({ context, reasons }) => {
    const works = reasons.length === 0
    const why = works ? refused : reasons
    const how = found.length > 0 ? found.join(', ') : (exactSearchOf(head) ?? 'none')
    const cells = [`\`${head}\``, `\`${task.name}\``, context === none ? '-' : `\`${context}\``]
    const row = [...cells, works ? how : '', [...new Set(why)].join('; ')]
    return `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  })
}

function exactSearchOf(head: string): string | undefined {
  const part: HeadPart = heads.get(head)
  return part.exactSearch
}

/** Why a use is refused; nothing where it works. */
function checker(): (use: Use) => readonly string[] {
  const [schema, validate] = [specSchema(), createValidate()]
  return (use) => {
    // JSON is YAML.
    const read = readYaml(JSON.stringify(specOf(use)), 'heads.yaml')
    if ('problems' in read || read.node.kind !== 'map') throw new TypeError('a spec is a map')
    return resolveSpec(schema, validate, read.node, 'heads.yaml').problems.map(({ message }) => message)
  }
}

function specOf({ head, task, context, search }: Use): object {
  const { sections, sides } = task
  const side = { representation: { type: 'embedding', size: 4 } }
  const layer = { cell: 'gru', hidden: 4 }
  const has = (section: keyof typeof sections) => sections[section] !== 'refused'
  return {
    task: task.name,
    data: dataOf(sides.target === 'none'),
    model: {
      ...(has('source') && { source: side }),
      ...(has('target') && { target: side }),
      ...(has('encoder') && { encoder: layer }),
      ...(context !== none && { context: { from: context, ...contextOptions[context] } }),
      ...(has('decoder') && { decoder: { ...layer, receives: context === none ? 'initial-state' : 'every-step' } }),
      head,
    },
    train: { optimizer: { type: 'adam', learningRate: 0.01 }, batchSize: 2, steps: 1, validate: { every: 1 } },
    ...(search !== none && { decode: search === 'beam' ? { type: search, width: 2 } : search }),
  }
}

/** What must be given, where something must. */
const contextOptions: Readonly<Record<string, object>> = {
  transform: { map: 'tanh' },
  attention: { scorer: 'dot' },
}

function dataOf(isText: boolean): object {
  const pairs = [['a b', 'c d']]
  const inline = { type: 'inline', train: pairs, dev: pairs, test: pairs }
  return { source: isText ? { type: 'text', text: 'a b\nc d\ne f\n' } : inline }
}
