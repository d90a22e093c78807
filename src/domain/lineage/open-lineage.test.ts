import { expect, it } from 'vitest'
import { openLineageEvents } from './open-lineage'

const FACT = {
  lineage: {
    name: 'gold.fact',
    columns: [
      {
        name: 'total',
        expression: 'CASE WHEN a > 1 THEN a * b END',
        inputs: [
          { table: 'silver.t', column: 'a', usage: 'TRANSFORMATION' as const, offset: 3 },
          { table: 'silver.t', column: 'b', usage: 'TRANSFORMATION' as const, offset: 7 },
          { table: 'silver.t', column: 'a', usage: 'CONDITIONAL' as const, offset: 9 },
          { table: 'silver.unknown', column: '*', usage: 'IDENTITY' as const, offset: 9 },
        ],
      },
      { name: 'n', expression: 'COUNT(*)', inputs: [] },
    ],
    rowInputs: [{ table: 'silver.t', column: 'c', usage: 'FILTER' as const, offset: 20 }],
  },
  columns: [
    { name: 'total', type: 'DECIMAL(15,2)', comment: 'a times b' },
    { name: 'n', type: null, comment: null },
  ],
}
const OPTIONS = {
  project: 'my shop',
  producer: 'urn:goldsmith:1.0.0',
  now: new Date('2024-02-29T12:00:00Z'),
  datasets: [FACT],
  run: null,
}
const RUN = {
  id: '3f5e83fa-3480-44ff-99c5-ff943904e5e8',
  status: 'completed' as const,
  startedAt: new Date('2024-02-29T11:00:00Z'),
  endedAt: new Date('2024-02-29T11:00:05Z'),
  outputs: ['gold.fact'],
}

it('a dataset is an event with its schema and the ways in which each column is used', () => {
  const producer = 'urn:goldsmith:1.0.0'
  const input = { namespace: 'goldsmith://my%20shop', name: 'silver.t' }
  const way = { description: 'CASE WHEN a > 1 THEN a * b END', masking: false }
  expect(openLineageEvents(OPTIONS)).toEqual([
    {
      eventTime: '2024-02-29T12:00:00.000Z',
      producer,
      schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/DatasetEvent',
      dataset: {
        namespace: 'goldsmith://my%20shop',
        name: 'gold.fact',
        facets: {
          schema: {
            _producer: producer,
            _schemaURL: 'https://openlineage.io/spec/facets/1-1-1/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet',
            fields: [{ name: 'total', type: 'DECIMAL(15,2)', description: 'a times b' }, { name: 'n' }],
          },
          columnLineage: {
            _producer: producer,
            _schemaURL:
              'https://openlineage.io/spec/facets/1-2-0/ColumnLineageDatasetFacet.json#/$defs/ColumnLineageDatasetFacet',
            fields: {
              total: {
                inputFields: [
                  {
                    ...input,
                    field: 'a',
                    transformations: [
                      { type: 'DIRECT', subtype: 'TRANSFORMATION', ...way },
                      { type: 'INDIRECT', subtype: 'CONDITIONAL', ...way },
                    ],
                  },
                  { ...input, field: 'b', transformations: [{ type: 'DIRECT', subtype: 'TRANSFORMATION', ...way }] },
                ],
              },
              n: { inputFields: [] },
            },
            dataset: [
              {
                ...input,
                field: 'c',
                transformations: [{ type: 'INDIRECT', subtype: 'FILTER', description: '', masking: false }],
              },
            ],
          },
        },
      },
    },
  ])
})

it('a run starts, and ends as it did, with the tables that it read and made', () => {
  const ends = (['completed', 'failed', 'canceled'] as const).map((status) => {
    const [, start, end] = openLineageEvents({ ...OPTIONS, run: { ...RUN, status } })
    expect(start).toMatchObject({ eventType: 'START', eventTime: '2024-02-29T11:00:00.000Z', outputs: [] })
    expect(end).toMatchObject({
      schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
      eventTime: '2024-02-29T11:00:05.000Z',
      run: { runId: RUN.id },
      job: { namespace: 'goldsmith://my%20shop', name: 'my shop' },
      inputs: [{ namespace: 'goldsmith://my%20shop', name: 'silver.t' }, { name: 'silver.unknown' }],
      outputs: [{ name: 'gold.fact', facets: { columnLineage: {} } }],
    })
    return end?.eventType
  })
  expect(ends).toEqual(['COMPLETE', 'FAIL', 'ABORT'])
})
