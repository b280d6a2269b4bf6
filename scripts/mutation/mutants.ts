// The small changes that mutation testing makes to a file, one at a time. Types, imports and what only describes a part
// (summary, equations, source, description) are left alone: they are compared with the generated docs.
import { parseAst } from 'rolldown/parseAst'

export interface Mutant {
  readonly start: number
  readonly end: number
  readonly replacement: string
}

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

/** Every change to a file's text, in the text's order. */
export function mutantsOf(text: string): readonly Mutant[] {
  const found: Mutant[] = []
  visit(parseAst(text, { lang: 'ts' }), text, found)
  return found.sort((a, b) => a.start - b.start || a.end - b.end)
}

/** `counts`: in what a `for` counts by. Counting the other way never ends, which anything would notice after a long time. */
function visit(value: unknown, text: string, found: Mutant[], counts = false): void {
  if (Array.isArray(value)) for (const item of value) visit(item, text, found, counts)
  if (!isNode(value) || isLeftAlone(value) || (counts && value.type === 'UpdateExpression')) return
  const change = changes[value.type]
  if (change !== undefined) found.push(...change(value, text))
  const { type } = value
  const stillCounts = (field: string) =>
    type === 'ForStatement' ? field === 'update' : counts && type === 'SequenceExpression'
  for (const [field, child] of Object.entries(value))
    if (field !== 'type') visit(child, text, found, stillCounts(field))
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

const describing = new Set(['summary', 'equations', 'source', 'description', 'hint', 'message', 'title'])

function isLeftAlone(node: Node): boolean {
  if (node.type === 'ImportDeclaration' || /^TS(Type|Interface|.*Keyword$)/.test(node.type)) return true
  return node.type === 'Property' && isNode(node.key) && describing.has(String(node.key.name))
}

const swapped: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '**': ['*'],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
}

const changes: Readonly<Record<string, (node: Node, text: string) => readonly Mutant[]>> = {
  BinaryExpression: withOtherOperator,
  LogicalExpression: withOtherOperator,
  ConditionalExpression: ({ test }) => replaced(test, 'true', 'false'),
  IfStatement: ({ test }) => replaced(test, 'true', 'false'),
  Literal: (node) => literals(node),
  UnaryExpression: ({ operator, start, argument }) => {
    if ((operator !== '-' && operator !== '!') || !isNode(argument)) return []
    return [{ start, end: argument.start, replacement: '' }]
  },
  UpdateExpression: ({ operator, prefix, start, end }) => {
    const other = operator === '++' ? '--' : '++'
    return [{ start: prefix === true ? start : end - 2, end: prefix === true ? start + 2 : end, replacement: other }]
  },
  AssignmentExpression: ({ operator, left, right }, text) => {
    if (operator !== '+=' && operator !== '-=') return []
    return between(left, right, text, String(operator), operator === '+=' ? '-=' : '+=')
  },
  ArrayExpression: ({ start, end, elements }) =>
    Array.isArray(elements) && elements.length > 0 ? [{ start, end, replacement: '[]' }] : [],
  CallExpression: withoutCall,
  ExpressionStatement: ({ start, end, expression }) =>
    isNode(expression) && expression.type !== 'Literal' ? [{ start, end, replacement: ';' }] : [],
}

function withOtherOperator({ operator, left, right }: Node, text: string): readonly Mutant[] {
  return (swapped[String(operator)] ?? []).flatMap((other) => between(left, right, text, String(operator), other))
}

/** The operator between two operands (strings are only ever added: `'a' - 'b'` would be no change that anybody makes). */
function between(left: unknown, right: unknown, text: string, operator: string, other: string): readonly Mutant[] {
  if (!isNode(left) || !isNode(right) || (operator === '+' && [left, right].some(isText))) return []
  const start = text.indexOf(operator, left.end)
  return start < 0 || start >= right.start ? [] : [{ start, end: start + operator.length, replacement: other }]
}

function isText({ type, value }: Node): boolean {
  return type === 'TemplateLiteral' || (type === 'Literal' && typeof value === 'string')
}

function replaced(node: unknown, ...by: readonly string[]): readonly Mutant[] {
  return isNode(node) ? by.map((replacement) => ({ start: node.start, end: node.end, replacement })) : []
}

function literals({ value, start, end }: Node): readonly Mutant[] {
  if (typeof value === 'boolean') return [{ start, end, replacement: String(!value) }]
  if (typeof value !== 'number') return []
  // Whole numbers by one, others by a tenth: 0.95 must not become 1.95, which anything would notice.
  const other = Number.isInteger(value) ? value + 1 : value * 1.1
  return [{ start, end, replacement: String(other) }]
}

// A Map: an object would have a `toString` of its own.
const otherCalls = new Map([
  ['min', 'max'],
  ['max', 'min'],
  ['some', 'every'],
  ['every', 'some'],
  ['floor', 'ceil'],
  ['ceil', 'floor'],
])
const droppable = new Set(['filter', 'sort', 'toSorted', 'slice', 'reverse', 'trim', 'normalize', 'flat'])

/** `xs.filter(f)` -> `xs`; `Math.min` <-> `Math.max`; `some` <-> `every`. */
function withoutCall({ callee, end }: Node): readonly Mutant[] {
  if (!isNode(callee) || callee.type !== 'MemberExpression') return []
  const { property, object } = callee
  if (!isNode(property) || !isNode(object)) return []
  const name = String(property.name)
  if (droppable.has(name)) return [{ start: object.end, end, replacement: '' }]
  const other = otherCalls.get(name)
  return other === undefined ? [] : replaced(property, other)
}
