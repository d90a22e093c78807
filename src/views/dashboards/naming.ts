import { type Decimal, decimalToNumber, decimalToString, roundDecimal } from '@/domain/format/decimal'
import { formatCompact, formatMoney, formatPercent, groupDigits } from '@/domain/format/number'
import { type DimensionName, dimensions, type MeasureFormat } from '@/store/dashboards/definition'
import { nullKey } from '@/store/dashboards/filter'

/** A group's name for reading: months without their day. */
export function keyName(dimension: DimensionName, key: string | null, names?: Map<string, string>): string {
  const { kind, unknown } = dimensions[dimension]
  if (key === null || key === nullKey) return unknown
  return names?.get(key) ?? (kind === 'month' ? key.slice(0, 7) : key)
}

/** A measure's exact value; a dash for NULL. */
export function exactText(value: Decimal | null, format: MeasureFormat, currency: string | null): string {
  if (value === null) return '–'
  switch (format) {
    case 'money':
      return formatMoney(value, currency)
    case 'percent':
      return formatPercent(value, 2)
    case 'count':
    case 'number':
      return groupDigits(decimalToString(value))
  }
}

/** A measure's value as a label beside a mark: large ones are rounded; empty for NULL. */
export function shortText(value: Decimal | null, format: MeasureFormat): string {
  if (value === null) return ''
  const near = Math.abs(decimalToNumber(value))
  switch (format) {
    case 'percent':
      return formatPercent(value, 0)
    case 'money':
      return near < 100 ? groupDigits(decimalToString(value)) : formatCompact(decimalToNumber(value))
    case 'count':
      return near < 100_000 ? groupDigits(decimalToString(value)) : formatCompact(decimalToNumber(value))
    case 'number':
      return groupDigits(decimalToString(value))
  }
}

/** A measure's value in a cell of a heatmap, whose title says the unit. */
export function cellText(value: Decimal | null, format: MeasureFormat): string {
  if (value === null) return ''
  return format === 'percent'
    ? formatPercent(value, 0).replace(' %', '')
    : formatCompact(decimalToNumber(roundDecimal(value, 0)))
}

/** A figure that stands alone. */
export function figureText(value: Decimal | null, format: MeasureFormat, currency: string | null): string {
  return value !== null && format === 'percent' ? formatPercent(value, 1) : exactText(value, format, currency)
}

/** A value of the axis. */
export function axisText(value: number, format: MeasureFormat): string {
  return format === 'percent' ? `${formatCompact(value * 100)} %` : formatCompact(value)
}
