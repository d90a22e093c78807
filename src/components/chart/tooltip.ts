import type { ChartColors } from './use-chart-colors'

/** Names and values come from files: as text they are harmless, as tooltip HTML they would not be. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

export function tooltipStyle(colors: ChartColors) {
  return {
    backgroundColor: colors.surface,
    borderColor: colors.line,
    textStyle: { color: colors.text, fontSize: 12 },
    confine: true,
    transitionDuration: 0,
  }
}

/** A tooltip's first line. */
export function tooltipTitle(title: string): string {
  return `<b>${escapeHtml(shortened(title))}</b>`
}

/** A name and its exact value, after a mark of the given colour. */
export function tooltipLine(color: string | null, name: string, value: string): string {
  const mark =
    color === null
      ? ''
      : `<span style="display:inline-block;width:8px;height:8px;border-radius:2px;margin-right:6px;background:${color}"></span>`
  return `<div style="display:flex;justify-content:space-between;gap:20px"><span>${mark}${escapeHtml(shortened(name))}</span><b style="font-variant-numeric:tabular-nums">${escapeHtml(value)}</b></div>`
}

/** A mark's name and what is known of it, one line each. */
export function tooltipFacts(title: string, facts: [name: string, value: string][]): string {
  return [tooltipTitle(title), ...facts.map(([name, value]) => tooltipLine(null, name, value))].join('')
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
