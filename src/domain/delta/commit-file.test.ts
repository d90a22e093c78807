import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toErrorData } from '@/domain/errors'
import type { Action } from './actions'
import { formatCommit, parseCommit } from './commit-file'

const file = 'gold/t/_delta_log/00000000000000000000.json'

/** An entry as Spark writes it: nulls for absent options, fields and actions that Goldsmith does not know. */
const sparkEntry = [
  '{"commitInfo":{"timestamp":1700000000000,"operation":"WRITE","operationParameters":{"mode":"Append","partitionBy":"[]"},"isolationLevel":"Serializable","isBlindAppend":true,"operationMetrics":{"numFiles":"1","numOutputRows":"2","numOutputBytes":"700"},"engineInfo":"Apache-Spark/3.5.0 Delta-Lake/3.1.0","txnId":"a"}}',
  '{"metaData":{"id":"b","name":null,"format":{"provider":"parquet","options":{}},"schemaString":"{\\"type\\":\\"struct\\",\\"fields\\":[]}","partitionColumns":[],"configuration":{},"createdTime":1}}',
  '{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}',
  '{"domainMetadata":{"domain":"x","configuration":"{}","removed":false}}',
  '{"add":{"path":"part-0.parquet","partitionValues":{},"size":700,"modificationTime":2,"dataChange":true,"stats":null,"clusteringProvider":"liquid"}}',
  '',
].join('\r\n')

function problemOf(text: string) {
  try {
    parseCommit(text, file)
  } catch (error) {
    return toErrorData(error)
  }
  throw new Error('parsed')
}

describe('a log entry', () => {
  it('is read as Spark writes it, without what is unknown', () => {
    expect(parseCommit(sparkEntry, file)).toEqual([
      {
        commitInfo: {
          timestamp: 1700000000000,
          operation: 'WRITE',
          operationParameters: { mode: 'Append', partitionBy: '[]' },
          operationMetrics: { numFiles: '1', numOutputRows: '2', numOutputBytes: '700' },
          isBlindAppend: true,
          engineInfo: 'Apache-Spark/3.5.0 Delta-Lake/3.1.0',
          txnId: 'a',
        },
      },
      {
        metaData: {
          id: 'b',
          format: { provider: 'parquet', options: {} },
          schemaString: '{"type":"struct","fields":[]}',
          partitionColumns: [],
          configuration: {},
          createdTime: 1,
        },
      },
      { protocol: { minReaderVersion: 1, minWriterVersion: 2 } },
      { add: { path: 'part-0.parquet', partitionValues: {}, size: 700, modificationTime: 2, dataChange: true } },
    ])
  })

  it('may hold anything in commitInfo', () => {
    const [action] = parseCommit('{"commitInfo":{"timestamp":"soon","operationMetrics":{"num_rows":3,"x":null}}}', file)
    expect(action).toEqual({
      commitInfo: { operation: 'UNKNOWN', operationParameters: {}, operationMetrics: { num_rows: '3', x: 'null' } },
    })
  })

  it('that is cut short names its file and line', () => {
    const cut = sparkEntry.slice(0, sparkEntry.indexOf('"add"') + 30)
    expect(problemOf(cut)).toMatchObject({ code: 'delta.invalid_log', file, line: 5 })
  })

  it('names the field that has the wrong type', () => {
    const problem = problemOf('\n{"add":{"path":7,"size":1,"modificationTime":1,"dataChange":true}}')
    expect(problem).toMatchObject({ code: 'delta.invalid_log', line: 2 })
    expect(problem.message).toContain('add.path')
  })

  it.each(['[]', '3', 'null', '{"protocol":null}', '{"txn":{"appId":"a"}}', '{"remove":"x"}'])('refuses %s', (line) => {
    expect(problemOf(line)).toMatchObject({ code: 'delta.invalid_log', line: 1 })
  })

  it('is read back as it was written, whatever the names and values hold', () => {
    const anyText = fc.string({ unit: 'grapheme' })
    const values = fc.dictionary(anyText, fc.option(anyText))
    const add = fc.record({
      path: anyText,
      partitionValues: values,
      size: fc.nat(),
      modificationTime: fc.nat(),
      dataChange: fc.boolean(),
      stats: anyText,
    })
    const remove = fc.record({ path: anyText, dataChange: fc.boolean(), partitionValues: values, size: fc.nat() })
    const txn = fc.record({ appId: anyText, version: fc.maxSafeInteger() })
    const action: fc.Arbitrary<Action> = fc.oneof(fc.record({ add }), fc.record({ remove }), fc.record({ txn }))
    fc.assert(
      fc.property(fc.array(action), (actions) => {
        const text = formatCommit(actions)
        expect(text.split('\n')).toHaveLength(actions.length + 1)
        expect(parseCommit(text, file)).toEqual(actions)
      }),
    )
  })
})
