/**
 * Browsers cap an element's height (about 33 million px in Chromium, 17.8 in Firefox), so a scroll area of more rows is
 * shorter than its content, and a scroll position stands for a content offset that is larger by a factor.
 */
export const maxScrollHeight = 15_000_000

export interface ScrollScale {
  /** Height of all rows, px. */
  contentHeight: number
  /** Height that the scroll area really has, px. */
  scrollHeight: number
  /** Content offset per px of scroll position; 1 while everything fits. */
  factor: number
  /** Largest content offset. */
  maxOffset: number
}

export function scrollScale(rowCount: number, rowHeight: number, viewportHeight: number): ScrollScale {
  const contentHeight = rowCount * rowHeight
  const scrollHeight = Math.min(contentHeight, maxScrollHeight)
  const maxOffset = Math.max(0, contentHeight - viewportHeight)
  const maxScroll = Math.max(0, scrollHeight - viewportHeight)
  return { contentHeight, scrollHeight, maxOffset, factor: maxScroll === 0 ? 1 : maxOffset / maxScroll }
}

export function clampOffset(offset: number, scale: ScrollScale): number {
  return Math.min(Math.max(0, offset), scale.maxOffset)
}

/** The smallest move of `offset` that makes the row fully visible. */
export function offsetShowing(row: number, rowHeight: number, viewportHeight: number, offset: number): number {
  const top = row * rowHeight
  if (top < offset) return top
  if (top + rowHeight > offset + viewportHeight) return top + rowHeight - viewportHeight
  return offset
}
