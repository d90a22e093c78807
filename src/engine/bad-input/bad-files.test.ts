import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LoadedEngine } from '@/testing/loaded-engine'
import { dropped, fixture, parquetBytes, renamed, SILVER_ROWS, VanishingFile } from '@/testing/parquet-files'

let page: LoadedEngine
beforeAll(async () => {
  page = await LoadedEngine.open()
}, 60_000)
afterAll(() => page.close())

describe('a file that is no Parquet', () => {
  const cases: [name: string, content: BlobPart, code: string, says: string][] = [
    ['an empty file', '', 'parquet.empty', '0 bytes'],
    ['a CSV file with another name', 'order_id,quantity\n1,2\n', 'parquet.not_parquet', 'CSV'],
    ['an HTML page', '<!DOCTYPE html><html><title>Sign in</title></html>', 'parquet.not_parquet', 'HTML'],
    ['JSON', '[{"order_id": 1}]', 'parquet.not_parquet', 'JSON'],
    ['a gzip file', new Uint8Array(gzipSync('order_id')), 'parquet.not_parquet', 'gzip'],
    ['random bytes', Uint8Array.of(7, 0, 255, 3, 9, 200, 0, 1, 2, 3, 4, 5, 6), 'parquet.not_parquet', 'not a Parquet'],
    ['nothing but the magic', 'PAR1', 'parquet.truncated', '4 bytes'],
    ['the magic at both ends and nothing between', 'PAR1\0\0\0\0PAR1', 'parquet.corrupt_footer', 'footer'],
    [
      'a footer that claims to be longer than the file',
      'PAR1\u007f\u007f\u007f\u007fPAR1',
      'parquet.corrupt_footer',
      'footer',
    ],
  ]
  it.each(cases)('%s is refused by name', async (_, content, code, says) => {
    const error = await page.refuses([dropped('orders.parquet', content)])
    expect(error.code).toBe(code)
    expect(error.message).toContain(says)
    await page.stillWorks()
  })
})

describe('an encrypted file', () => {
  it.each(['encrypted-footer', 'encrypted-columns'])('%s is refused as such', async (name) => {
    expect((await page.refuses([dropped('customers.parquet', fixture(`${name}.parquet`))])).code).toBe(
      'parquet.encrypted',
    )
    await page.stillWorks()
  })
})

