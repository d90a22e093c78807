import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseFile } from './parse'
import type { SqlText } from './project'
import type { AutoCdcFlow, DatasetStatement } from './statements'
import { tokenize } from './tokens'

/** A keyword, whose case is free, or a token that stays as it is. */
type Piece = { keyword: string } | { as: string }

const words = (text: string): Piece[] => text.split(' ').map((keyword) => ({ keyword }))
const list = (items: Piece[][]): Piece[] => [
  { as: '(' },
  ...items.flatMap((item, index) => (index === 0 ? item : [{ as: ',' }, ...item])),
  { as: ')' },
]
const quoted = (text: string): Piece => ({ as: `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'` })

const BETWEEN = [' ', '\t', '\n', '\r\n', '\r', '/* ; */', "/* it's /* ) nested */ , */", '-- ; "\n', '--`\r\n', '--\r']
const CASES = [
  (text: string) => text,
  (text: string) => text.toLowerCase(),
  (text: string) => [...text].map((char, index) => (index % 2 === 0 ? char.toLowerCase() : char)).join(''),
]

/** The pieces as a text, with blanks, comments and line ends between them. */
const laidOut = (pieces: Piece[]) => {
  const count = pieces.length
  const cases = fc.array(fc.constantFrom(...CASES), { minLength: count, maxLength: count })
  const gap = fc.array(fc.constantFrom(...BETWEEN), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''))
  const gaps = fc.array(gap, { minLength: count, maxLength: count })
  return fc
    .tuple(cases, gaps)
    .map(([how, between]) =>
      pieces
        .map((piece, index) => ('as' in piece ? piece.as : (how[index]?.(piece.keyword) ?? '')) + between[index])
        .join(''),
    )
}

