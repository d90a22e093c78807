import { memo } from 'react'
import { formatValue, singleLine } from '@/domain/format/value'
import classes from './data-grid.module.css'

/** Longest text that a cell holds; the panel beside the rows shows all of it. */
const cellLength = 240

interface CellContentProps {
  value: unknown
  type: string
  masked: boolean
}

/** A value as its type wants to be read. NULL is a word of its own, empty text a mark: neither looks like the other. */
export const CellContent = memo(function CellContent({ value, type, masked }: CellContentProps) {
  if (masked) return <span className={classes.null}>masked</span>
  if (value === null || value === undefined) return <span className={classes.null}>NULL</span>
  if (value === '') return <span className={classes.null}>empty</span>
  return singleLine(formatValue(value, type), cellLength)
})