describe('columns that do not fit the contract', () => {
  const cases: [what: string, sql: string, code: string, says: string[]][] = [
    ['no rows', `${SILVER_ROWS.orders} LIMIT 0`, 'source.no_rows', ['no rows']],
    [
      'a missing column',
      `SELECT * EXCLUDE (quantity) FROM (${SILVER_ROWS.orders})`,
      'source.missing_column',
      ['quantity', 'INTEGER'],
    ],
    [
      'text where a number must be',
      `SELECT * REPLACE (quantity::VARCHAR AS quantity) FROM (${SILVER_ROWS.orders})`,
      'source.column_type',
      ['quantity', 'VARCHAR', 'INTEGER'],
    ],
    [
      'text where a date must be',
      `SELECT * REPLACE (order_date::VARCHAR AS order_date) FROM (${SILVER_ROWS.orders})`,
      'source.column_type',
      ['order_date', 'VARCHAR', 'DATE'],
    ],
    [
      'a struct where a number must be',
      `SELECT * REPLACE ({'a': quantity} AS quantity) FROM (${SILVER_ROWS.orders})`,
      'source.column_type',
      ['quantity', 'STRUCT'],
    ],
    [
      'a price of 1e12',
      `SELECT * REPLACE (if(order_id = 13, 1e12, unit_price::DOUBLE) AS unit_price) FROM (${SILVER_ROWS.orders})`,
      'source.value',
      ['unit_price', '1000000000000', 'DECIMAL(10,2)', 'row 13 '],
    ],
    [
      'a price with a third decimal',
      `SELECT * REPLACE (if(order_id = 2, 1.005, 1)::DECIMAL(12,3) AS unit_price) FROM (${SILVER_ROWS.orders})`,
      'source.value',
      ['unit_price', '1.005', 'row 2 '],
    ],
    [
      'a quantity beyond 32 bits',
      `SELECT * REPLACE (if(order_id = 20, 3000000000, 1) AS quantity) FROM (${SILVER_ROWS.orders})`,
      'source.value',
      ['quantity', '3000000000', 'row 20 '],
    ],
    [
      'a price that is not a number',
      `SELECT * REPLACE (if(order_id = 5, 'nan', '1')::DOUBLE AS unit_price) FROM (${SILVER_ROWS.orders})`,
      'source.value',
      ['unit_price', 'nan', 'row 5 '],
    ],
    [
      'a time of day where a date must be',
      `SELECT * REPLACE (order_date::TIMESTAMP + INTERVAL 1 SECOND AS order_date) FROM (${SILVER_ROWS.orders})`,
      'source.value',
      ['order_date', '00:00:01'],
    ],
    [
      'nanoseconds that microseconds cannot hold',
      `SELECT * REPLACE (make_timestamp_ns(epoch_ns(_updated_at) + 1) AS _updated_at) FROM (${SILVER_ROWS.orders})`,
      'source.value',
      ['_updated_at', '.123456001'],
    ],
  ]
  it.each(cases)('%s is an error that says where', async (_, sql, code, says) => {
    const error = await page.refuses([dropped('silver/orders.parquet', await parquetBytes(sql))])
    expect(error.code).toBe(code)
    for (const part of says) expect(error.message).toContain(part)
    await page.stillWorks()
  })

  it('counts the row of a value that does not fit across row groups', async () => {
    const sql = `SELECT * REPLACE (if(order_id = 5000, 1e12, 1) AS unit_price, order_id AS order_id)
      FROM (${SILVER_ROWS.orders.replace('range(1, 21)', 'range(1, 6001)')})`
    const bytes = await parquetBytes(sql, 'ROW_GROUP_SIZE 2048')
    expect((await page.refuses([dropped('orders.parquet', bytes)])).message).toContain('row 5000 (row group 3)')
    await page.runsWithoutWork()
  })

  it('reports a timestamp that is out of the range of nanoseconds instead of another date', async () => {
    const error = await page.refuses([dropped('customers.parquet', fixture('int96-far.parquet'))])
    expect(error.code).toBe('source.value')
    expect(error.message).toContain('_updated_at')
    await page.stillWorks()
  })

  it('refuses two columns of one name', async () => {
    const bytes = renamed(page.good.customers, 'country', 'segment')
    const error = await page.refuses([dropped('customers.parquet', bytes)])
    expect(error.code).toBe('parquet.duplicate_column')
    expect(error.message).toContain('segment')
    await page.stillWorks()
  })

  it('refuses two columns whose names differ in case only', async () => {
    const bytes = renamed(page.good.customers, 'country', 'SEGMENT')
    expect((await page.refuses([dropped('customers.parquet', bytes)])).code).toBe('parquet.duplicate_column')
  })
})

