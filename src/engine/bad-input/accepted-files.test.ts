import { Compression } from 'parquet-wasm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LoadedEngine, problemsOf } from '@/testing/loaded-engine'
import { openTestEngine, retailFiles } from '@/testing/node-engine'
import {
  dropped,
  fixture,
  flipped,
  footerStart,
  parquetBytes,
  reencoded,
  SILVER_ROWS,
  withTimestamp,
} from '@/testing/parquet-files'

let page: LoadedEngine
let orders: unknown[][]
let customers: unknown[][]
beforeAll(async () => {
  page = await LoadedEngine.open()
  orders = await rowsOf('orders')
  customers = await rowsOf('customers')
}, 60_000)
afterAll(() => page.close())

function rowsOf(table: 'orders' | 'customers'): Promise<unknown[][]> {
  return page.rows(`SELECT * FROM silver.${table} ORDER BY ${table.slice(0, -1)}_id`)
}

async function loads(path: string, ...parts: Uint8Array<ArrayBuffer>[]): Promise<void> {
  const files = parts.map((bytes, index) => dropped(path.replace('*', String(index)), bytes))
  const report = await page.engine.api.load({ files })
  expect(report.rejected).toEqual([])
  expect(report.sources.flatMap(({ problems }) => problems)).toEqual([])
}

describe('codecs and encodings', () => {
  it.each(['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw'])(
    '%s, written by DuckDB, gives the rows',
    async (codec) => {
      await loads('orders.parquet', await parquetBytes(SILVER_ROWS.orders, `CODEC ${codec}`))
      expect(await rowsOf('orders')).toEqual(orders)
    },
  )

  it.each(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'BROTLI', 'LZ4_RAW'] as const)(
    '%s, written by Arrow, gives the rows with and without dictionaries',
    async (codec) => {
      for (const dictionary of [true, false]) {
        const bytes = reencoded(page.good.orders, Compression[codec], (builder) =>
          builder.setDictionaryEnabled(dictionary),
        )
        await loads('orders.parquet', bytes)
        expect(await rowsOf('orders')).toEqual(orders)
      }
    },
  )

  it('the second version of the format (delta encodings, data pages v2) gives the rows', async () => {
    await loads('orders.parquet', await parquetBytes(SILVER_ROWS.orders, 'PARQUET_VERSION v2'))
    expect(await rowsOf('orders')).toEqual(orders)
  })

  it('dictionaries over many pages and row groups give the rows', async () => {
    const sql = SILVER_ROWS.orders.replace('range(1, 21)', 'range(1, 20001)')
    const bytes = reencoded(await parquetBytes(sql), Compression.SNAPPY, (builder) =>
      builder.setMaxRowGroupSize(3000).setDataPageSizeLimit(512),
    )
    await loads('orders.parquet', bytes)
    const [found] = await page.rows(
      'SELECT count(*), count(DISTINCT order_id), sum(unit_price), max(order_number) FROM silver.orders',
    )
    expect(found).toEqual([20_000n, 20_000n, '250012500.00', 'N9999'])
  })
})

describe('timestamps', () => {
  it.each([
    ['local microseconds', '_updated_at'],
    ['UTC microseconds', '_updated_at::TIMESTAMPTZ'],
    ['local nanoseconds', '_updated_at::TIMESTAMP_NS'],
  ])('%s keep their instant', async (_, expression) => {
    const bytes = await parquetBytes(
      `SELECT * REPLACE (${expression} AS _updated_at) FROM (SELECT * FROM (${SILVER_ROWS.orders}))`,
    )
    await loads('orders.parquet', bytes)
    expect(await rowsOf('orders')).toEqual(orders)
  })

  it.each([
    ['local milliseconds', 'MILLISECOND', false],
    ['UTC milliseconds', 'MILLISECOND', true],
    ['UTC nanoseconds', 'NANOSECOND', true],
  ] as const)('%s keep their instant, as Arrow writes them', async (_, unit, isUtc) => {
    const milliseconds = BigInt(Date.parse('2024-01-01T10:00:00.123Z'))
    const value = unit === 'NANOSECOND' ? milliseconds * 1_000_000n : milliseconds
    await loads('customers.parquet', withTimestamp(page.good.customers, '_updated_at', { unit, isUtc, value }))
    const found = await page.rows('SELECT DISTINCT _updated_at FROM silver.customers')
    expect(found).toEqual([['2024-01-01T10:00:00.123000Z']])
  })

  it('INT96 keep their instant to the microsecond', async () => {
    await loads('customers.parquet', fixture('int96.parquet'))
    expect(await page.rows('SELECT created_at, _updated_at FROM silver.customers ORDER BY customer_id')).toEqual([
      ['2020-01-02T03:04:05.678901Z', '2024-05-06T07:08:09.123456Z'],
      ['1969-12-31T23:59:59.000001Z', '2024-05-06T07:08:09.000000Z'],
      [null, '2024-05-06T00:00:00.000001Z'],
    ])
  })

  it('dates far outside the usual range stay', async () => {
    const sql = `SELECT * REPLACE ([TIMESTAMP '0001-01-01', TIMESTAMP '9999-12-31 23:59:59.999999', NULL][customer_id] AS created_at)
      FROM (${SILVER_ROWS.customers})`
    await loads('customers.parquet', await parquetBytes(sql))
    expect(await page.rows('SELECT created_at::VARCHAR FROM silver.customers ORDER BY customer_id')).toEqual([
      ['0001-01-01 00:00:00'],
      ['9999-12-31 23:59:59.999999'],
      [null],
    ])
  })
})

