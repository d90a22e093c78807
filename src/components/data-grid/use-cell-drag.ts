import { type PointerEvent, useEffect, useRef } from 'react'
import type { CellPlace } from './selection'

interface CellDrag {
  /** The cell under a point of the page, or the nearest one when the point is beside the rows. */
  placeAt(x: number, y: number): CellPlace
  onSelect(place: CellPlace, extend: boolean): void
}

/** Selecting with the mouse: pressing chooses a cell, dragging or Shift stretches the selection, also beyond what is visible. */
export function useCellDrag(drag: CellDrag) {
  const current = useRef(drag)
  current.current = drag
  const stop = useRef<(() => void) | null>(null)
  useEffect(() => () => stop.current?.(), [])

  return (event: PointerEvent) => {
    // A finger scrolls.
    if (event.button !== 0 || event.pointerType === 'touch') return
    const { placeAt, onSelect } = current.current
    onSelect(placeAt(event.clientX, event.clientY), event.shiftKey)
    const onMove = ({ clientX, clientY, buttons }: globalThis.PointerEvent) => {
      if ((buttons & 1) === 0) return stop.current?.()
      current.current.onSelect(current.current.placeAt(clientX, clientY), true)
    }
    const end = () => {
      removeEventListener('pointermove', onMove)
      removeEventListener('pointerup', end)
      stop.current = null
    }
    stop.current?.()
    stop.current = end
    addEventListener('pointermove', onMove)
    addEventListener('pointerup', end)
  }
}
