import { afterEach, describe, expect, it } from 'vitest'
import { MemoryFileStore } from '@/adapters/memory-files/memory-file-store'
import { toErrorData } from '@/domain/errors'
import type { FileStore } from '@/engine/ports'
import { openTestEngine, type TestEngine } from '@/testing/node-engine'
import { dropped, parquetBytes, SILVER_ROWS } from '@/testing/parquet-files'

const AS_OF = '2024-03-01'
const FACT = 'gold.fact_sales'
/** An update of the fact and of what some queries read of it; the others would only take time. */
const FEW = { asOf: AS_OF, select: ['+gold.customer_ltv_gold', '+gold.daily_revenue_metrics'] }
const opened: TestEngine[] = []

afterEach(async () => {
  for (const engine of opened.splice(0)) await engine.close()
})

async function open(files: FileStore): Promise<TestEngine> {
  const engine = await openTestEngine({ files })
  opened.push(engine)
  return engine
}

/** Loads the Silver tables with the order lines from 1 to `lines`; every tenth is one that fact_sales holds back. */
async function load({ api }: TestEngine, lines = 20): Promise<void> {
  const orders = SILVER_ROWS.orders.replace('range(1, 21)', `range(1, ${lines + 1})`)
  const files = await Promise.all(
    Object.entries({ ...SILVER_ROWS, orders }).map(async ([table, rows]) =>
      dropped(`${table}.parquet`, await parquetBytes(rows)),
    ),
  )
  const report = await api.load({ files })
  expect(report.rejected).toEqual([])
  expect(report.sources.flatMap(({ problems }) => problems)).toEqual([])
}

async function rows({ api }: TestEngine, sql: string): Promise<unknown[][]> {
  const { id } = await api.query({ sql, dialect: 'duckdb' })
  const found = await api.fetchRows({ id, offset: 0, limit: 10 })
  await api.closeResult({ id })
  return found
}

