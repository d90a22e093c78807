import { afterEach, expect, it } from 'vitest'
import { MemoryFileStore } from '@/adapters/memory-files/memory-file-store'
import { openTestEngine, retailFiles, type TestEngine } from '@/testing/node-engine'

const AS_OF = '2025-12-31'
let engine: TestEngine

afterEach(() => engine.close())

async function viewOf(name: string) {
  const { datasets } = await engine.api.lineage()
  const found = datasets.find((dataset) => dataset.name === name)
  if (!found) throw new Error(`no lineage of ${name}`)
  return found
}

it('the lineage goes back to Silver, and has the contract of each table', async () => {
  engine = await openTestEngine()
  const sales = await viewOf('gold.fact_sales')
  const year = sales.columns.find(({ name }) => name === 'year')
  expect(year?.inputs).toMatchObject([{ table: 'gold_common.dim_date', column: 'year', usage: 'IDENTITY' }])
  expect(year?.sources).toEqual([{ table: 'silver.orders', column: 'order_date', usage: 'AGGREGATION' }])
  expect(sales.rowSources).toContainEqual({ table: 'silver.dates', column: 'date', usage: 'JOIN' })
  expect(sales.contract).toContain('net_revenue')
  expect(sales.contractChanges).toEqual([])
  expect((await viewOf('gold.daily_revenue_base')).contract).toBeNull()
})

it('a definition that breaks the contract of the committed version is told of before it runs', async () => {
  const files = new MemoryFileStore()
  engine = await openTestEngine({ files })
  await engine.api.loadSample({ lines: 2000 })
  await engine.api.run({ asOf: AS_OF })
  const { datasets } = await engine.api.lineage()
  expect(datasets.flatMap(({ contractChanges }) => contractChanges)).toEqual([])
  await engine.close()

  const pipeline = retailFiles().map((file) =>
    file.path.endsWith('/fact_sales.sql')
      ? {
          ...file,
          text: file.text
            .replace('order_id BIGINT NOT NULL', 'order_id STRING')
            .replace('order_id, order_number, order_date', 'order_id, order_date')
            .replace('PRIMARY KEY (order_id)', 'PRIMARY KEY (product_id)'),
        }
      : file,
  )
  engine = await openTestEngine({ files, pipeline })
  const change = { column: 'order_id', breaking: true }
  expect((await viewOf('gold.fact_sales')).contractChanges).toEqual([
    { kind: 'removed', column: 'order_number', breaking: true, before: 'order_number', after: null },
    { kind: 'retyped', ...change, before: 'BIGINT', after: 'VARCHAR' },
    { kind: 'made_nullable', ...change, before: 'NOT NULL', after: 'NULL' },
  ])
})

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const uri = expect.stringMatching(/^[a-z]+:\S+$/)
const facet = (name: string) => ({
  _producer: uri,
  _schemaURL: expect.stringMatching(
    new RegExp(`^https://openlineage\\.io/spec/facets/\\d-\\d-\\d/${name}\\.json#/\\$defs/${name}$`),
  ),
})
const SUBTYPES = {
  DIRECT: ['IDENTITY', 'TRANSFORMATION', 'AGGREGATION'],
  INDIRECT: ['JOIN', 'GROUP_BY', 'FILTER', 'SORT', 'WINDOW', 'CONDITIONAL'],
}

interface InputField {
  namespace: string
  name: string
  field: string
  transformations: { type: 'DIRECT' | 'INDIRECT'; subtype: string; description: string; masking: boolean }[]
}
interface DatasetOfEvent {
  namespace: string
  name: string
  facets: {
    schema: { fields: { name: string }[] }
    columnLineage: { fields: Record<string, { inputFields: InputField[] }>; dataset: InputField[] }
  }
}

function expectDataset(dataset: DatasetOfEvent): void {
  expect(dataset).toMatchObject({
    namespace: uri,
    name: expect.stringMatching(/^\w+\.\w+$/),
    facets: { schema: facet('SchemaDatasetFacet'), columnLineage: facet('ColumnLineageDatasetFacet') },
  })
  const { schema, columnLineage } = dataset.facets
  expect(Object.keys(columnLineage.fields)).toEqual(schema.fields.map(({ name }) => name))
  const inputFields = Object.values(columnLineage.fields).flatMap((field) => field.inputFields)
  for (const { namespace, name, field, transformations } of [...inputFields, ...columnLineage.dataset]) {
    expect([namespace, name, field]).not.toContain('')
    expect(transformations.length).toBeGreaterThan(0)
    for (const { type, subtype, description, masking } of transformations) {
      expect(SUBTYPES[type]).toContain(subtype)
      expect([typeof description, masking]).toEqual(['string', false])
    }
  }
}

interface LineageEvent {
  eventTime: string
  eventType?: string
  schemaURL: string
  run?: { runId: string }
  dataset?: DatasetOfEvent
  inputs?: { name: string }[]
  outputs?: DatasetOfEvent[]
}

it('OpenLineage events have what the specification demands, and survive JSON', async () => {
  engine = await openTestEngine()
  const defined = (await engine.api.openLineage()) as LineageEvent[]
  const { datasets } = await engine.api.lineage()
  expect(defined.map(({ dataset }) => dataset?.name)).toEqual(datasets.map(({ name }) => name))
  await engine.api.loadSample({ lines: 2000 })
  const report = await engine.api.run({ asOf: AS_OF })
  const events = (await engine.api.openLineage()) as LineageEvent[]
  expect(JSON.parse(JSON.stringify(events))).toEqual(events)
  for (const event of events) {
    expect(event).toMatchObject({ eventTime: expect.stringMatching(ISO_TIME), producer: uri, schemaURL: uri })
    for (const dataset of [...(event.dataset ? [event.dataset] : []), ...(event.outputs ?? [])]) expectDataset(dataset)
  }
  const runs = events.filter(({ run }) => run)
  expect(runs.map(({ eventType }) => eventType)).toEqual(['START', 'COMPLETE'])
  for (const { run, schemaURL } of runs) {
    expect(run?.runId).toMatch(UUID)
    expect(run?.runId).toBe(report.updateId)
    expect(schemaURL).toBe('https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent')
  }
  const end = runs.at(-1)
  expect(end?.outputs?.map(({ name }) => name)).toContain('gold.fact_sales')
  expect(end?.inputs?.map(({ name }) => name).sort()).toEqual([
    'silver.campaigns',
    'silver.customers',
    'silver.dates',
    'silver.holidays',
    'silver.orders',
    'silver.products',
    'silver.user_events',
  ])
})