describe('several files', () => {
  it('of two schemas for one table are refused together, with the difference', async () => {
    const other = await parquetBytes(`SELECT * REPLACE (quantity::BIGINT AS quantity) FROM (${SILVER_ROWS.orders})`)
    const error = await page.refuses([
      dropped('orders/1.parquet', page.good.orders),
      dropped('orders/2.parquet', other),
    ])
    expect(error.code).toBe('source.schema_mismatch')
    expect(error.message).toContain('orders/1.parquet')
    expect(error.message).toContain('quantity is INTEGER in one and BIGINT in the other')
    await page.stillWorks()
  })

  it.each([
    ['the last', ['1', 'bad']],
    ['the first', ['bad', '1']],
    ['one in the middle', ['1', 'bad', '2']],
  ])('of which %s cannot be read do not become a partial table', async (_, names) => {
    const part = (name: string) => `SELECT * FROM (${SILVER_ROWS.orders}) WHERE order_id % 2 = ${Number(name) - 1}`
    const files = await Promise.all(
      names.map(async (name) =>
        name === 'bad'
          ? dropped('orders/bad.parquet', page.good.orders.slice(0, -300))
          : dropped(`orders/${name}.parquet`, await parquetBytes(part(name))),
      ),
    )
    const before = await page.rows('SELECT * FROM silver.orders ORDER BY order_id')
    const report = await page.engine.api.load({ files })
    expect(report.rejected).toEqual([])
    expect(report.sources).toMatchObject([
      {
        table: 'silver.orders',
        files: files.map(({ path }) => path),
        rows: 0,
        problems: [{ code: 'parquet.truncated', file: 'orders/bad.parquet' }],
      },
    ])
    expect(report.sources[0]?.problems[0]?.message).toContain('orders/bad.parquet')
    expect(await page.rows('SELECT * FROM silver.orders ORDER BY order_id')).toEqual(before)
    const shown = (await page.engine.api.sources()).find(({ table }) => table === 'silver.orders')
    expect(shown).toMatchObject({ status: 'ready', rows: 20, problems: report.sources[0]?.problems })
    await page.stillWorks()
  })

  it('of which several cannot be read are all named at once', async () => {
    const report = await page.engine.api.load({
      files: [
        dropped('orders/0.parquet', 'no'),
        dropped('orders/1.parquet', page.good.orders),
        dropped('orders/2.parquet', page.good.orders.slice(0, -300)),
      ],
    })
    expect(report.rejected).toEqual([])
    expect(report.sources.map(({ problems }) => problems.map(({ code, file }) => [code, file]))).toEqual([
      [
        ['parquet.not_parquet', 'orders/0.parquet'],
        ['parquet.truncated', 'orders/2.parquet'],
      ],
    ])
    await page.stillWorks()
  })

  it('of which one is damaged inside its pages leave what was loaded', async () => {
    const damaged = new Uint8Array(page.good.orders)
    damaged.fill(0, 200, 300)
    const error = await page.refuses([
      dropped('orders/1.parquet', page.good.orders),
      dropped('orders/2.parquet', damaged),
    ])
    expect(error.code).toMatch(/^parquet\./)
    await page.stillWorks()
  })

  it('of which one is dropped twice count once', async () => {
    const report = await page.engine.api.load({
      files: [dropped('orders.parquet', page.good.orders), dropped('orders (1).parquet', page.good.orders)],
    })
    expect(report.rejected.map(({ file, error }) => [file, error.code])).toEqual([
      ['orders (1).parquet', 'source.duplicate_file'],
    ])
    expect(report.sources.map(({ table, rows }) => [table, rows])).toEqual([['silver.orders', 20]])
    await page.stillWorks()
  })

  it('of one size that differ only in their pages are not taken for the same file', async () => {
    const wide = `SELECT * REPLACE (repeat(chr(48 + (i % 70)::INT), 40) AS order_number), i FROM (
      SELECT o.*, row_number() OVER () AS i FROM (${SILVER_ROWS.orders.replace('range(1, 21)', 'range(1, 80001)')}) AS o)`
    const one = await parquetBytes(wide, 'CODEC uncompressed')
    const middle = one.length >> 1
    // Somewhere in the middle a text is another one; length, footer and statistics stay.
    const two = new Uint8Array(one)
    two[middle] = (two[middle] ?? 0) === 50 ? 51 : 50
    expect(one.length).toBeGreaterThan(3 << 20)
    const report = await page.engine.api.load({
      files: [dropped('orders/1.parquet', one), dropped('orders/2.parquet', two)],
    })
    expect(report.rejected.filter(({ error }) => error.code === 'source.duplicate_file')).toEqual([])
    await page.stillWorks()
  })

  it('load although others are refused', async () => {
    const report = await page.engine.api.load({
      files: [
        dropped('orders.parquet', 'no'),
        dropped('customers.parquet', page.good.customers),
        dropped('invoices.parquet', await parquetBytes('SELECT 1 AS invoice')),
      ],
    })
    expect(report.rejected.map(({ file, error }) => [file, error.code])).toEqual([
      ['invoices.parquet', 'source.unknown_table'],
      ['orders.parquet', 'parquet.not_parquet'],
    ])
    expect(report.sources.map(({ table, rows }) => [table, rows])).toEqual([['silver.customers', 3]])
    await page.stillWorks()
  })
})

