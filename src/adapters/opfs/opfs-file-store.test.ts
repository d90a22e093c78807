import { describe, expect, it } from 'vitest'
import { toErrorData } from '@/domain/errors'
import { FakeOpfs, fakeLocks } from '@/testing/fake-opfs'
import { OpfsFileStore } from './opfs-file-store'
import { openTemporaryFolder } from './temporary-folder'

const bytes = (text: string) => new TextEncoder().encode(text)

async function openStore(disk = new FakeOpfs(), locks = fakeLocks()) {
  const temporary = await openTemporaryFolder(disk.directory, locks)
  return { disk, locks, temporary, store: new OpfsFileStore(disk.directory, temporary, locks) }
}

async function textOf(store: OpfsFileStore, path: string): Promise<string> {
  return (await store.open(path)).text()
}

async function namesIn(folder: FileSystemDirectoryHandle): Promise<string[]> {
  const names: string[] = []
  for await (const name of folder.keys()) names.push(name)
  return names
}

describe('files in the private file system', () => {
  it('are written, replaced, listed and removed, whatever their names hold', async () => {
    const { store } = await openStore()
    const path = 'gold/t/year=2011/c=a%3Ab é🌍 "<b>/part-0.parquet'
    await store.write(path, bytes('the first text'))
    await store.write(path, bytes('second'))
    await store.write('gold/t2/x', bytes('x'))
    expect(await textOf(store, path)).toBe('second')
    expect(await store.list('gold/t')).toEqual(['year=2011/c=a%3Ab é🌍 "<b>/part-0.parquet'])
    expect(await store.list('gold')).toEqual(['t/year=2011/c=a%3Ab é🌍 "<b>/part-0.parquet', 't2/x'])
    expect(await store.list('none/at/all')).toEqual([])
    await store.remove(path)
    await store.remove(path)
    await store.removeFolder('none/at/all')
    expect(await store.list('')).toEqual(['gold/t2/x'])
    await store.removeFolder('')
    expect(await store.list('')).toEqual([])
  })

  it('are created by one of many that try at once, in several workers', async () => {
    const first = await openStore()
    const second = await openStore(first.disk, first.locks)
    const attempts = Array.from({ length: 10 }, (_, i) =>
      (i % 2 ? first : second).store.createExclusive('a/b', bytes(`${i}`)),
    )
    const outcomes = await Promise.all(attempts)
    expect(outcomes.filter(Boolean)).toHaveLength(1)
    expect(await textOf(first.store, 'a/b')).toBe(String(outcomes.indexOf(true)))
  })

  it('that are missing have an error that says so', async () => {
    const { store } = await openStore()
    for (const path of ['gold/none/x', 'none']) {
      expect(await store.open(path).catch(toErrorData)).toMatchObject({ code: 'storage.missing', file: path })
    }
  })

  it('are whole or as before when the quota ends in the middle, and leave nothing behind', async () => {
    const { store, disk, temporary } = await openStore()
    await store.write('a', bytes('before'))
    disk.quotaBytes = 20
    for (const write of [
      store.write('a', bytes('x'.repeat(100))),
      store.createExclusive('b', bytes('x'.repeat(100))),
    ]) {
      expect(await write.catch(toErrorData)).toMatchObject({ code: 'storage.quota', remedy: expect.any(String) })
    }
    expect(await textOf(store, 'a')).toBe('before')
    expect(await store.list('')).toEqual(['a'])
    expect(await namesIn(temporary)).toEqual([])
    expect(disk.usedBytes).toBe(6)
  })

  it('that another tab holds open are left as they are', async () => {
    const { store, disk, temporary } = await openStore()
    await store.write('a', bytes('before'))
    const held = await (await disk.root.getFileHandle('a')).createSyncAccessHandle()
    expect(await store.write('a', bytes('after')).catch(toErrorData)).toMatchObject({ code: 'storage.locked' })
    held.close()
    expect(await textOf(store, 'a')).toBe('before')
    expect(await namesIn(temporary)).toEqual([])
  })

  it('cannot have the name of a folder, nor lead out of the store', async () => {
    const { store, temporary } = await openStore()
    await store.write('a/b', bytes('b'))
    for (const path of ['a', 'a/../c', '..']) {
      expect(await store.write(path, bytes('x')).catch(toErrorData)).toMatchObject({
        code: 'storage.failed',
        file: path,
      })
    }
    expect(await store.createExclusive('a', bytes('x')).catch(toErrorData)).toMatchObject({ code: 'storage.failed' })
    expect(await store.list('')).toEqual(['a/b'])
    expect(await namesIn(temporary)).toEqual([])
  })
})

describe('unfinished files', () => {
  it('of a worker that is gone are removed, those of a living one are not, and none is ever listed', async () => {
    const living = await openStore()
    await living.temporary.getFileHandle('being written', { create: true })
    const parent = await living.disk.directory.getDirectoryHandle('.temporary')
    const gone = await parent.getDirectoryHandle('a worker that crashed', { create: true })
    await gone.getFileHandle('half', { create: true })
    expect(await living.store.list('')).toEqual([])
    await living.store.removeFolder('')
    const next = await openStore(living.disk, living.locks)
    expect(await next.store.list('')).toEqual([])
    expect((await namesIn(parent)).sort()).toEqual([living.temporary.name, next.temporary.name].sort())
    expect(await namesIn(living.temporary)).toEqual(['being written'])
  })
})