/** What an identifier is called, and how it is written. */
const identifier = fc.oneof(
  fc
    .constantFrom('a', 'columns', 'comment', 'größe', '売上', 'once', 'stream', '_x', 'keys')
    .map((name) => ({ name, as: name })),
  fc
    .string({ unit: fc.constantFrom('a', ' ', '.', '`', ';', "'", '-', '(', 'é'), minLength: 1, maxLength: 6 })
    .map((name) => ({ name, as: `\`${name.replaceAll('`', '``')}\`` })),
)
const text = fc.string({
  unit: fc.constantFrom('a', ' ', "'", '"', ';', '\\', '\n', '(', '--', '/*', 'ü'),
  maxLength: 6,
})
const qualified = fc.array(identifier, { minLength: 1, maxLength: 3 })
const dotted = (parts: { as: string }[]): Piece[] =>
  parts.flatMap((part, index) => (index === 0 ? [part] : [{ as: '.' }, part]))
const namesOf = (parts: readonly { name: string }[]) => parts.map(({ name }) => name)
const someNames = fc.uniqueArray(identifier, { minLength: 1, maxLength: 3, selector: ({ name }) => name.toLowerCase() })
const expression = fc.oneof(
  identifier.map((name): Piece[] => [name]),
  fc.tuple(identifier, text).map(([name, value]): Piece[] => [name, { as: '<>' }, quoted(value)]),
  identifier.map((name): Piece[] => [{ as: 'nvl' }, { as: '(' }, name, { as: ',' }, { as: '(1)' }, { as: ')' }]),
)

/** The tokens of a kept text are those of its pieces, whatever stands between them. */
const tokensOf = (sql: string) => tokenize(sql).map(({ kind, value }) => `${kind} ${value}`)
function expectPieces(kept: SqlText | null, pieces: Piece[]): void {
  const written = pieces.map((piece) => ('as' in piece ? piece.as : piece.keyword)).join(' ')
  expect(tokensOf(kept?.text ?? '')).toEqual(tokensOf(written))
}

function only<T extends 'flow' | 'dataset'>(sql: string, type: T) {
  const { statements, problems } = parseFile('t.sql', `${sql};`)
  expect(problems).toEqual([])
  expect(statements.map((statement) => statement.type)).toEqual([type])
  return statements[0]
}

const dataset = fc
  .record({
    kind: fc.constantFrom(
      ['MATERIALIZED VIEW', 'materialized_view'] as const,
      ['STREAMING TABLE', 'streaming_table'] as const,
    ),
    name: qualified,
    columns: someNames,
    notNull: fc.boolean(),
    rules: fc.array(fc.record({ name: identifier, expression, action: fc.constantFrom('warn', 'drop', 'fail') }), {
      maxLength: 2,
    }),
    comment: text,
    query: expression,
  })
  .chain((parts) => {
    const violation = { warn: [], drop: words('ON VIOLATION DROP ROW'), fail: words('ON VIOLATION FAIL UPDATE') }
    const columns = parts.columns.map((name): Piece[] => [
      name,
      { as: 'DECIMAL(9, 2)' },
      ...(parts.notNull ? words('NOT NULL') : []),
    ])
    const rules = parts.rules.map(({ name, expression: rule, action }): Piece[] => [
      ...words('CONSTRAINT'),
      name,
      ...words('EXPECT'),
      ...list([rule]),
      ...violation[action],
    ])
    const pieces = [
      ...words(`CREATE OR REFRESH ${parts.kind[0]}`),
      ...dotted(parts.name),
      ...list([...columns, ...rules, [...words('PRIMARY KEY'), ...list(parts.columns.map((name) => [name]))]]),
      ...words('COMMENT'),
      quoted(parts.comment),
      ...words('AS'),
      { as: 'SELECT' },
      ...parts.query,
    ]
    return fc.record({ parts: fc.constant(parts), sql: laidOut(pieces) })
  })

const cdcFlow = fc
  .record({
    name: qualified,
    target: qualified,
    source: qualified,
    stream: fc.constantFrom('no', 'word', 'parentheses'),
    keys: someNames,
    deleteWhen: expression,
    sequenceBy: expression,
    history: someNames,
    with: fc.shuffledSubarray(['delete', 'nulls', 'columns', 'type', 'history', 'type 1'] as const),
    sequenceAt: fc.nat(6),
  })
  .chain((parts) => {
    const scd2 = parts.with.includes('type') || parts.with.includes('history')
    const optional = {
      delete: [...words('APPLY AS DELETE WHEN'), ...parts.deleteWhen],
      nulls: words('IGNORE NULL UPDATES'),
      columns: [...words('COLUMNS'), { as: '*' }, ...words('EXCEPT'), ...list([[{ as: '`no key`' }]])],
      type: scd2 ? [...words('STORED AS SCD TYPE'), { as: '2' }] : [],
      history: [...words('TRACK HISTORY ON'), ...list(parts.history.map((name) => [name]))],
      'type 1': scd2 ? [] : [...words('STORED AS SCD TYPE'), { as: '1' }],
    } satisfies Record<(typeof parts.with)[number], Piece[]>
    const chosen = new Set(parts.with)
    if (chosen.has('history')) chosen.add('type')
    const clauses: Piece[][] = [...chosen].map((clause) => optional[clause])
    clauses.splice(parts.sequenceAt, 0, [...words('SEQUENCE BY'), ...parts.sequenceBy])
    const source = dotted(parts.source)
    const from = {
      no: source,
      word: [...words('STREAM'), ...source],
      parentheses: [...words('STREAM'), ...list([source])],
    }
    const pieces = [
      ...words('CREATE FLOW'),
      ...dotted(parts.name),
      ...words('AS AUTO CDC INTO'),
      ...dotted(parts.target),
      ...words('FROM'),
      ...from[parts.stream],
      ...words('KEYS'),
      ...list(parts.keys.map((name) => [name])),
      ...clauses.flat(),
    ]
    return fc.record({ parts: fc.constant(parts), scdType: fc.constant(scd2 ? 2 : 1), sql: laidOut(pieces) })
  })

describe('whatever blanks, comments, line ends and cases a statement is written with', () => {
  it('a dataset is read as its parts', () => {
    fc.assert(
      fc.property(dataset, ({ parts, sql }) => {
        const statement = only(sql, 'dataset') as DatasetStatement
        expect(statement).toMatchObject({ kind: parts.kind[1], comment: parts.comment })
        expect(statement.name.parts).toEqual(namesOf(parts.name))
        expect(statement.columns.map((column) => [column.name, column.type, column.notNull])).toEqual(
          parts.columns.map(({ name }) => [name, 'DECIMAL(9, 2)', parts.notNull]),
        )
        expect(statement.primaryKey?.columns).toEqual(namesOf(parts.columns))
        expect(statement.expectations.map(({ name, action }) => [name, action])).toEqual(
          parts.rules.map(({ name, action }) => [name.name, action]),
        )
        statement.expectations.forEach((rule, index) => {
          expectPieces(rule.expression, parts.rules[index]?.expression ?? [])
        })
        expectPieces(statement.query, [{ as: 'SELECT' }, ...parts.query])
      }),
      { numRuns: 500 },
    )
  })

  it('an AUTO CDC flow is read as its parts, its clauses in any order', () => {
    fc.assert(
      fc.property(cdcFlow, ({ parts, scdType, sql }) => {
        const flow = only(sql, 'flow') as AutoCdcFlow
        expect(flow).toMatchObject({
          kind: 'auto_cdc',
          once: false,
          scdType,
          ignoreNullUpdates: parts.with.includes('nulls'),
          source: { stream: parts.stream !== 'no' },
        })
        expect(flow.name.parts).toEqual(namesOf(parts.name))
        expect(flow.target.parts).toEqual(namesOf(parts.target))
        expect(flow.source.name.parts).toEqual(namesOf(parts.source))
        expect(namesOf(flow.keys)).toEqual(namesOf(parts.keys))
        expectPieces(flow.sequenceBy, parts.sequenceBy)
        if (parts.with.includes('delete')) expectPieces(flow.deleteWhen, parts.deleteWhen)
        else expect(flow.deleteWhen).toBeNull()
        const names = (selection: AutoCdcFlow['columns']) =>
          selection && [selection.except, ...namesOf(selection.columns)]
        expect(names(flow.columns)).toEqual(parts.with.includes('columns') ? [true, 'no key'] : null)
        expect(names(flow.trackHistory)).toEqual(
          parts.with.includes('history') ? [false, ...namesOf(parts.history)] : null,
        )
        for (const { name, position } of flow.keys) {
          expect(
            [name, `\`${name.replaceAll('`', '``')}\``].some((written) => sql.startsWith(written, position.offset)),
          ).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('the words of a flow in any order are a flow, or problems that lie inside the text', () => {
    const piece = fc.constantFrom(
      ...[
        'IGNORE NULL UPDATES',
        'APPLY AS DELETE WHEN',
        'SEQUENCE BY',
        'COLUMNS',
        '* EXCEPT',
        'STORED AS',
        'SCD TYPE 2',
      ],
      ...[
        'TRACK HISTORY ON',
        '(a, b)',
        '(',
        ')',
        '[',
        'k',
        '* 2',
        ';',
        "'",
        'FROM',
        'STREAM',
        'KEYS (k)',
        'ONCE',
        '--',
        '\n',
      ],
    )
    const start = fc.constantFrom(
      'CREATE FLOW f AS AUTO CDC',
      'APPLY CHANGES INTO t FROM s KEYS (k)',
      'CREATE FLOW f AS INSERT INTO',
    )
    fc.assert(
      fc.property(start, fc.array(piece, { maxLength: 12 }), (head, pieces) => {
        const sql = [head, ...pieces].join(' ')
        const lines = sql.split('\n')
        const { statements, problems } = parseFile('t.sql', sql)
        expect(statements.length + problems.length).toBeGreaterThan(0)
        for (const { line = 0, column = 0, remedy } of problems) {
          expect(remedy).toMatch(/\S/)
          expect(column).toBeGreaterThan(0)
          expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
