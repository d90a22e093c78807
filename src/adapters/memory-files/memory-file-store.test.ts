import { describe, expect, it } from 'vitest'
import { toErrorData } from '@/domain/errors'
import { MemoryFileStore } from './memory-file-store'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('files in memory', () => {
  it('are listed below a folder only, sorted by code unit', async () => {
    const store = new MemoryFileStore()
    for (const path of ['a/b/2', 'a/b/10', 'a/bc', 'ab/x', 'a/é=%']) await store.write(path, bytes(path))
    expect(await store.list('a')).toEqual(['b/10', 'b/2', 'bc', 'é=%'])
    expect(await store.list('a/b')).toEqual(['10', '2'])
    expect(await store.list('none')).toEqual([])
    expect(await store.list('')).toHaveLength(5)
  })

  it('keep what was written, not the caller’s buffer', async () => {
    const store = new MemoryFileStore()
    const buffer = bytes('abc')
    await store.write('a', buffer)
    buffer.fill(0)
    expect(await (await store.open('a')).text()).toBe('abc')
  })

  it('are created once', async () => {
    const store = new MemoryFileStore()
    expect(await store.createExclusive('a', bytes('1'))).toBe(true)
    expect(await store.createExclusive('a', bytes('2'))).toBe(false)
    expect(await (await store.open('a')).text()).toBe('1')
  })

  it('are gone when removed, and removing what is not there is no error', async () => {
    const store = new MemoryFileStore()
    for (const path of ['a/1', 'a/b/2', 'ab']) await store.write(path, bytes(path))
    await store.removeFolder('a')
    await store.remove('none')
    await store.removeFolder('none')
    expect(await store.list('')).toEqual(['ab'])
    const error = await store.open('a/1').catch(toErrorData)
    expect(error).toMatchObject({ code: 'storage.missing', file: 'a/1' })
    await store.removeFolder('')
    expect(await store.list('')).toEqual([])
  })

  it('let one holder of a lock work at a time, also after one that failed', async () => {
    const store = new MemoryFileStore()
    const log: string[] = []
    const work = (name: string) => async () => {
      log.push(`+${name}`)
      await new Promise((resolve) => setTimeout(resolve, 1))
      log.push(`-${name}`)
      if (name === 'a') throw new Error('a failed')
      return name
    }
    const results = await Promise.allSettled([store.withLock('x', work('a')), store.withLock('x', work('b'))])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect(log).toEqual(['+a', '-a', '+b', '-b'])
  })
})
