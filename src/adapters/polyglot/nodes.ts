/** Reading the library's syntax tree. Every node is `{ kind: body }`; what a printer does not name must be empty. */

/** What this translation cannot do, with a hint where it stands in the text. */
export class Unsupported extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly remedy: string,
    /** An offset in code points, or a word to look for. */
    readonly near: number | string | null,
  ) {
    super(message)
  }
}

/** A kind of node that has no translation: a function, if the text has a word like the kind before a parenthesis. */
export class UnknownNode extends Unsupported {
  constructor(
    readonly kind: string,
    near: number | null,
  ) {
    super('sql.unsupported_syntax', `${spell(kind)} is not supported here`, 'Write the query without it.', near ?? kind)
  }
}

export type Body = Readonly<Record<string, unknown>>

export interface Node {
  kind: string
  body: Body
}

/** An object's fields; {} for anything else. */
export function bodyOf(value: unknown): Body {
  return typeof value === 'object' && value !== null ? (value as Body) : {}
}

/** The node in `{ kind: body }`. Unit variants come as the bare string `kind` or with a null body. */
export function nodeOf(value: unknown): Node {
  if (typeof value === 'string') return { kind: value, body: {} }
  const entries = Object.entries(bodyOf(value))
  const [entry] = entries
  if (!entry || entries.length !== 1) throw unsupportedSyntax('This construct', findOffset(value))
  return { kind: entry[0], body: bodyOf(entry[1]) }
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The text of an identifier object or string. */
export function nameOf(value: unknown): string {
  if (typeof value === 'string') return value
  const { name } = bodyOf(value)
  if (typeof name !== 'string') throw unsupportedSyntax('A name of this form', findOffset(value))
  return name
}

/** Fields that never change a result: comments, places, spellings, optimizer hints. */
const SPELLING = new Set(
  `span name original_name quoted alias_explicit_as alias_keyword alias_first use_inner_keyword use_outer_keyword explicit_asc
  kind_text start_side_text end_side_text double_colon_syntax no_parens use_bracket_syntax sql_standard_syntax position_explicit
  from_for_syntax hint hints inferred_type operator_comments left_comments leading_comments trailing_comments pre_alias_comments
  pre_comments`.split(/\s+/),
)

export function isEmpty(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    value === false ||
    value === 0 ||
    value === '' ||
    (Array.isArray(value) && value.length === 0)
  )
}

/**
 * The body of a node of which the caller handles the `known` fields. Any other field that says something would be lost in
 * silence, so it is refused.
 */
export function fields(node: Node, ...known: string[]): Body {
  for (const [key, value] of Object.entries(node.body)) {
    if (known.includes(key) || SPELLING.has(key) || isEmpty(value)) continue
    throw unsupportedSyntax(`${spell(node.kind)} with ${spell(key)}`, findOffset(node.body))
  }
  return node.body
}

export function unsupportedSyntax(what: string, near: number | string | null): Unsupported {
  return new Unsupported('sql.unsupported_syntax', `${what} is not supported here`, 'Write the query without it.', near)
}

export function unsupportedFunction(name: string): Unsupported {
  return new Unsupported(
    'sql.unsupported_function',
    `The function ${name} is not supported here`,
    'Write the expression with other functions.',
    name,
  )
}

/** `lateral_views` as LATERAL VIEWS. */
export function spell(kind: string): string {
  return kind.replace(/_$/, '').replaceAll('_', ' ').toUpperCase()
}

/** The first place that anything inside the value has, in code points. */
export function findOffset(value: unknown): number | null {
  if (typeof value !== 'object' || value === null) return null
  const span = bodyOf((value as Body).span)
  if (typeof span.start === 'number') return span.start
  let first: number | null = null
  for (const child of Object.values(value)) {
    const found = findOffset(child)
    if (found !== null && (first === null || found < first)) first = found
  }
  return first
}

/** The node inside any parentheses. */
export function unwrap(value: unknown): Node {
  let node = nodeOf(value)
  while (node.kind === 'paren') node = nodeOf(fields(node, 'this').this)
  return node
}

/** A string literal's value, or null for any other node. */
export function stringLiteral(value: unknown): string | null {
  const literal = literalOf(value)
  return literal && (literal.type === 'string' || literal.type === 'raw_string') ? literal.value : null
}

/** An integer literal's value, a minus before it included, or null for any other node. */
export function integerLiteral(value: unknown): number | null {
  const node = unwrap(value)
  if (node.kind === 'neg') {
    const inner = integerLiteral(node.body.this)
    return inner === null ? null : -inner
  }
  const literal = literalOf(value)
  return literal && literal.type === 'number' && /^\d+$/.test(literal.value) ? Number(literal.value) : null
}

export function literalOf(value: unknown): { type: string; value: string } | null {
  const node = unwrap(value)
  if (node.kind !== 'literal') return null
  const { literal_type: type, value: text } = node.body
  return typeof type === 'string' && typeof text === 'string' ? { type, value: text } : null
}
