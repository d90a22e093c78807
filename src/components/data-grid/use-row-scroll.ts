import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { clampOffset, offsetShowing, type ScrollScale, scrollScale } from './scroll-scale'

interface RowScroll {
  scale: ScrollScale
  /** Content offset of the viewport's top, px. */
  offset: number
  /** The scroll area's own position, px. */
  scrollTop: number
  viewportHeight: number
  onScroll(): void
  showRow(row: number): void
  /** Keeps its identity. */
  toTop(): void
}

/**
 * Vertical scrolling over rows of fixed height. react-virtual measures each item, which twenty million rows do not allow;
 * fixed heights need no measuring, and positions beyond the browser's limit are scaled (see scroll-scale.ts).
 */
export function useRowScroll(
  element: RefObject<HTMLDivElement | null>,
  rowCount: number,
  rowHeight: number,
  headerHeight: number,
): RowScroll {
  const [viewportHeight, setViewportHeight] = useState(0)
  const [position, setPosition] = useState({ offset: 0, scrollTop: 0 })
  /** A scroll position that was set here, not by the user: its event must not be scaled back. */
  const ownScrollTop = useRef(-1)
  const scale = useMemo(() => scrollScale(rowCount, rowHeight, viewportHeight), [rowCount, rowHeight, viewportHeight])

  useLayoutEffect(() => {
    const target = element.current
    if (!target) return
    const measure = () => setViewportHeight(Math.max(0, target.clientHeight - headerHeight))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(target)
    return () => observer.disconnect()
  }, [element, headerHeight])

  const moveTo = useCallback(
    (wanted: number) => {
      const target = element.current
      if (!target) return
      const offset = clampOffset(wanted, scale)
      target.scrollTop = offset / scale.factor
      ownScrollTop.current = target.scrollTop
      setPosition({ offset, scrollTop: target.scrollTop })
    },
    [element, scale],
  )

  const onScroll = useCallback(() => {
    const target = element.current
    if (!target || Math.abs(target.scrollTop - ownScrollTop.current) < 1) return
    ownScrollTop.current = -1
    setPosition({ offset: clampOffset(target.scrollTop * scale.factor, scale), scrollTop: target.scrollTop })
  }, [element, scale])

  const { offset } = position
  useEffect(() => {
    const target = element.current
    if (!target || scale.factor <= 1) return
    // Scaled, one notch of the wheel would jump over hundreds of rows: move by content pixels instead.
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey || Math.abs(event.deltaY) <= Math.abs(event.deltaX)) return
      event.preventDefault()
      moveTo(offset + event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? rowHeight : 1))
    }
    target.addEventListener('wheel', onWheel, { passive: false })
    return () => target.removeEventListener('wheel', onWheel)
  }, [element, scale.factor, moveTo, offset, rowHeight])

  const showRow = useCallback(
    (row: number) => {
      const wanted = offsetShowing(row, rowHeight, viewportHeight, offset)
      if (wanted !== offset) moveTo(wanted)
    },
    [rowHeight, viewportHeight, offset, moveTo],
  )

  const toTop = useCallback(() => {
    const target = element.current
    if (!target) return
    target.scrollTop = 0
    ownScrollTop.current = 0
    setPosition({ offset: 0, scrollTop: 0 })
  }, [element])

  return { scale, ...position, viewportHeight, onScroll, showRow, toTop }
}
