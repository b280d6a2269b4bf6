import { parseAst } from 'rolldown/parseAst'

// Counts where TypeScript's checks are set aside, by the syntax tree (oxc's parser, which comes with rolldown).

export const kinds = ['as', '<T>x', '!', 'any', 'return-only', 'given'] as const
/**
 * `as` and `<T>x`, but not `as const`; `x!` and `x!: T`; `any`; type parameters of a function that occur in its result alone;
 * calls that give such a type argument, which is a cast by another name.
 */
export type Kind = (typeof kinds)[number]
export type Counts = Readonly<Record<Kind, number>>

/** One place that is counted. */
export interface Found {
  readonly kind: Kind
  readonly offset: number
}

interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly [field: string]: unknown
}

/** Libraries whose functions have type parameters that occur in the result alone: `tf.sum<Scalar>(x)`. */
const libraries: ReadonlySet<unknown> = new Set(['tf'])

/** Every place in a source text; `returnOnly` are names of functions of `returnOnlyFunctions`. */
export function findCasts(text: string, returnOnly: ReadonlySet<string>): Found[] {
  const found: Found[] = []
  walk(parse(text), (node) => {
    for (const kind of kindsOf(node, returnOnly)) found.push({ kind, offset: node.start })
  })
  return found
}

/** Names of functions and methods of a source text that have a type parameter which occurs in the result alone. */
export function returnOnlyFunctions(text: string): string[] {
  const names: string[] = []
  walk(parse(text), (node, parent) => {
    if (returnOnlyParameters(node).length === 0) return
    const name = nameOf(node.id) ?? nameOf(node.key) ?? nameOf(parent?.id) ?? nameOf(parent?.key)
    if (name !== undefined) names.push(name)
  })
  return names
}

function kindsOf(node: SyntaxNode, returnOnly: ReadonlySet<string>): Kind[] {
  switch (node.type) {
    case 'TSAsExpression':
      return isConst(node.typeAnnotation) ? [] : ['as']
    case 'TSTypeAssertion':
      return isConst(node.typeAnnotation) ? [] : ['<T>x']
    case 'TSNonNullExpression':
      return ['!']
    case 'TSAnyKeyword':
      return ['any']
    case 'CallExpression':
      return givesReturnOnly(node, returnOnly) ? ['given'] : []
    default:
      return [
        ...(node.definite === true ? ['!' as const] : []),
        ...returnOnlyParameters(node).map(() => 'return-only' as const),
      ]
  }
}

function isConst(type: unknown): boolean {
  return isNode(type) && type.type === 'TSTypeReference' && nameOf(type.typeName) === 'const'
}

function givesReturnOnly({ callee, typeArguments }: SyntaxNode, returnOnly: ReadonlySet<string>): boolean {
  if (!isNode(typeArguments) || !isNode(callee)) return false
  const name = nameOf(callee) ?? nameOf(callee.property)
  return libraries.has(nameOf(callee.object)) || (name !== undefined && returnOnly.has(name))
}

/** Names of a function's type parameters that occur in its result and nowhere else in its signature. */
function returnOnlyParameters({ typeParameters, params, returnType }: SyntaxNode): string[] {
  if (!isNode(typeParameters) || !isNode(returnType) || !Array.isArray(typeParameters.params)) return []
  const declared: unknown[] = typeParameters.params
  const names = declared.flatMap((parameter) => (isNode(parameter) ? (nameOf(parameter.name) ?? []) : []))
  const bounds = declared.flatMap((parameter) => (isNode(parameter) ? [parameter.constraint, parameter.default] : []))
  const elsewhere = namesIn([params, bounds])
  const inResult = namesIn(returnType)
  return names.filter((name) => inResult.has(name) && !elsewhere.has(name))
}

function namesIn(tree: unknown): Set<string> {
  const names = new Set<string>()
  walk(tree, (node) => {
    const name = nameOf(node)
    if (name !== undefined) names.add(name)
  })
  return names
}

function nameOf(node: unknown): string | undefined {
  return isNode(node) && node.type === 'Identifier' && typeof node.name === 'string' ? node.name : undefined
}

function parse(text: string): unknown {
  return parseAst(text, { lang: 'ts' })
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

function walk(
  tree: unknown,
  visit: (node: SyntaxNode, parent: SyntaxNode | undefined) => void,
  parent?: SyntaxNode,
): void {
  if (typeof tree !== 'object' || tree === null) return
  const node = isNode(tree) ? tree : undefined
  if (node !== undefined) visit(node, parent)
  for (const child of Object.values(tree)) walk(child, visit, node ?? parent)
}
