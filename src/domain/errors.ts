import type { ErrorData } from './automation'

/** An Error that carries plain error data; the only kind that use cases throw on purpose. */
export class GoldsmithError extends Error {
  override readonly name = 'GoldsmithError'
  override readonly cause: ErrorData

  constructor(data: ErrorData) {
    super(data.message)
    this.cause = data
  }
}

/** The error data inside anything that was thrown; foreign errors become `internal.unexpected`. */
export function toErrorData(thrown: unknown): ErrorData {
  if (thrown instanceof GoldsmithError) return thrown.cause
  if (thrown instanceof Error) {
    const cause: unknown = thrown.cause
    if (isErrorData(cause)) return cause
    if (thrown.name === 'AbortError') return canceled()
    return { code: 'internal.unexpected', message: thrown.message || thrown.name }
  }
  if (isErrorData(thrown)) return thrown
  return { code: 'internal.unexpected', message: String(thrown) }
}

/** What every cancelled call rejects with. */
export function canceled(): ErrorData {
  return { code: 'canceled', message: 'Canceled.' }
}

/** Throws `canceled` when the signal has aborted. */
export function throwIfCanceled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new GoldsmithError(canceled())
}

function isErrorData(value: unknown): value is ErrorData {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    'message' in value &&
    typeof value.message === 'string'
  )
}
