import { useEffect, useRef, useState } from 'react'
import type { ErrorData } from '@/domain/automation'
import { type Arrangement, isStored, stored } from '@/domain/result/arrangement'
import type { ResultInfo } from '@/store/contract'
import { settle } from '@/store/loadable'
import { useActions } from './store-context'

export interface Arranged {
  /** All rows, as stored. */
  result: ResultInfo
  /** What was asked for. */
  arrangement: Arrangement
  /** What is shown: the last arrangement that was made. */
  rows: ResultInfo
  busy: boolean
  error: ErrorData | null
  onArrange(arrangement: Arrangement): void
}

/** A result as the user wants it arranged. What was shown before stays until the engine has the next arrangement. */
export function useArranged(result: ResultInfo): Arranged {
  const { arrange, closeResult } = useActions()
  const [arrangement, setArrangement] = useState(stored)
  const [rows, setRows] = useState(result)
  const [pending, setPending] = useState<{ busy: boolean; error: ErrorData | null }>(idle)
  /** The arrangement that the engine holds for these rows, to be closed when another is shown. */
  const held = useRef<string | null>(null)

  useEffect(() => {
    const show = (next: ResultInfo) => {
      if (held.current !== null) closeResult(held.current)
      held.current = next.id === result.id ? null : next.id
      setRows(next)
      setPending(idle)
    }
    if (isStored(arrangement)) return show(result)
    const controller = new AbortController()
    setPending({ busy: true, error: null })
    void settle(arrange(result.id, arrangement, controller.signal)).then((arranged) => {
      if (controller.signal.aborted) {
        if (arranged.status === 'ready') closeResult(arranged.value.id)
      } else if (arranged.status === 'ready') show(arranged.value)
      else if (arranged.status === 'error') setPending({ busy: false, error: arranged.error })
    })
    return () => controller.abort()
  }, [result, arrangement, arrange, closeResult])

  useEffect(
    () => () => {
      if (held.current !== null) closeResult(held.current)
    },
    [closeResult],
  )
  return { result, arrangement, rows, ...pending, onArrange: setArrangement }
}

const idle = { busy: false, error: null }