describe('a file that is no longer what was dropped', () => {
  it.each([
    ['NotFoundError', 'file.missing'],
    ['NotReadableError', 'file.changed'],
  ] as const)('ends the load with a clear error, whichever read fails with %s', async (name, code) => {
    let refused = 0
    for (let reads = 0; ; reads += 1) {
      const file = new VanishingFile(page.good.orders, 'orders.parquet', reads, name)
      const report = await page.engine.api.load({ files: [{ path: 'orders.parquet', file }] })
      const errors = [
        ...report.rejected.map(({ error }) => error),
        ...report.sources.flatMap(({ problems }) => problems),
      ]
      if (errors.length === 0) break
      expect(errors).toMatchObject([{ code, file: 'orders.parquet' }])
      expect(errors[0]?.message).toContain('orders.parquet')
      refused += 1
    }
    // Both the footer and every column's pages were read by then.
    expect(refused).toBeGreaterThan(10)
    await page.stillWorks()
  })
})

describe('hostile names', () => {
  const hostile = `it's "q" <b>&amp;</b> =cmd|'/c calc'!A1 ünïcode 数 ${'x'.repeat(200)}`

  it.each([
    ['a quoted file name', `orders/${hostile}.parquet`],
    ['a quoted folder name', `${hostile}/orders/part 1.parquet`],
  ])('%s loads', async (_, path) => {
    const report = await page.engine.api.load({ files: [dropped(path, page.good.orders)] })
    expect(report).toMatchObject({ rejected: [], sources: [{ table: 'silver.orders', rows: 20, problems: [] }] })
    await page.stillWorks()
  })

  it('is repeated in the error of a bad file', async () => {
    const error = await page.refuses([dropped(`orders/${hostile}.parquet`, 'no')])
    expect(error.code).toBe('parquet.not_parquet')
  })

  it('of columns that nothing needs are ignored', async () => {
    const names = [hostile, '', '.', 'order_id.x', '__proto__', 'constructor', 'order_id ']
    const extra = names.filter((name) => name !== '').map((name) => `1 AS "${name.replaceAll('"', '""')}"`)
    const bytes = await parquetBytes(`SELECT ${extra.join(', ')}, * FROM (${SILVER_ROWS.orders})`)
    const report = await page.engine.api.load({ files: [dropped('orders.parquet', bytes)] })
    expect(report).toMatchObject({ rejected: [], sources: [{ table: 'silver.orders', rows: 20, problems: [] }] })
    await page.stillWorks()
  })

  it('of columns do not flood the message about a missing one', async () => {
    const bytes = await parquetBytes(
      `SELECT 1 AS "${'y'.repeat(5000)}", * EXCLUDE (quantity) FROM (${SILVER_ROWS.orders})`,
    )
    expect((await page.refuses([dropped('orders.parquet', bytes)])).message.length).toBeLessThan(1000)
  })

  it('in values do not flood the message', async () => {
    const bytes = await parquetBytes(
      `SELECT * REPLACE (repeat('z', 5000)::BLOB AS order_status) FROM (${SILVER_ROWS.orders})`,
    )
    const error = await page.refuses([dropped('orders.parquet', bytes)])
    expect(error.code).toBe('source.column_type')
    expect(error.message.length).toBeLessThan(1000)
  })
})
