import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { type DialectDatabase, openDialectDatabase } from '@/testing/dialect-database'

let db: DialectDatabase
beforeAll(async () => {
  db = await openDialectDatabase()
})

const T = "(VALUES (1, 10, 'a'), (2, 30, 'a'), (3, NULL, 'b'), (4, 20, 'b')) AS t(id, v, g)"

describe('queries', () => {
  it.each<[sql: string, rows: (string | null)[][]]>([
    [`SELECT v FROM ${T} ORDER BY v`, [[null], ['10'], ['20'], ['30']]],
    [`SELECT v FROM ${T} ORDER BY v DESC`, [['30'], ['20'], ['10'], [null]]],
    [`SELECT v FROM ${T} ORDER BY v ASC NULLS LAST LIMIT 2 OFFSET 1`, [['20'], ['30']]],
    [`SELECT g, sum(v) AS s FROM ${T} GROUP BY g HAVING sum(v) > 25 ORDER BY ALL`, [['a', '40']]],
    [
      `SELECT g, count(*) FROM ${T} GROUP BY ALL ORDER BY 1`,
      [
        ['a', '2'],
        ['b', '2'],
      ],
    ],
    [
      `SELECT g, sum(v) FROM ${T} GROUP BY ROLLUP (g) ORDER BY g`,
      [
        [null, '60'],
        ['a', '40'],
        ['b', '20'],
      ],
    ],
    [`SELECT id FROM ${T} QUALIFY row_number() OVER (PARTITION BY g ORDER BY v DESC) = 1 ORDER BY id`, [['2'], ['4']]],
    ['WITH a AS (SELECT 1 AS x), b(y) AS (SELECT x + 1 FROM a) SELECT * FROM a CROSS JOIN b', [['1', '2']]],
    ['SELECT 1 AS x UNION ALL SELECT 1 UNION ALL SELECT 2 ORDER BY x DESC LIMIT 2', [['2'], ['1']]],
    ['SELECT 1 UNION SELECT 1', [['1']]],
    ['SELECT 1 EXCEPT SELECT 2', [['1']]],
    [
      'SELECT * FROM VALUES (1, 2), (3, 4) ORDER BY col1 DESC',
      [
        ['3', '4'],
        ['1', '2'],
      ],
    ],
    ["SELECT * EXCEPT (b) FROM VALUES (1, 'x') AS v(a, b)", [['1']]],
    ['SELECT explode(array(1, 2)) AS x', [['1'], ['2']]],
    [
      `SELECT explode(sequence(DATE '2024-02-28', CAST('2024-03-01' AS DATE), INTERVAL 1 DAY)) AS d`,
      [['2024-02-28'], ['2024-02-29'], ['2024-03-01']],
    ],
    [
      'SELECT a, x FROM VALUES (1, array(7, 8)), (2, array()) AS t(a, l) LATERAL VIEW explode(l) e AS x ORDER BY x',
      [
        ['1', '7'],
        ['1', '8'],
      ],
    ],
    [
      'SELECT a, x FROM VALUES (1, array(7)), (2, NULL) AS t(a, l) LATERAL VIEW OUTER explode(l) e AS x ORDER BY a',
      [
        ['1', '7'],
        ['2', null],
      ],
    ],
    ['SELECT x FROM explode(array(3, 4)) AS t(x)', [['3'], ['4']]],
    ['SELECT id FROM range(3)', [['0'], ['1'], ['2']]],
    [`SELECT t.id FROM ${T} LEFT SEMI JOIN (SELECT 2 AS id) AS s ON s.id = t.id`, [['2']]],
    [`SELECT t.id FROM ${T} LEFT ANTI JOIN (SELECT 2 AS id) AS s ON s.id = t.id ORDER BY 1`, [['1'], ['3'], ['4']]],
    [
      `SELECT a.id FROM ${T.replace('t(', 'a(')} JOIN ${T.replace('t(', 'b(')} USING (id) WHERE a.v <=> b.v ORDER BY 1`,
      [['1'], ['2'], ['3'], ['4']],
    ],
    [`SELECT id FROM ${T} WHERE v IS DISTINCT FROM 10 AND g IN ('a') AND id BETWEEN 1 AND 3`, [['2']]],
    [`SELECT id FROM ${T} WHERE (v > 15) IS NOT TRUE ORDER BY id`, [['1'], ['3']]],
    [
      `SELECT id FROM ${T} WHERE NOT EXISTS (SELECT 1 FROM (SELECT 1 AS one) WHERE one = id) AND id IN (SELECT 2)`,
      [['2']],
    ],
    [`SELECT sum(v) OVER w FROM ${T} WINDOW w AS (ORDER BY id) ORDER BY id`, [['10'], ['40'], ['40'], ['60']]],
    ["SELECT CASE WHEN 1 > 2 THEN 'a' WHEN 2 > 1 THEN 'b' END, CASE 3 WHEN 3 THEN 'c' ELSE 'd' END", [['b', 'c']]],
    ["SELECT 'it''s', 'a\\'b', \"dq\", 'back\\\\slash', r'\\d'", [["it's", "a'b", 'dq', 'back\\slash', '\\d']]],
    [
      "SELECT 'a_c' LIKE 'a\\\\_c', 'abc' LIKE 'a\\\\_c', 'abc' NOT LIKE 'a%', 'ABC' ILIKE 'a%', 'a%' LIKE 'a!%' ESCAPE '!'",
      [['true', 'false', 'false', 'true', 'true']],
    ],
    [
      "SELECT DATE '2024-01-31' + INTERVAL 1 MONTH, DATE '2024-01-31' - INTERVAL '2' DAY, DATE '2024-01-31' + 1, DATE '2024-01-31' - 1",
      [['2024-02-29', '2024-01-29', '2024-02-01', '2024-01-30']],
    ],
    ["SELECT TIMESTAMP '2024-01-31 10:00:00' + INTERVAL 1 DAY", [['2024-02-01 10:00:00']]],
    [
      'SELECT CAST(2.7 AS INT), CAST(-2.7 AS BIGINT), CAST(CAST(2.9 AS DOUBLE) AS INT), CAST(2.345 AS DECIMAL(9,2))',
      [['2', '-2', '2', '2.35']],
    ],
    [
      "SELECT CAST(CAST('12345678901234567.9' AS DECIMAL(20,1)) AS BIGINT), CAST(true AS INT), CAST('-7' AS INT)",
      [['12345678901234567', '1', '-7']],
    ],
    [
      "SELECT TRY_CAST('x' AS INT), TRY_CAST('2.5' AS INT), TRY_CAST('2024-13-01' AS DATE), '12'::INT",
      [[null, null, null, '12']],
    ],
    [
      'SELECT 10 - 3 - 2, 10 - (3 - 2), 2 + 3 * 4, (2 + 3) * 4, -2 * 3, NOT true OR true, 7 % 4 * 2',
      [['5', '9', '14', '20', '-6', 'true', '6']],
    ],
    ['SELECT 1L, 1.5D, 1e1, .5', [['1', '1.5', '10', '0.5']]],
    ['SELECT 1 IN (1, NULL), 2 NOT IN (1, NULL), NULL AND false', [['true', null, 'false']]],
    [`SELECT (SELECT max(id) FROM ${T}) AS m`, [['4']]],
    [`SELECT DISTINCT g FROM ${T} ORDER BY g`, [['a'], ['b']]],
  ])('%s', async (sql, rows) => {
    expect(await db.spark(sql)).toEqual(rows)
  })

  it('raises where a CAST cannot convert', async () => {
    await expect(db.spark("SELECT CAST('x' AS INT)")).rejects.toThrow()
    await expect(db.spark("SELECT CAST('2.5' AS INT)")).rejects.toThrow('Cannot cast')
    await expect(db.spark("SELECT CAST('2024-13-01' AS DATE)")).rejects.toThrow()
    await expect(db.spark('SELECT CAST(300 AS TINYINT)')).rejects.toThrow()
  })

  it('answers any text, however broken, with a translation or an error that has a place', () => {
    const words = fc.constantFrom(
      ...[
        'SELECT',
        'a',
        'FROM',
        't',
        '(',
        ')',
        ',',
        '*',
        "'x'",
        '1',
        'CASE',
        'WHEN',
        'THEN',
        'END',
        'OVER',
        'ORDER BY',
        '`',
        "'",
      ],
      ...[
        'JOIN',
        'ON',
        'WITH',
        'AS',
        'explode(',
        'INTERVAL',
        'DAY',
        'LATERAL',
        'VIEW',
        'VALUES',
        '/',
        '-',
        '.',
        ';',
        ':as_of',
        '[',
        ']',
      ],
      ...[
        'count(',
        'sum(',
        'cast(',
        'IN',
        'UNION',
        'struct(',
        'x ->',
        'GROUP BY',
        'ALL',
        'PIVOT',
        'USING',
        'DATE',
        'NOT',
        'LIKE',
        'TRUE',
      ],
    )
    fc.assert(
      fc.property(fc.array(words, { maxLength: 14 }), (list) => {
        const sql = `SELECT ${list.join(' ')}`
        const result = db.dialect.analyzeQuery(sql, { asOf: '2024-01-01', defaultSchema: 'gold' })
        if ('error' in result) expect(result.error).toMatchObject({ line: 1, column: expect.any(Number) })
        else expect(result.duckdbSql).toMatch(/^(\(*SELECT|WITH)/)
      }),
      { numRuns: 2000 },
    )
  })

  it('keeps names with quotes and keywords as they are', async () => {
    expect(await db.spark('SELECT `a"b;--` AS `select` FROM (SELECT 1 AS `a"b;--`)')).toEqual([['1']])
  })

  it('parses what is nested as deep as people write', async () => {
    const deep = `${'('.repeat(20)}1${')'.repeat(20)}`
    const chain = Array.from({ length: 300 }, () => '1').join(' + ')
    const conditions = Array.from({ length: 300 }, (_, i) => `id <> ${i + 10}`).join(' AND ')
    expect(await db.spark(`SELECT ${deep}, ${chain} FROM ${T} WHERE ${conditions} LIMIT 1`)).toEqual([['1', '300']])
    const union = Array.from({ length: 300 }, () => 'SELECT 1').join(' UNION ALL ')
    expect(await db.spark(`SELECT count(*) FROM (${union})`)).toEqual([['300']])
    const tooDeep = db.dialect.analyzeQuery(`SELECT ${'('.repeat(60)}1${')'.repeat(60)}`, { asOf: '2024-01-01' })
    expect(tooDeep).toMatchObject({ error: { code: 'sql.too_deep', line: 1 } })
  })
})

describe('analysis', () => {
  const analyze = (sql: string) => {
    const result = db.dialect.analyzeQuery(sql, { asOf: '2024-01-01', defaultSchema: 'Gold', catalog: 'main' })
    if ('error' in result) throw new Error(result.error.message)
    return result
  }

  it('finds the tables that come from outside, in full, with their places', () => {
    const sql =
      "WITH o AS (SELECT 'é😀' AS e FROM Silver.Orders) SELECT * FROM o JOIN `fact` f JOIN main.gold.x JOIN LIVE.y"
    const { tables } = analyze(sql)
    expect(tables.map((t) => t.name)).toEqual(['silver.orders', 'gold.fact', 'gold.x', 'gold.y'])
    expect(tables.map((t) => sql.slice(t.offset, t.offset + 4).toLowerCase())).toEqual(['silv', '`fac', 'main', 'live'])
  })

  it('knows a WITH name only inside its query', () => {
    expect(analyze('SELECT * FROM (WITH a AS (SELECT 1) SELECT * FROM a) JOIN a').tables.map((t) => t.name)).toEqual([
      'gold.a',
    ])
  })

  it('finds columns and the use of the business date', () => {
    expect(analyze('SELECT a, t.B FROM t WHERE c > 1').columnNames).toEqual(['a', 'b', 'c', 't'])
    expect(analyze('SELECT * FROM t').columnNames).toContain('*')
    expect(analyze('SELECT count(*) FROM t').columnNames).toEqual([])
    expect(analyze('WITH a AS (SELECT b FROM t) SELECT * FROM a').columnNames).toEqual(['b'])
    expect(analyze('SELECT a FROM t').usesAsOf).toBe(false)
    expect(analyze('SELECT a FROM t WHERE d < :as_of').usesAsOf).toBe(true)
  })

  it('describes the latest row per key, with a placeholder for it', async () => {
    const found = analyze(`
      WITH o AS (SELECT id, upper(g) AS g FROM silver.orders AS x
        QUALIFY row_number() OVER (PARTITION BY x.ID ORDER BY _updated_at DESC, p ASC NULLS LAST) = 1),
      c AS (SELECT * FROM silver.customers QUALIFY ROW_NUMBER() OVER (PARTITION BY a, b ORDER BY u) = 1)
      SELECT * FROM o JOIN c ON o.id = c.id`)
    expect(found.latestPerKey).toEqual([
      {
        placeholder: '"__latest_0"',
        table: 'silver.orders',
        keys: ['id'],
        orderBy: [
          { column: '_updated_at', descending: true, nullsFirst: false },
          { column: 'p', descending: false, nullsFirst: false },
        ],
      },
      {
        placeholder: '"__latest_1"',
        table: 'silver.customers',
        keys: ['a', 'b'],
        orderBy: [{ column: 'u', descending: false, nullsFirst: true }],
      },
    ])
    expect(found.duckdbSql).toContain('QUALIFY')
    expect(found.reducedSql).not.toContain('QUALIFY')
    expect(found.reducedSql?.split('WHERE "__latest_0"')).toHaveLength(2)
    expect(found.reducedSql?.split('WHERE "__latest_1"')).toHaveLength(2)
  })

  it('gives the same rows by the placeholder as by QUALIFY', async () => {
    await db.rows(
      "CREATE TABLE memory.main.dup AS SELECT * FROM (VALUES (1, 1, 'old'), (1, 2, 'new'), (2, 1, 'only')) AS t(k, u, v)",
    )
    const sql = 'SELECT v FROM dup QUALIFY row_number() OVER (PARTITION BY k ORDER BY u DESC) = 1'
    const { duckdbSql, reducedSql } = db.translate(sql)
    const older = 'rowid NOT IN (SELECT a.rowid FROM dup a JOIN dup b ON a.k = b.k AND a.u < b.u)'
    const expected = [['new'], ['only']]
    expect((await db.rows(duckdbSql)).sort()).toEqual(expected)
    expect((await db.rows((reducedSql ?? '').replace('"__latest_0"', older))).sort()).toEqual(expected)
  })

  it.each([
    'SELECT a FROM t WHERE b > 1 QUALIFY row_number() OVER (PARTITION BY a ORDER BY b) = 1',
    'SELECT a, count(*) OVER () AS n FROM t QUALIFY row_number() OVER (PARTITION BY a ORDER BY b) = 1',
    'SELECT DISTINCT a FROM t QUALIFY row_number() OVER (PARTITION BY a ORDER BY b) = 1',
    'SELECT a FROM t JOIN u USING (a) QUALIFY row_number() OVER (PARTITION BY a ORDER BY b) = 1',
    'SELECT a FROM t QUALIFY row_number() OVER (PARTITION BY a ORDER BY b) = 2',
    'SELECT a FROM t QUALIFY rank() OVER (PARTITION BY a ORDER BY b) = 1',
    'SELECT a FROM t QUALIFY row_number() OVER (PARTITION BY a + 1 ORDER BY b) = 1',
    'SELECT a FROM t QUALIFY row_number() OVER (PARTITION BY a ORDER BY b) = 1 LIMIT 3',
    'SELECT explode(a) AS x FROM t QUALIFY row_number() OVER (PARTITION BY a ORDER BY b) = 1',
    'WITH t AS (SELECT 1 AS a) SELECT a FROM t QUALIFY row_number() OVER (PARTITION BY a ORDER BY a) = 1',
  ])('sees no latest row per key in %s', (sql) => {
    expect(analyze(sql)).toMatchObject({ latestPerKey: [], reducedSql: null })
  })
})

describe('expressions and types', () => {
  it('translates a condition', () => {
    const result = db.dialect.analyzeExpression('net > 0 AND `cust omer` IS NOT NULL', { asOf: '2024-01-01' })
    expect(result).toEqual({
      duckdbSql: '(("net" > 0) AND ("cust omer" IS NOT NULL))',
      columnNames: ['cust omer', 'net'],
    })
  })

  it.each([
    ['a > 0 FROM t', 'sql.unsupported_syntax'],
    ['a, b', 'sql.syntax'],
    ['a AS b', 'sql.syntax'],
    ['*', 'sql.syntax'],
    ['a >', 'sql.syntax'],
    ['1; DROP TABLE x', 'sql.syntax'],
    ["'never closed", 'sql.syntax'],
    ["a = '\\u0041'", 'sql.unsupported_syntax'],
  ])('refuses %s as an expression', (sql, code) => {
    expect(db.dialect.analyzeExpression(sql, { asOf: '2024-01-01' })).toMatchObject({ error: { code } })
  })

  it.each([
    ['SELECT a\nFROM t WHERE (', 2, 14],
    ["SELECT 'é😀', b c d FROM t", 1, 19],
    ['SELECT a[0] FROM t', 1, 8],
    ["SELECT '😀',\n b, FROM t", 2, 3],
    ['SELECT sum(a, ) FROM t', 1, 13],
    ['SELECT * FROM t TABLESAMPLE (10 PERCENT)', 1, 15],
    ['SELECT * FROM t PIVOT (sum(x) FOR y IN (1))', 1, 15],
    ['SELECT * FROM STREAM(t)', 1, 15],
    ['WITH RECURSIVE x AS (SELECT 1) SELECT * FROM x', 1, 16],
    ['SELECT 1 UNION SELECT 2 INTERSECT SELECT 2', 1, 25],
    ['DELETE FROM t', 1, 1],
    ['SELECT * FROM a.b.t', 1, 15],
    ['SELECT 1; SELECT 2', 1, 1],
    ['SELECT INTERVAL 1 FORTNIGHT', 1, 8],
  ])('says where %j cannot be understood', (sql, line, column) => {
    const result = db.dialect.analyzeQuery(sql, { asOf: '2024-01-01' })
    if (!('error' in result)) throw new Error(result.duckdbSql)
    expect(result.error.remedy).toMatch(/\S/)
    expect([result.error.message, result.error.line, result.error.column]).toEqual([result.error.message, line, column])
  })

  it.each([
    ['STRING', 'VARCHAR'],
    ['bigint', 'BIGINT'],
    ['INT', 'INTEGER'],
    ['DECIMAL(15, 2)', 'DECIMAL(15,2)'],
    ['DECIMAL', 'DECIMAL(10,0)'],
    ['TIMESTAMP', 'TIMESTAMP'],
    ['TIMESTAMP_NTZ', 'TIMESTAMP'],
    ['BOOLEAN', 'BOOLEAN'],
    ['DOUBLE', 'DOUBLE'],
    ['FLOAT', 'FLOAT'],
    ['DATE', 'DATE'],
    ['ARRAY<STRING>', 'VARCHAR[]'],
    ['STRUCT<a: INT, b: STRING>', 'STRUCT("a" INTEGER, "b" VARCHAR)'],
    ['MAP<STRING, INT>', 'MAP(VARCHAR, INTEGER)'],
    ['BINARY', 'BLOB'],
  ])('knows the type %s', (spark, duckdb) => {
    expect(db.dialect.dataType(spark)).toBe(duckdb)
  })

  it.each(['WIBBLE', '', 'VARCHAR(10)', 'INT); DROP TABLE x; --'])('refuses the type %j', (type) => {
    expect(db.dialect.dataType(type)).toMatchObject({ error: { remedy: expect.any(String) } })
  })
})
