import fc from 'fast-check'
import { Compression } from 'parquet-wasm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LoadedEngine, problemsOf } from '@/testing/loaded-engine'
import { nodeCodec } from '@/testing/node-codec'
import { dropped, fixture, flipped, footerStart, parquetBytes, reencoded, SILVER_ROWS } from '@/testing/parquet-files'

let page: LoadedEngine
beforeAll(async () => {
  page = await LoadedEngine.open()
}, 60_000)
afterAll(() => page.close())

/** The code of the error that a load of the file gives, or null when it loads. */
async function errorOf(bytes: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const errors = problemsOf(await page.engine.api.load({ files: [dropped('customers.parquet', bytes)] }))
  for (const { code, message, remedy } of errors) {
    expect(code).toMatch(/^(parquet|source)\./)
    expect(message).toContain('customers.parquet')
    expect(remedy ?? '').not.toBe('')
  }
  return errors[0]?.code ?? null
}

const customers = () => page.rows('SELECT * FROM silver.customers ORDER BY customer_id')

/** What statistics can see of a table: NULLs, minimum and maximum of every column. */
const extremes = () =>
  page.rows(
    `SELECT ${['customer_id', 'customer_name', 'segment', 'country', 'created_at', '_updated_at']
      .map((name) => `count(${name}), min(${name})::VARCHAR, max(${name})::VARCHAR`)
      .join(', ')} FROM silver.customers`,
  )

describe('a truncated file', () => {
  it('is refused wherever it is cut, and what was loaded stays', { timeout: 60_000 }, async () => {
    const whole = page.good.customers
    for (let length = 0; length < whole.length; length += 1) {
      const code = await errorOf(whole.slice(0, length))
      expect(code, `cut to ${length} bytes`).toMatch(/^parquet\.(empty|not_parquet|truncated|corrupt_footer)$/)
    }
    await page.stillWorks()
  })

  it('is refused when its end is there but its middle is missing', async () => {
    const whole = page.good.customers
    const middle = footerStart(whole) >> 1
    for (const lost of [1, 8, 100]) {
      const bytes = new Uint8Array([...whole.subarray(0, middle), ...whole.subarray(middle + lost)])
      expect(await errorOf(bytes)).toMatch(/^parquet\./)
    }
    await page.stillWorks()
  })
})

describe('a file with a flipped byte', () => {
  const variants: [name: string, make: (good: Uint8Array) => Promise<Uint8Array<ArrayBuffer>>, isChecked: boolean][] = [
    ['uncompressed', () => parquetBytes(SILVER_ROWS.customers, 'CODEC uncompressed'), false],
    ['zstd', () => parquetBytes(SILVER_ROWS.customers, 'CODEC zstd'), false],
    ['snappy', async (good) => reencoded(good, Compression.SNAPPY), false],
    ['gzip, which has checksums of its own', async (good) => reencoded(good, Compression.GZIP), true],
    ['uncompressed with page checksums', async () => fixture('page-checksums.parquet'), true],
  ]

  // A byte of a page without checksum may become another value between the minimum and maximum of its column: neither
  // the format nor anything else can tell. Nor can it where the footer says a thing once, as it does of a timestamp's unit in
  // some files: one byte in ten thousand, which the fixed seed does not meet. All other damage must be seen.
  it.each(variants)(
    '%s, is an error or the same rows, but for values inside the statistics of unchecked pages',
    async (_, make, isChecked) => {
      const whole = await make(page.good.customers)
      const footer = footerStart(whole)
      expect(await errorOf(whole)).toBe(null)
      const good = await customers()
      const [[...goodExtremes] = []] = await extremes()
      const position = fc.oneof(
        fc.integer({ min: 0, max: footer - 1 }),
        fc.integer({ min: footer, max: whole.length - 1 }),
      )
      await fc.assert(
        fc.asyncProperty(position, fc.integer({ min: 1, max: 255 }), async (at, mask) => {
          if ((await errorOf(flipped(whole, at, mask))) !== null) return
          const rows = await customers()
          if (JSON.stringify(rows, plain) === JSON.stringify(good, plain)) return
          expect(at, 'rows changed by damage in the footer').toBeLessThan(footer)
          expect(isChecked, 'rows changed in a page with a checksum').toBe(false)
          const [[...now] = []] = await extremes()
          for (let column = 0; column < now.length; column += 3) {
            const [count, min, max] = now.slice(column)
            const [goodCount, goodMin, goodMax] = goodExtremes.slice(column)
            expect(count).toBe(goodCount)
            expect(String(min) >= String(goodMin)).toBe(true)
            expect(String(max) <= String(goodMax)).toBe(true)
          }
        }),
        { numRuns: 150, seed: 20240301, endOnFailure: true },
      )
      await page.stillWorks()
    },
    60_000,
  )
})

describe('a small file with one bit of its footer flipped', () => {
  it('is an error or the same rows, whichever bit it is', { timeout: 240_000 }, async () => {
    const whole = await parquetBytes(
      "SELECT DATE '2024-01-01' + i::INT AS date, 'Day ' || i AS holiday_name FROM range(5) AS t(i)",
    )
    const load = async (bytes: Uint8Array<ArrayBuffer>) =>
      problemsOf(await page.engine.api.load({ files: [dropped('holidays.parquet', bytes)] }))
    const holidays = () => page.rows('SELECT * FROM silver.holidays ORDER BY date')
    expect(await load(whole)).toEqual([])
    const good = await holidays()
    const codec = nodeCodec()
    let refused = 0
    let unharmed = 0
    for (let position = footerStart(whole); position < whole.length; position += 1) {
      // Two bits of each byte, each time others: all eight would take four times as long.
      for (const bit of [position % 8, (position + 3) % 8]) {
        const bytes = flipped(whole, position, 1 << bit)
        // What cannot even be inspected is refused; the other tests load such files.
        const isFile = await codec.inspect(new File([bytes], 'holidays.parquet'), 'holidays.parquet').then(
          () => true,
          () => false,
        )
        if (!isFile || (await load(bytes)).length > 0) {
          refused += 1
          continue
        }
        unharmed += 1
        expect(await holidays(), `bit ${bit} of byte ${position}`).toEqual(good)
      }
    }
    // Neither was the whole footer refused, nor was none of it looked at.
    expect(refused).toBeGreaterThan(100)
    expect(unharmed).toBeGreaterThan(20)
    await page.engine.api.unload({ table: 'silver.holidays' })
    await page.stillWorks()
  })
})

function plain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
