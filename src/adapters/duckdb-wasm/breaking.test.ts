import { describe, expect, it } from 'vitest'
import type { ErrorData } from '@/domain/automation'
import { Breaking } from './breaking'

function setUp() {
  const heard: ErrorData[] = []
  return { heard, breaking: new Breaking((error) => heard.push(error)) }
}

const failing = (message: string) => () => Promise.reject(new Error(message))

describe('an instance of DuckDB-WASM', () => {
  it.each([
    'memory access out of bounds',
    'unreachable',
    'table index is out of bounds',
    'function signature mismatch',
  ])('is lost after the trap "%s": this and all later work is refused, and it is told once', async (trap) => {
    const { breaking, heard } = setUp()
    await expect(breaking.watch(failing(trap))).rejects.toMatchObject({ cause: { code: 'engine.broken' } })
    await expect(breaking.watch(async () => 1)).rejects.toMatchObject({ cause: { code: 'engine.broken' } })
    expect(heard.map(({ code }) => code)).toEqual(['engine.broken'])
  })

  it.each([
    'Out of Memory Error: failed to allocate',
    'Binder Error: column "unreachable" not found',
    '{"exception_message":"unreachable"}',
  ])('goes on after an error of a statement: %s', async (message) => {
    const { breaking, heard } = setUp()
    await expect(breaking.watch(failing(message))).rejects.toThrow(message)
    expect(await breaking.watch(async () => 1)).toBe(1)
    expect(heard).toEqual([])
  })

  it('is lost when pointers are wrong call after call, and not when one call in between succeeds', async () => {
    const { breaking, heard } = setUp()
    const wrong = failing('offset is out of bounds')
    for (let round = 0; round < 2; round += 1) await expect(breaking.watch(wrong)).rejects.toThrow('offset')
    await breaking.watch(async () => 1)
    for (let round = 0; round < 2; round += 1) await expect(breaking.watch(wrong)).rejects.toThrow('offset')
    expect(heard).toEqual([])
    await expect(breaking.watch(wrong)).rejects.toMatchObject({ cause: { code: 'engine.broken' } })
  })

  it('whose worker ends rejects what was running, which would never be answered', async () => {
    const { breaking } = setUp()
    const running = breaking.watch(() => new Promise(() => undefined))
    breaking.report('out of memory')
    await expect(running).rejects.toMatchObject({ cause: { message: expect.stringContaining('out of memory') } })
  })
})