describe('other writers', () => {
  it.each(['arrow-types', 'polars', 'page-checksums', 'int96'])(
    '%s gives the rows that its README lists',
    async (name) => {
      await loads('customers.parquet', fixture(`${name}.parquet`))
      const rows = await page.rows(
        'SELECT customer_id, customer_name, segment, country, created_at FROM silver.customers ORDER BY 1',
      )
      expect(rows).toEqual([
        [1n, 'Ada', 'Premium', 'UK', '2020-01-02T03:04:05.678901Z'],
        [2n, null, 'Budget', 'FR', '1969-12-31T23:59:59.000001Z'],
        [3n, 'Zoë', 'Premium', null, null],
      ])
    },
  )
})

it('text that is annotated as an enumeration stays text beyond ASCII', async () => {
  const sql = `SELECT * REPLACE ('Curaçao' AS country) FROM (${SILVER_ROWS.customers})`
  const bytes = await parquetBytes(sql)
  // DuckDB annotates with the converted type alone: UTF8 is 0 and ENUM is 4, written as zigzag numbers after the column's name.
  const at = Buffer.from(bytes).indexOf('country', footerStart(bytes), 'latin1') + 'country'.length + 1
  await loads('customers.parquet', flipped(bytes, at, 8))
  expect(await page.rows('SELECT DISTINCT country FROM silver.customers')).toEqual([['Curaçao']])
})

describe('columns', () => {
  it('in another order and another case are found by name', async () => {
    const described = await page.rows(`SELECT column_name FROM (DESCRIBE ${SILVER_ROWS.orders})`)
    const names = described.reverse().map(([name]) => `${String(name)} AS "${String(name).toUpperCase()}"`)
    await loads('orders.parquet', await parquetBytes(`SELECT ${names.join(', ')} FROM (${SILVER_ROWS.orders})`))
    expect(await rowsOf('orders')).toEqual(orders)
  })

  it('of other widths are cast', async () => {
    const sql = `SELECT * REPLACE (order_id::UINTEGER AS order_id, quantity::TINYINT AS quantity, customer_id::USMALLINT AS customer_id,
      product_id::DECIMAL(18,0) AS product_id, unit_price::DECIMAL(20,4) AS unit_price, discount::DOUBLE AS discount,
      order_date::TIMESTAMP AS order_date, _processed_date::DATE::TIMESTAMP_NS + INTERVAL 2 HOUR AS _processed_date) FROM (${SILVER_ROWS.orders})`
    await loads('orders.parquet', await parquetBytes(sql))
    expect(await rowsOf('orders')).toEqual(orders)
  })

  it('that are nested or unknown are ignored', async () => {
    const sql = `SELECT {'a': 1, 'quantity': [2, 3]} AS nested, MAP {'k': order_id} AS pairs, *, [[1], []] AS lists, 'x' AS quantity_old
      FROM (${SILVER_ROWS.orders})`
    await loads('orders.parquet', await parquetBytes(sql))
    expect(await rowsOf('orders')).toEqual(orders)
  })

  it('that are optional may be missing and are NULL then', async () => {
    await loads(
      'orders.parquet',
      await parquetBytes(`SELECT * EXCLUDE (order_number, date_id) FROM (${SILVER_ROWS.orders})`),
    )
    expect(await page.rows('SELECT count(*), count(order_number) FROM silver.orders')).toEqual([[20n, 0n]])
  })

  it('of a table that nothing reads are all there to be queried', async () => {
    const notes = { path: 'sources/notes.sql', text: 'CREATE TABLE silver.notes (a BIGINT, b STRING)' }
    const engine = await openTestEngine({ pipeline: [...retailFiles(), notes] })
    const files = [dropped('notes.parquet', await parquetBytes("SELECT 1::BIGINT AS a, 'x' AS b"))]
    expect(problemsOf(await engine.api.load({ files }))).toEqual([])
    const { id } = await engine.api.query({ sql: 'SELECT * FROM silver.notes' })
    expect(await engine.api.fetchRows({ id, offset: 0, limit: 10 })).toEqual([[1n, 'x']])
    await engine.close()
  })
})

describe('parts', () => {
  beforeAll(() => page.stillWorks())

  const part = (low: number, high: number) =>
    parquetBytes(`SELECT * FROM (${SILVER_ROWS.orders}) WHERE order_id BETWEEN ${low} AND ${high}`)

  it.each([
    'orders-*.parquet',
    'silver/orders/part-0000*.snappy.parquet',
    'export/silver.orders/date=2024-01-0*/x.parquet',
  ])('named %s are one table', async (path) => {
    await loads(path, await part(1, 7), await part(8, 8), await part(9, 20))
    expect(await rowsOf('orders')).toEqual(orders)
    await page.runsWithoutWork()
  })

  it('bring markers and checksums along, which are passed over', async () => {
    const files = [
      dropped('orders/_SUCCESS', ''),
      dropped('orders/.part-0.parquet.crc', 'crc'),
      dropped('orders/part-0.parquet', await part(1, 10)),
      dropped('orders/part-1.parquet', await part(11, 20)),
    ]
    expect(await page.engine.api.load({ files })).toMatchObject({ rejected: [], sources: [{ rows: 20, problems: [] }] })
    expect(await rowsOf('orders')).toEqual(orders)
  })

  it('of which one has no rows are one table', async () => {
    await loads('orders-*.parquet', await part(1, 20), await part(30, 40))
    expect(await rowsOf('orders')).toEqual(orders)
  })

  it('replace the table that was there', async () => {
    await loads('customers.parquet', page.good.customers)
    expect(await rowsOf('customers')).toEqual(customers)
  })
})
