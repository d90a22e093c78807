import { describe, expect, it } from 'vitest'
import { nodeCodec } from '@/testing/node-codec'
import { fixture, flipped, footerStart, parquetBytes, renamed, SILVER_ROWS } from '@/testing/parquet-files'

const codec = nodeCodec()

async function inspected(bytes: Uint8Array<ArrayBuffer>): Promise<unknown> {
  return codec.inspect(new Blob([bytes]), 'f.parquet').catch((error: { cause: unknown }) => error.cause)
}

describe('a footer that contradicts itself', () => {
  it('about the name of a column is refused, with the place', async () => {
    const bytes = await parquetBytes(SILVER_ROWS.customers)
    const at = Buffer.from(bytes).indexOf('segment', footerStart(bytes), 'latin1')
    expect(await inspected(flipped(bytes, at, 2))).toMatchObject({
      code: 'parquet.corrupt_footer',
      message: expect.stringMatching(/row group 1, column qegment: the pages are those of segment/),
    })
  })

  it('is not seen where all of it was changed alike', async () => {
    const bytes = renamed(await parquetBytes(SILVER_ROWS.customers), 'segment', 'Segment')
    expect(await inspected(bytes)).toMatchObject({ rows: 3 })
  })
})

describe('pages', () => {
  const columns = ['customer_id', 'customer_name', 'country', 'created_at', '_updated_at']
  const decode = (bytes: Uint8Array<ArrayBuffer>) =>
    codec.decode(new Blob([bytes]), 'f.parquet', { index: 0, rows: 3 }, columns)

  it('with a checksum tell of any flipped byte in them', async () => {
    const whole = fixture('page-checksums.parquet')
    const good = await decode(whole)
    let refused = 0
    for (let at = 4; at < footerStart(whole); at += 1) {
      const outcome = await decode(flipped(whole, at, 0x10)).catch(
        (error: { cause: { code: string; message: string } }) => error.cause,
      )
      if (outcome instanceof Uint8Array) expect(outcome).toEqual(good)
      else {
        expect(outcome).toMatchObject({
          code: 'parquet.corrupt_page',
          message: expect.stringMatching(/^f\.parquet: row group 1 \(3 rows\)/),
        })
        refused += 1
      }
    }
    expect(refused).toBeGreaterThan(200)
  })

  it('are decoded again after a file that could not be', async () => {
    const whole = fixture('page-checksums.parquet')
    await expect(decode(flipped(whole, 10, 0xff))).rejects.toMatchObject({ cause: { code: 'parquet.corrupt_page' } })
    expect((await decode(whole)).length).toBeGreaterThan(0)
  })

  it('of columns that are not there are an error, not fewer columns', async () => {
    const whole = new Blob([fixture('int96.parquet')])
    await expect(
      codec.decode(whole, 'f.parquet', { index: 0, rows: 3 }, ['customer_id', 'nope']),
    ).rejects.toMatchObject({ cause: { code: 'parquet.corrupt_page' } })
    await expect(codec.decode(whole, 'f.parquet', { index: 1, rows: 3 }, columns)).rejects.toMatchObject({
      cause: { code: 'parquet.corrupt_page' },
    })
    await expect(codec.decode(whole, 'f.parquet', { index: 0, rows: 4 }, columns)).rejects.toMatchObject({
      cause: { message: expect.stringContaining('3 rows') },
    })
  })
})
