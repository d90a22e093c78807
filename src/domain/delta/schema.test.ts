import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DeltaColumn, formatSchema, parseSchema } from './schema'
import { deltaType, duckdbType } from './types'

const plain = { nullable: true, comment: null, generationExpression: null }

describe('the schema of a table', () => {
  it('is written as Spark writes it', () => {
    const columns: DeltaColumn[] = [
      { name: 'id', type: 'BIGINT', nullable: false, comment: 'The "key"', generationExpression: null },
      { name: 'at', type: 'TIMESTAMP', ...plain },
      { name: 'day', type: 'DATE', ...plain, generationExpression: 'CAST(at AS DATE)' },
      { name: 'money', type: 'DECIMAL(15,2)', ...plain },
      { name: 'tags', type: 'VARCHAR[]', ...plain },
      { name: 'place', type: 'STRUCT(lat DOUBLE, "long name, (x)" STRUCT(a TINYINT[]))', ...plain },
    ]
    const schema: unknown = JSON.parse(formatSchema(columns))
    const field = (name: string, type: unknown, nullable = true, metadata = {}) => ({ name, type, nullable, metadata })
    expect(schema).toEqual({
      type: 'struct',
      fields: [
        field('id', 'long', false, { comment: 'The "key"' }),
        field('at', 'timestamp'),
        field('day', 'date', true, { 'delta.generationExpression': 'CAST(at AS DATE)' }),
        field('money', 'decimal(15,2)'),
        field('tags', { type: 'array', elementType: 'string', containsNull: true }),
        field('place', {
          type: 'struct',
          fields: [
            field('lat', 'double'),
            field('long name, (x)', {
              type: 'struct',
              fields: [field('a', { type: 'array', elementType: 'byte', containsNull: true })],
            }),
          ],
        }),
      ],
    })
  })

  it('is read back with the types that DuckDB has', () => {
    const text = JSON.stringify({
      type: 'struct',
      fields: [
        { name: 'a', type: 'timestamp_ntz', nullable: true, metadata: {} },
        {
          name: 'b',
          type: { type: 'map', keyType: 'string', valueType: 'decimal(38,10)', valueContainsNull: true },
          nullable: false,
        },
      ],
    })
    expect(parseSchema(text)).toEqual([
      { name: 'a', type: 'TIMESTAMP', ...plain },
      { name: 'b', type: 'MAP(VARCHAR, DECIMAL(38,10))', ...plain, nullable: false },
    ])
  })

  it('is the same after writing and reading, for every type that both sides have', () => {
    const leaf = fc.oneof(
      fc.constantFrom(
        'BOOLEAN',
        'TINYINT',
        'SMALLINT',
        'INTEGER',
        'BIGINT',
        'FLOAT',
        'DOUBLE',
        'DATE',
        'TIMESTAMP',
        'VARCHAR',
        'BLOB',
      ),
      fc.tuple(fc.integer({ min: 1, max: 38 }), fc.nat()).map(([p, s]) => `DECIMAL(${p},${s % (p + 1)})`),
    )
    const { type } = fc.letrec<{ type: string }>((tie) => ({
      type: fc.oneof(
        { depthSize: 'small' },
        leaf,
        tie('type').map((t) => `${t}[]`),
        fc.tuple(leaf, tie('type')).map(([k, v]) => `MAP(${k}, ${v})`),
        fc
          .array(fc.tuple(fc.string({ minLength: 1 }), tie('type')), { minLength: 1, maxLength: 3 })
          .map((fields) => `STRUCT(${fields.map(([n, t]) => `"${n.replaceAll('"', '""')}" ${t}`).join(', ')})`),
      ),
    }))
    fc.assert(
      fc.property(type, (text) => {
        const delta = deltaType(text)
        expect(delta === null ? null : duckdbType(delta)).toBe(text)
      }),
    )
  })

  it.each(['HUGEINT', 'UBIGINT', 'TIME', 'INTERVAL', 'INTEGER[3]', 'STRUCT(a HUGEINT)', 'MAP(VARCHAR)'])(
    'cannot hold %s, and says in which column',
    (type) => {
      expect(() => formatSchema([{ name: 'bad "one"', type, ...plain }])).toThrow(/Column “bad "one"” has the type/)
    },
  )

  it('cannot hold two names that differ only in case', () => {
    const columns = ['Id', 'ID'].map((name) => ({ name, type: 'BIGINT', ...plain }))
    expect(() => formatSchema(columns)).toThrow(/“Id” and “ID”/)
  })

  it.each([
    '',
    '{}',
    '"string"',
    '{"type":"struct"}',
    '{"type":"struct","fields":[{"name":1}]}',
    '{"type":"struct","fields":[{"name":"a"}]}',
  ])('that is damaged is refused: %s', (text) => {
    expect(() => parseSchema(text)).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ code: 'delta.invalid_schema' }) }),
    )
  })

  it('with a type that is not supported names the column', () => {
    expect(() => parseSchema('{"type":"struct","fields":[{"name":"v","type":"variant"}]}')).toThrow(
      /“v” has the type variant/,
    )
  })
})