/** Update ids of the table's and its quarantine's current versions, and how many rows both have together. */
async function together(files: FileStore, engine: TestEngine) {
  const ids = await Promise.all(
    [FACT, `${FACT}__quarantine`].map(async (table) => {
      const folder = `lakehouse/${table.replace('.', '/')}/_delta_log`
      const last = (await files.list(folder)).at(-1)
      const log = await (await files.open(`${folder}/${last}`)).text()
      return /updateId\\":\\"([^\\"]+)/.exec(log)?.[1]
    }),
  )
  const [counts] = await rows(
    engine,
    `SELECT (SELECT count(*) FROM ${FACT})::INT + (SELECT count(*) FROM ${FACT}__quarantine)::INT`,
  )
  return { ids, rows: counts?.[0] }
}

/** Tells of every log entry that is created, before its writer goes on. */
class WatchedFileStore extends MemoryFileStore {
  onCreated: (path: string) => Promise<void> | void = () => undefined

  override async createExclusive(path: string, bytes: Uint8Array): Promise<boolean> {
    const created = await super.createExclusive(path, bytes)
    await this.onCreated(path)
    return created
  }
}

/** A store that takes its time to open data files. */
class SlowFileStore extends MemoryFileStore {
  delayMs = 0

  override async open(path: string): Promise<Blob> {
    if (path.endsWith('.parquet')) await new Promise((resolve) => setTimeout(resolve, this.delayMs))
    return super.open(path)
  }
}

describe('side by side', () => {
  it('an update and a query that read the same stored table read it once', async () => {
    const files = new SlowFileStore()
    const before = await open(files)
    await load(before, 300)
    await before.api.run(FEW)
    files.delayMs = 40
    const engine = await open(files)
    await load(engine, 300)
    const building = new Promise<void>((resolve) => {
      engine.api.subscribe((event) => {
        if (event.type === 'update.dataset' && event.dataset.status === 'building') resolve()
      })
    })
    const select = ['gold.customer_ltv_gold']
    const update = engine.api.run({ asOf: AS_OF, select, fullRefresh: select })
    await building
    const counted = await rows(engine, `SELECT count(*) > 0 FROM ${FACT}`)
    expect(counted).toEqual([[true]])
    expect(await update).toMatchObject({ status: 'completed' })
  })

  it('an export as CSV and queries after a reload all get their rows', async () => {
    const files = new SlowFileStore()
    const before = await open(files)
    await load(before)
    await before.api.run(FEW)
    files.delayMs = 40
    const { api } = await open(files)
    const [zip, query, table] = await Promise.all([
      api.exportGold({ format: 'csv' }),
      api.query({ sql: `SELECT * FROM ${FACT}` }),
      api.openTable({ table: FACT }),
    ])
    expect(zip.size).toBeGreaterThan(1000)
    expect(query.rows).toBe(table.rows)
  })

  it('a query never sees a Silver table missing while another is loaded in its place', async () => {
    const engine = await open(new MemoryFileStore())
    await load(engine)
    let isLoading = true
    const counts = new Set<unknown>()
    const asking = (async () => {
      while (isLoading) counts.add((await rows(engine, 'SELECT count(*)::INT FROM silver.orders'))[0]?.[0])
    })()
    for (const lines of [30, 20, 30, 20, 30]) await load(engine, lines)
    isLoading = false
    await asking
    expect([...counts].every((count) => count === 20 || count === 30)).toBe(true)
  })

  it('a query over a view does not change the view that an update reads', async () => {
    const engine = await open(new MemoryFileStore())
    await load(engine)
    await engine.api.run({ asOf: AS_OF })
    const before = engine.database.statements.length
    const asked: Promise<unknown>[] = []
    engine.api.subscribe((event) => {
      if (event.type !== 'update.dataset' || event.dataset.name !== 'gold.daily_revenue_base') return
      if (event.dataset.status === 'completed') asked.push(rows(engine, 'SELECT 1 FROM gold.daily_revenue_base'))
    })
    const update = await engine.api.run({ asOf: AS_OF, fullRefresh: 'all' })
    expect(update.status).toBe('completed')
    await Promise.all(asked)
    expect(asked).toHaveLength(1)
    const definitions = engine.database.statements
      .slice(before)
      .filter((sql) => sql.startsWith('CREATE OR REPLACE VIEW "gold"."daily_revenue_base"'))
    expect(definitions).toHaveLength(1)
  })
})

describe('a table and its quarantine', () => {
  it('are those of one update when the update is canceled between their commits', async () => {
    const files = new WatchedFileStore()
    const engine = await open(files)
    await load(engine)
    await engine.api.run(FEW)
    await load(engine, 40)
    const controller = new AbortController()
    files.onCreated = (path) => {
      if (path.includes('fact_sales__quarantine')) controller.abort()
    }
    const update = await engine.api.run(FEW, { signal: controller.signal })
    expect(update.status).toBe('canceled')
    const { ids } = await together(files, await open(files))
    expect(ids[0]).toBe(ids[1])
  })

  it('are those of one update when two tabs build them from different files', async () => {
    const files = new WatchedFileStore()
    const [slow, fast] = [await open(files), await open(files)]
    await load(slow)
    await load(fast, 100)
    let release = () => {}
    const waiting = new Promise<void>((resolve) => {
      release = resolve
    })
    const reached = new Promise<void>((resolve) => {
      files.onCreated = (path) => {
        if (!path.includes('fact_sales__quarantine')) return
        files.onCreated = () => undefined
        resolve()
        return waiting
      }
    })
    const first = slow.api.run(FEW)
    await reached
    const second = fast.api.run(FEW)
    // The other tab gets as far as it can while this one stands between its two commits.
    await new Promise((resolve) => setTimeout(resolve, 500))
    release()
    await Promise.all([first, second])
    const { ids } = await together(files, await open(files))
    expect(ids[0]).toBe(ids[1])
  })

  it('are built again when a crash left a quarantine of another update', async () => {
    const files = new WatchedFileStore()
    const engine = await open(files)
    await load(engine)
    await engine.api.run(FEW)
    await load(engine, 40)
    files.onCreated = (path) => {
      if (path.includes('fact_sales__quarantine')) throw new Error('the tab is gone')
    }
    await engine.api.run(FEW)
    files.onCreated = () => undefined
    const again = await open(files)
    await load(again)
    const update = await again.api.run(FEW)
    expect(update.datasets.find(({ name }) => name === FACT)).toMatchObject({
      plan: 'full',
      reason: 'its quarantine is not that of the same update',
    })
    const { ids, rows: both } = await together(files, again)
    expect(ids[0]).toBe(ids[1])
    const kept = "SELECT count(*)::INT FROM silver.orders WHERE order_status <> 'cancelled'"
    expect([[both]]).toEqual(await rows(again, kept))
  })
})

describe('the rows of an opened table', () => {
  it('are never those of another version: its result says that it is over', async () => {
    const engine = await open(new MemoryFileStore())
    await load(engine)
    await engine.api.run(FEW)
    const { id, rows: announced } = await engine.api.openTable({ table: FACT })
    expect(await engine.api.fetchRows({ id, offset: 0, limit: 100 })).toHaveLength(announced)
    await load(engine, 40)
    await engine.api.run(FEW)
    const after = await engine.api.fetchRows({ id, offset: 0, limit: 100 }).catch(toErrorData)
    expect(after).toMatchObject({ code: 'result.closed' })
  })
})

describe('an update that is canceled while it stores', () => {
  it('leaves no file that no version names', async () => {
    const controller = new AbortController()
    let stored = 0
    const files = new (class extends MemoryFileStore {
      override async write(path: string, bytes: Uint8Array): Promise<void> {
        await super.write(path, bytes)
        if (!path.includes('/fact_sales')) return
        stored += 1
        controller.abort()
      }
    })()
    const engine = await open(files)
    await load(engine)
    const update = await engine.api.run(FEW, { signal: controller.signal })
    expect(update.status).toBe('canceled')
    expect(stored).toBeGreaterThan(0)
    expect(await files.list('lakehouse/gold/fact_sales')).toEqual([])
    expect(await files.list('lakehouse/gold/fact_sales__quarantine')).toEqual([])
  })
})

describe('a version whose commit was reported as failed', () => {
  it('keeps its files: it may exist all the same', async () => {
    let fail = false
    const files = new (class extends MemoryFileStore {
      override async createExclusive(path: string, bytes: Uint8Array): Promise<boolean> {
        const created = await super.createExclusive(path, bytes)
        if (fail && path.includes('/fact_sales/')) throw new Error('The answer got lost.')
        return created
      }
    })()
    const engine = await open(files)
    await load(engine)
    fail = true
    expect(await engine.api.run({ asOf: AS_OF, select: [`+${FACT}`] })).toMatchObject({ status: 'failed' })
    fail = false
    const later = await open(files)
    const [[count] = []] = await rows(later, `SELECT count(*) FROM ${FACT}`)
    expect(Number(count)).toBeGreaterThan(0)
  })
})
