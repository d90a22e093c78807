import { useEffect, useRef, useState } from 'react'
import { plainText } from '@/domain/format/value'
import { copyCells, copyRefusal } from './copy-cells'
import type { FetchRows } from './row-cache'
import { type CellRange, cellCount } from './selection'
import type { CopyState } from './status-line'
import type { GridColumn } from './types'

/** Copying cells: rows that are not in the page are read first. */
export function useCopy(fetchRows: FetchRows, columns: readonly GridColumn[]) {
  const [state, setState] = useState<CopyState>({ status: 'idle' })
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  async function copy(range: CellRange, withNames: boolean) {
    const refusal = copyRefusal(range, columns)
    if (refusal !== null) return setState({ status: 'refused', reason: refusal })
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    setState({ status: 'copying' })
    try {
      await navigator.clipboard.writeText(await textOf(range, withNames, controller.signal))
      if (!controller.signal.aborted) setState({ status: 'copied' })
    } catch (thrown) {
      if (controller.signal.aborted) return
      const reason = thrown instanceof Error ? thrown.message : String(thrown)
      setState({ status: 'refused', reason: `Not copied: ${reason}` })
    }
  }

  async function textOf(range: CellRange, withNames: boolean, signal: AbortSignal): Promise<string> {
    if (cellCount(range) === 1 && !withNames) {
      // One value is wanted as it is, without a spreadsheet's quotes.
      const [row] = await fetchRows(range.top, 1, signal)
      return plainText(row?.[range.left])
    }
    const names = withNames ? columns.map(({ name }) => name) : null
    return copyCells(fetchRows, range, names, signal)
  }

  function forget() {
    running.current?.abort()
    setState({ status: 'idle' })
  }

  return { state, copy, forget }
}
