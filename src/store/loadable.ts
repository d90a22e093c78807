import type { ErrorData } from '@/domain/automation'
import { toErrorData } from '@/domain/errors'

/** Something that is fetched: a view draws each of the states. */
export type Loadable<T> = { status: 'loading' } | { status: 'ready'; value: T } | { status: 'error'; error: ErrorData }

export const loading: { status: 'loading' } = { status: 'loading' }

/** Waits for the promise and never rejects. */
export async function settle<T>(promise: Promise<T>): Promise<Loadable<T>> {
  try {
    return { status: 'ready', value: await promise }
  } catch (thrown) {
    return { status: 'error', error: toErrorData(thrown) }
  }
}

/** The value when there is one, else the fallback. */
export function valueOr<T, F>(loadable: Loadable<T>, fallback: F): T | F {
  return loadable.status === 'ready' ? loadable.value : fallback
}
