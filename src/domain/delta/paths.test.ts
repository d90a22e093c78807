import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addPath, dataFileName, dataFilePath, type PartitionEntry, tableFolder } from './paths'

const uuid = '6f1e2c1a-8d55-4a53-9c1f-0d5a8a3a9d10'
const anyText = fc.string({ unit: 'binary' })
const partition: fc.Arbitrary<PartitionEntry[]> = fc.array(fc.record({ column: anyText, value: fc.option(anyText) }), {
  maxLength: 3,
})

describe('the path of a data file', () => {
  it('is Hive-style', () => {
    const partitions = [
      { column: 'year', value: '2011' },
      { column: 'month', value: '3' },
    ]
    expect(dataFileName(partitions, 7, uuid)).toBe(`year=2011/month=3/part-00007-${uuid}.zstd.parquet`)
    expect(dataFileName([], 0, uuid)).toBe(`part-00000-${uuid}.zstd.parquet`)
  })

  it('escapes what folders cannot hold, then what URIs cannot hold', () => {
    const name = dataFileName([{ column: 'c', value: 'a:b/c d%é' }], 0, uuid)
    expect(name).toBe(`c=a%3Ab%2Fc d%25é/part-00000-${uuid}.zstd.parquet`)
    expect(addPath(name)).toBe(`c=a%253Ab%252Fc%20d%2525%C3%A9/part-00000-${uuid}.zstd.parquet`)
  })

  it('has a folder of its own for NULL, and for the empty text, which Delta takes for NULL', () => {
    for (const value of [null, '']) {
      expect(dataFileName([{ column: 'c', value }], 0, uuid)).toMatch(/^c=__HIVE_DEFAULT_PARTITION__\//)
    }
  })

  it('is the same after encoding and decoding', () => {
    fc.assert(
      fc.property(partition, (partitions) => {
        const name = dataFileName(partitions, 0, uuid)
        expect(dataFilePath(addPath(name))).toBe(name)
        expect(addPath(name)).toMatch(/^[\x21-\x7e]+$/)
      }),
    )
  })

  it('has one folder for each partition column, with a name that every file system can hold', () => {
    fc.assert(
      fc.property(partition, (partitions) => {
        const folders = dataFileName(partitions, 0, uuid).split('/').slice(0, -1)
        expect(folders).toHaveLength(partitions.length)
        for (const folder of folders) {
          expect(new TextEncoder().encode(folder).length).toBeLessThanOrEqual(120)
          // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
          expect(folder).not.toMatch(/[\u0000-\u001f\\:*?"<>|/]|[. ]$/)
        }
      }),
    )
  })

  it.each(['é'.repeat(200), '🌍'.repeat(200), '/'.repeat(200)])(
    'is shortened for a value of 200 characters',
    (value) => {
      const folder = (text: string) => dataFileName([{ column: 'country', value: text }], 0, uuid).split('/')[0] ?? ''
      expect(new TextEncoder().encode(folder(value)).length).toBeLessThanOrEqual(120)
      expect(folder(value)).toMatch(/^country=.+~[0-9a-f]{8}$/)
      expect(folder(`${value}1`)).not.toBe(folder(`${value}2`))
      expect(folder(value)).not.toMatch(/%(?![0-9A-F]{2})/)
    },
  )
})

describe('the folder of a table', () => {
  it('is its name, schema first', () => {
    expect(tableFolder('gold.fact_sales')).toBe('gold/fact_sales')
    expect(tableFolder('gold.fact_sales__quarantine')).toBe('gold/fact_sales__quarantine')
  })

  it.each([
    ['gold.a/b', 'gold/a%2Fb'],
    ['gold...', 'gold/%2E%2E'],
    ['.temporary', '%2Etemporary'],
    ['gold._delta_log', 'gold/%5Fdelta_log'],
  ])('of %s is %s, inside the store', (table, folder) => {
    expect(tableFolder(table)).toBe(folder)
  })

  it('differs for long names that differ', () => {
    const long = (end: string) => tableFolder(`gold.${'é'.repeat(300)}${end}`)
    expect(long('1')).not.toBe(long('2'))
    expect(new TextEncoder().encode(long('1').slice('gold/'.length)).length).toBeLessThanOrEqual(120)
  })
})
